import * as fc from 'fast-check';
import { findChunks } from '../../../src/engine/boundaries/chunk-plan';
import { checkHead } from '../../../src/engine/records/head';
import { bytesSource, dataStartOf, format, runChunked, runWhole } from '../support/engine-run';
import { runEveryWay } from '../support/every-way';
import { fuzz, FUZZ_TIMEOUT_MS } from '../support/fuzz';

const schema = { fields: [{ name: 'a' }, { name: 'b' }] };

test.each<[string, string | Buffer, number]>([
  ['a title', 'Report of 2024\n', 1],
  ['nothing', '', 0],
  ['blank lines', '\n\r\n\n', 3],
  ['an unbalanced quote', 'the "great report\nby "Ann\n', 2],
  ['a line that looks like a record', 'x,y\n', 1],
  ['a line that looks like the header', 'a,b\n', 1],
  ['a line longer than a record may be', `${'x'.repeat(5000)}\r\n`, 1],
  ['bytes that are no text', Buffer.from([0x80, 0xff, 0, 1, 0x0a, 0xfe, 0x0a]), 2],
])('%s before the header is skipped', async (_, preamble, skipLines) => {
  const content = Buffer.concat([Buffer.from(preamble), Buffer.from('a,b\n1,2\nbad\n3,4\n')]);
  const { lines, rejectLines, rejectOffsets, counts } = await runEveryWay(content, { schema, dialect: { skipLines } });
  expect(lines).toEqual(['{"a":"1","b":"2"}', '{"a":"3","b":"4"}']);
  // Lines and offsets are those of the file.
  expect({ rejectLines, rejectOffsets }).toEqual({ rejectLines: [skipLines + 3], rejectOffsets: [content.indexOf('bad')] });
  expect(counts).toMatchObject({ commentLines: skipLines, blankLines: 0, lines: skipLines + 4, recordsRead: 3 });
});

test('a byte order mark stands before the skipped lines', async () => {
  expect((await runEveryWay('\ufeff"title\na,b\n1,2\n', { schema, dialect: { skipLines: 1 } })).lines).toEqual(['{"a":"1","b":"2"}']);
});

test('without a header the lines before the first record are skipped', async () => {
  const { lines, counts } = await runEveryWay('"title\n1,2\n3,4\n', { schema, dialect: { skipLines: 1, header: false } });
  expect(lines).toEqual(['{"a":"1","b":"2"}', '{"a":"3","b":"4"}']);
  expect(counts.commentLines).toBe(1);
});

test('a lone CR ends a skipped line where it ends a record', async () => {
  expect((await runEveryWay('"x\r"y\r\na,b\r1,2\r', { schema, dialect: { skipLines: 2, lineTerminator: '\r' } })).lines).toEqual(['{"a":"1","b":"2"}']);
});

test('a skipped line may be longer than any window', async () => {
  const source = bytesSource(`${'x"'.repeat(3_000_000)}\r\na,b\n1,2\n`);
  const fmt = format(['a', 'b'], { skipLines: 1 }, 1000);
  expect(await runWhole(source, fmt)).toMatchObject({ output: '{"a":"1","b":"2"}\n', rejects: [], commentLines: 1 });
  expect((await runChunked(source, fmt, 1_000_000)).output).toBe('{"a":"1","b":"2"}\n');
});

test.each(['', 'one line', 'one line\n', 'one line\ntwo lines', 'one line\ntwo lines\n'])('a file that has no more lines has no header: %j', async (content) => {
  const head = checkHead(bytesSource(content), format(['a', 'b'], { skipLines: 2 }));
  await expect(head).rejects.toThrow(content === '' ? 'got an empty file' : 'expected a header line with the fields a,b; the file has no record at all');
});

test('a NUL byte behind the skipped lines is data, as in any other file', async () => {
  const fmt = format(['a', 'b'], { skipLines: 1 });
  expect(await checkHead(bytesSource('\0\na,b\n1,\0\n'), fmt)).toMatchObject({ sampleRejected: 0 });
  expect(await runWhole(bytesSource('\0\na,b\n1,\0\n'), fmt)).toMatchObject({ output: '{"a":"1","b":"\\u0000"}\n', rejects: [] });
});

test('the data starts after the skipped lines, and after the header where there is one', async () => {
  const source = bytesSource('title\na,b\n1,2\n');
  expect(await checkHead(source, format(['a', 'b'], { skipLines: 1 }))).toMatchObject({ dataStart: 10, sampleRecords: 1 });
  expect(await checkHead(source, format(['a', 'b'], { skipLines: 1, header: false }))).toMatchObject({ dataStart: 6, sampleRecords: 2 });
});

test('no chunk begins within the skipped lines, and the outcome is the same at every chunk size', async () => {
  const line = fc.array(fc.constantFrom('"', ',', 'x', '""', '\\', ' ', 'é'), { maxLength: 12 }).map((parts) => parts.join(''));
  await fc.assert(fc.asyncProperty(
    fc.array(line, { minLength: 1, maxLength: 8 }), fc.integer({ min: 0, max: 5 }), fc.boolean(), fc.integer({ min: 1, max: 40 }),
    fc.constantFrom(null, '\\'),
    async (lines, skipLines, header, chunkSize, escapeChar) => {
      const source = bytesSource(lines.join('\n') + '\n');
      const fmt = format(['a', 'b'], { skipLines, header, escapeChar }, 30);
      const whole = await runWhole(source, fmt);
      const { chunks, plan, repaired, ...chunked } = await runChunked(source, fmt, chunkSize);
      expect(chunked).toEqual(whole);
      const skipped = lines.slice(0, skipLines).reduce((size, text) => size + Buffer.byteLength(text) + 1, 0);
      const [, second] = await findChunks(source, fmt, { dataStart: await dataStartOf(source, fmt), chunkSize, maxChunks: 10_000, concurrency: 4 });
      if (second !== undefined) expect(second.start).toBeGreaterThan(skipped);
    }), fuzz(1000, 'lines', 'skipLines', 'header', 'chunkSize', 'escapeChar'));
}, FUZZ_TIMEOUT_MS);
