import { ObjectKeys } from '../../src/contract/object-keys';

const FILE_ID = '0123456789abcdef'.repeat(2);
const keys = new ObjectKeys({
  processed: 'processed/', failed: 'failed/', output: 'output/', quarantine: 'quarantine/', reports: 'reports/', work: 'work/',
}, FILE_ID);

test.each(['a.csv', 'without extension', '.hidden', 'many.dots.csv', 'Zoë 😀.csv'])('keeps the name %s of a moved file', (name) => {
  expect(keys.processed(name)).toBe(`processed/${FILE_ID}/${name}`);
  expect(keys.failedReport(name)).toBe(`failed/${FILE_ID}/${name}.report.json`);
});

test.each([
  ['plain', 'x'.repeat(1010) + '.csv', /^x{900,}\.csv$/],
  ['characters of four bytes', '😀'.repeat(250) + '.csv', /^(😀){200,}\.csv$/u],
  ['no extension', 'x'.repeat(1024), /^x{900,}$/],
  ['what looks like a long extension', 'a.' + 'x'.repeat(1000), /^a\.x{900,}$/],
])('shortens a name that leaves no room for the job\'s id (%s)', (_, name, expected) => {
  expect(keys.failed(name).slice(`failed/${FILE_ID}/`.length)).toMatch(expected);
  for (const key of [keys.processed(name), keys.failed(name), keys.failedReport(name)]) expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1024);
});
