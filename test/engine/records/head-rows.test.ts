/** Where the header of a file stands, and what else stands before its records. */
import * as fc from 'fast-check';
import { findChunks } from '../../../src/engine/boundaries/chunk-plan';
import { compileFormat } from '../../../src/engine/format/format';
import { checkHead } from '../../../src/engine/records/head';
import { checkDialect, Dialect } from '../../../src/spec/dialect';
import { bytesSource, dataStartOf, format, runChunked, runWhole } from '../support/engine-run';
import { runEveryWay } from '../support/every-way';
import { fuzz, FUZZ_TIMEOUT_MS } from '../support/fuzz';

const schema = { fields: [{ name: 'a' }, { name: 'b' }] };
const RECORDS = '1,2\nbad\n3,4\n';
const LINES = ['{"a":"1","b":"2"}', '{"a":"3","b":"4"}'];

test.each<[string, Dialect, string, { comments: number; blanks?: number }]>([
  ['the header in row 3', { headerRows: [3] }, 'Report,2024\nby Ann\na,b\n', { comments: 2 }],
  ['blank lines are rows', { headerRows: [3] }, 'Report\n\na,b\n', { comments: 1, blanks: 1 }],
  ['comments are rows', { headerRows: [3], commentChar: '#' }, '#Report\n#\na,b\n', { comments: 2 }],
  ['a row of several lines', { headerRows: [2] }, '"Report\nby Ann\n"\na,b\n', { comments: 3 }],
  ['a row whose quote is never closed is one line', { headerRows: [2] }, '"Report\na,b\n', { comments: 1 }],
  ['row 1 is the first that can be the header', { headerRows: [1], commentChar: '#' }, '\n#x\na,b\n', { comments: 1, blanks: 1 }],
  ['rows count behind the skipped lines', { headerRows: [2], skipLines: 1 }, '"\nReport\na,b\n', { comments: 2 }],
  ['units below the header', { commentRows: [2] }, 'a,b\n[m],[kg]\n', { comments: 1 }],
  ['units below a header whose place is declared', { headerRows: [2], commentRows: [3, 4] }, 'x\na,b\n[m],[kg]\n"y\n', { comments: 3 }],
  ['a blank row below the header', { commentRows: [2, 3] }, 'a,b\n\nm,kg\n', { comments: 1, blanks: 1 }],
  ['rows above the header', { commentRows: [1, 2] }, 'a,b\nx,y\na,b\n', { comments: 2 }],
  ['a header of two rows', { headerRows: [1, 2], headerJoin: '' }, ',b\na,\n', { comments: 0 }],
  ['a header of two rows that say the same', { headerRows: [1, 2] }, 'a,b\na,b\n', { comments: 0 }],
  ['a header of two rows that do not follow one another', { headerRows: [2, 4] }, 'x\na\ny\n,b\n', { comments: 2 }],
  ['a header that is searched', { headerSearchLines: 5 }, 'Report, of\n"by Ann, b\n\na,c\na,b\n', { comments: 3, blanks: 1 }],
  ['a header in the last line that is searched', { headerSearchLines: 3 }, 'x\ny\na,b\n', { comments: 2 }],
  ['a header in the first line that is searched', { headerSearchLines: 3 }, 'a,b\n', { comments: 0 }],
  ['a search behind skipped lines', { headerSearchLines: 2, skipLines: 2 }, 'a,b\na,b\nx\na,b\n', { comments: 3 }],
  ['a search past a quote that would hold the header', { headerSearchLines: 4 }, '"Report\na,b\n', { comments: 1 }],
  ['a search past bytes that are no text', { headerSearchLines: 4 }, 'x\xff"y"\n"x"y\na,b\n', { comments: 2 }],
  ['a search past a line longer than a record may be', { headerSearchLines: 2 }, `${'x'.repeat(5000)}\na,b\n`, { comments: 1 }],
  ['sep= before the header', {}, 'sep=,\na,b\n', { comments: 1 }],
  ['sep= in quotes, in capitals, with CRLF', {}, '"SEP=,"\r\na,b\n', { comments: 1 }],
  ['sep= before units', { commentRows: [1, 3] }, 'sep=,\na,b\nm,kg\n', { comments: 2 }],
  ['sep= where the header is searched', { headerSearchLines: 2 }, 'sep=,\na,b\n', { comments: 1 }],
  ['sep= as row 1', { headerRows: [2] }, 'sep=,\na,b\n', { comments: 1 }],
  ['sep= as a skipped line', { skipLines: 1 }, 'sep=,\na,b\n', { comments: 1 }],
])('%s', async (_, dialect, head, { comments, blanks = 0 }) => {
  checkDialect(dialect);
  for (const mark of ['', '\ufeff']) {
    const content = Buffer.concat([Buffer.from(mark), Buffer.from(head, 'latin1'), Buffer.from(RECORDS)]);
    const { lines, rejectLines, rejectOffsets, counts } = await runEveryWay(content, { schema, dialect });
    expect(lines).toEqual(LINES);
    // Lines and offsets are those of the file.
    const physical = head.split('\n').length - 1;
    expect({ rejectLines, rejectOffsets }).toEqual({ rejectLines: [physical + 2], rejectOffsets: [content.indexOf('bad')] });
    expect(counts).toMatchObject({ commentLines: comments, blankLines: blanks, lines: physical + 3, recordsRead: 3 });
    const report = await checkHead(bytesSource(content), compileFormat({ schema, dialect, maxRecordSize: 1000 }));
    expect(report).toEqual({ columns: ['a', 'b'], dataStart: content.length - RECORDS.length, sampleRecords: 3, sampleRejected: 1, wholeRecords: 3, sampleBytes: RECORDS.length, hasLongRecord: false });
  }
});

test('rows before the records of a file without a header are skipped', async () => {
  const { lines, counts } = await runEveryWay(`a,b\n[m],"x\ny"\n${RECORDS}`, { schema, dialect: { header: false, commentRows: [1, 2] } });
  expect(lines).toEqual(LINES);
  expect(counts).toMatchObject({ commentLines: 3, recordsRead: 3 });
});

test('without a header, sep= may be data', async () => {
  expect((await runEveryWay('sep=,\n1,2\n', { schema, dialect: { header: false } })).lines).toEqual(['{"a":"sep=","b":null}', LINES[0]]);
  expect((await runEveryWay('sep=;\n', { schema: { fields: [{ name: 'a' }] }, dialect: { header: false, delimiter: ';', quoteChar: null } })).counts.recordsRead).toBe(1);
});

test('the parts of a column\'s name are joined; empty ones, and repeated ones, are left out', async () => {
  const content = 'Amount,,Date,Date,\nEUR,USD,from,to,note\nEUR,,,,\n1,2,3,4,5\n';
  const fields = ['Amount_EUR', 'USD', 'Date_from', 'Date_to', 'note'].map((name) => ({ name }));
  expect((await runEveryWay(content, { schema: { fields }, dialect: { headerRows: [1, 2, 3], headerJoin: '_' } })).lines)
    .toEqual(['{"Amount_EUR":"1","USD":"2","Date_from":"3","Date_to":"4","note":"5"}']);
});

test('a header found by its names may be in any order, with other columns', async () => {
  const given = { schema: { ...schema, fieldsMatch: 'subset' as const }, dialect: { headerSearchLines: 10, delimiter: ';' } };
  expect((await runEveryWay('Export of a;x\n\nb;;a;x\n2;y;1;z\n', given)).lines).toEqual([LINES[0]]);
});

test('a header may be further away than the sample reaches', async () => {
  const source = bytesSource(`${'x'.repeat(99)}\n`.repeat(5000) + 'a,b\n1,2\n');
  const fmt = format(['a', 'b'], { headerRows: [5001] });
  expect(await checkHead(source, fmt)).toMatchObject({ dataStart: 500_004, columns: ['a', 'b'] });
  expect((await runChunked(source, fmt, 100_000)).output).toBe(`${LINES[0]}\n`);
});

test.each<[string, Dialect, string, string]>([
  ['a header row that is blank', { headerRows: [2] }, 'x\n\na,b\n', 'with the fields a,b; row 2, which is a header row, is a blank line'],
  ['a header row that is a comment', { headerRows: [2], commentChar: '#' }, 'x\n#a,b\n', 'row 2, which is a header row, is a comment'],
  ['a header row that is broken', { headerRows: [2] }, 'x\n"a,b\n', 'row 2, which is a header row, is broken: a quote is opened and never closed'],
  ['a header row behind the end', { headerRows: [2, 4] }, 'a\nb\nc\n', 'row 4 is a header row, and the file has 3 rows'],
  ['nothing but rows that are skipped', { commentRows: [1, 2] }, 'x\n', 'the file has no record at all'],
  ['another header in its row', { headerRows: [2] }, 'x\na,c\n', 'field 2 of the header is not "b"'],
  ['no name in its row', { headerRows: [2] }, 'x\nc,d\n', 'the header names none of them: it has 2 fields'],
  ['names that the join makes others', { headerRows: [1, 2] }, 'a,b\nx,\n', 'field 1 of the header is not "a"'],
  ['a line further down', { headerSearchLines: 3 }, 'x\ny\nz\na,b\n', 'line 4 is one, if it is read with headerSearchLines 4 (more where its place varies): declare that'],
  ['no line with any name', { headerSearchLines: 3 }, 'x\ny\nz\nc,d\n', 'it is none of the first 3 lines (headerSearchLines): none of them has one of these names'],
  ['no line at all', { headerSearchLines: 3 }, '\n', 'it is none of the first 1 lines (headerSearchLines): none of them has one of these names'],
  ['a line that nearly fits', { headerSearchLines: 9 }, 'x\na\na,secret\nb,secret,a\n', 'it is none of the first 4 lines (headerSearchLines): line 4 of them comes nearest: field 2'],
  ['sep= of another delimiter', {}, 'sep=;\na;b\n', 'its first line tells Excel that the delimiter is ";", the dialect\'s is ",": declare delimiter ";"'],
  ['sep= of a tab', {}, '\ufeffsep=\t\r\na\tb\r\n', 'its first line tells Excel that the delimiter is "\\t", the dialect\'s is ",": declare delimiter "\\t"'],
  ['sep= and another header', {}, 'sep=,\na,c\n', 'its first line tells Excel that the delimiter is ",", and no header that fits follows'],
  ['sep= above a preamble', {}, 'sep=,\nx\na,b\n', 'line 3 is one, if it is read with headerSearchLines 3 (more where its place varies): declare that'],
  ['sep= that moves the units', { commentRows: [2] }, 'sep=,\na,b\nm,kg\n1,2\n', 'and it is row 1 where headerRows and commentRows are counted'],
  ['sep= alone', {}, 'sep=,\n', 'its first line tells Excel that the delimiter is ",", and no header that fits follows'],
  ['sep= that counts as row 1', { headerRows: [1, 2] }, 'sep=,\na,b\n', 'and it is row 1 where headerRows and commentRows are counted'],
])('refuses %s', async (_, dialect, content, message) => {
  checkDialect(dialect);
  const head = checkHead(bytesSource(content), format(['a', 'b'], dialect));
  await expect(head).rejects.toMatchObject({ code: 'header_mismatch', message: expect.stringContaining(message) });
  await expect(head).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
});

const text = fc.array(fc.constantFrom('"', ',', 'a', 'b', 'a,b', '""', '#', ' ', 'é', 'sep=,'), { maxLength: 5 }).map((parts) => parts.join(''));
const rows = fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }).map((all) => all.sort((one, other) => one - other));
const heads = fc.oneof(
  fc.record({ headerRows: rows }),
  fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 2 })).map(([row, units]): Dialect => (
    { headerRows: [row], commentRows: Array.from({ length: units }, (_, index) => row + 1 + index) })),
  fc.tuple(fc.integer({ min: 1, max: 4 }), fc.boolean()).map(([count, header]): Dialect => (
    { commentRows: Array.from({ length: count }, (_, index) => index + 1), header })),
  fc.record({ headerSearchLines: fc.integer({ min: 1, max: 6 }) }),
  fc.constant<Dialect>({}),
);

test('no chunk begins before the records, and the outcome is the same at every chunk size', async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(text, { minLength: 1, maxLength: 10 }), heads, fc.integer({ min: 0, max: 2 }), fc.integer({ min: 1, max: 40 }), fc.constantFrom('\n', '\r\n', '\r'),
    async (lines, head, skipLines, chunkSize, end) => {
      const source = bytesSource(lines.join(end) + end);
      const dialect: Dialect = { ...head, skipLines, commentChar: '#', lineTerminator: end };
      checkDialect(dialect);
      const fmt = format(['a', 'b'], dialect, 30);
      const whole = await runWhole(source, fmt);
      expect(await runWhole(source, fmt, { fast: false, readSize: 1 })).toEqual(whole);
      const { chunks, plan, repaired, ...chunked } = await runChunked(source, fmt, chunkSize);
      expect(chunked).toEqual(whole);
      const dataStart = await dataStartOf(source, fmt);
      const [, second] = await findChunks(source, fmt, { dataStart, chunkSize, maxChunks: 10_000, concurrency: 4 });
      if (second !== undefined) expect(second.start).toBeGreaterThan(dataStart);
      const told = await checkHead(source, fmt).catch(() => undefined);
      if (told !== undefined) expect(told).toMatchObject({ dataStart, columns: dialect.header === false ? undefined : ['a', 'b'] });
    }), fuzz(1000, 'lines', 'head', 'skipLines', 'chunkSize', 'end'));
}, FUZZ_TIMEOUT_MS);
