import { ObjectKeys } from '../../src/contract/object-keys';

const FILE_ID = '0123456789abcdef'.repeat(2);
const keys = new ObjectKeys({
  processed: 'processed/', failed: 'failed/', output: 'output/', quarantine: 'quarantine/', reports: 'reports/', work: 'work/',
}, FILE_ID);

test.each(['a.csv', 'without extension', '.hidden', 'many.dots.csv', 'Zoë 😀.csv'])('keeps the name %s of a moved file', (name) => {
  expect(keys.processed(name)).toBe(`processed/${FILE_ID}/${name}`);
  expect(ObjectKeys.reportBeside(keys.failed(name))).toBe(`failed/${FILE_ID}/${name}.report.json`);
});

test.each([
  ['plain', 'x'.repeat(1010) + '.csv', /^x{900,}\.csv$/],
  ['characters of four bytes', '😀'.repeat(250) + '.csv', /^(😀){200,}\.csv$/u],
  ['no extension', 'x'.repeat(1024), /^x{900,}$/],
  ['what looks like a long extension', 'a.' + 'x'.repeat(1000), /^a\.x{900,}$/],
])('shortens a name that leaves no room for the job\'s id (%s)', (_, name, expected) => {
  expect(keys.failed(name).slice(`failed/${FILE_ID}/`.length)).toMatch(expected);
  const all = [keys.processed(name), keys.failed(name), ObjectKeys.reportBeside(keys.failed(name))];
  for (const key of all) expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1024);
});

test.each([
  ['a plan', keys.plan('t')],
  ['a manifest', keys.manifest(2, 1, 't')],
  ['the progress of rejected.csv', keys.progress('quarantine', 't')],
  ['the bytes of a merge that pauses', keys.progressBytes('key-merge', 't')],
  ['a staged text', keys.staged('t')],
  ['a shard of rejects', keys.rejectShard('chunk-0000000', 1)],
  ['a shard of keys', keys.keyShard('chunk-0000000', 1)],
  ['exclusions', keys.exclusions('chunk-0000000', 1)],
  ['a part', keys.part('2026-11-21', 3, '.jsonl')],
  ['the published manifest', keys.publishedManifest('2026-11-21')],
  ['rejected.csv', keys.rejected()],
  ['a source that was moved', keys.processed('a.csv')],
  ['a source that did not pass', keys.failed('a.csv')],
])('the key of %s tells its job', (_, key) => {
  expect(ObjectKeys.jobOf(key)).toBe(FILE_ID);
});

test.each([
  'incoming/a.csv', 'processed/', `processed/${FILE_ID}`, `output/${FILE_ID}0/part`, `output/x${FILE_ID}/part`, `output/${FILE_ID.toUpperCase()}/part`,
])('%s is of no job', (key) => {
  expect(ObjectKeys.jobOf(key)).toBeUndefined();
});

test('two tries of one step write two plans and two manifests', () => {
  expect(keys.plan('a')).not.toBe(keys.plan('b'));
  expect(keys.manifest(1, 0, 'a')).not.toBe(keys.manifest(1, 0, 'b'));
});
