import { ByteSource } from '../../../src/engine/io/byte-source';
import { FileError } from '../../../src/engine/model/errors';
import { checkHead } from '../../../src/engine/records/head';
import { Dialect } from '../../../src/spec/dialect';
import { bytesSource, format } from '../support/engine-run';

const fmt = format(['id', { name: 'amount', type: 'integer' }]);

async function refusal(content: string | Buffer): Promise<FileError> {
  const error = await checkHead(bytesSource(content), fmt).then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof FileError)) throw new Error(`expected a FileError, got ${String(error)}`);
  return error;
}

test('a right head: names, where the data begins, how the sample fares', async () => {
  expect(await checkHead(bytesSource('\ufeffid,"amount"\r\na,1\nb,x\n'), fmt))
    .toEqual({ columns: ['id', 'amount'], dataStart: 16, sampleRecords: 2, sampleRejected: 1, wholeRecords: 2, sampleBytes: 8, hasLongRecord: false });
});

test('a header alone is a file of no records', async () => {
  expect(await checkHead(bytesSource('id,amount'), fmt)).toMatchObject({ dataStart: 9, sampleRecords: 0 });
});

test('the header may stand behind comments and blank lines of any length', async () => {
  const head = await checkHead(bytesSource(`${'#\n\n'.repeat(500_000)}id,amount\n`), format(['id', 'amount'], { commentChar: '#' }));
  expect(head.dataStart).toBe(1_500_010);
});

test.each<[string, string | Buffer, string, string]>([
  ['an empty file', '', 'empty_file', 'expected a header line with the fields id,amount, got an empty file'],
  ['a file of blank lines', '\n\n', 'header_mismatch', 'expected a header line with the fields id,amount; the file has no record at all'],
  ['another name', 'id,total\na,1\n', 'header_mismatch', 'got id,total: field 2 is "total" and should be "amount"'],
  ['names of another case', 'ID,amount\n', 'header_mismatch', 'field 1 is "ID" and should be "id"'],
  ['a field too many', 'id,amount,x\n', 'header_mismatch', 'got id,amount,x: field 3 is "x", which is none of them'],
  ['a field too few', 'id\n', 'header_mismatch', 'got id: "amount" is missing'],
  ['no header', 'secret,1\n', 'header_mismatch', 'the first line names none of them: it has 2 fields, and is either a record (then declare header false) or a header of other names (then declare them as aliases)'],
  ['text that names no field', 'John Doe,none\n', 'header_mismatch', 'the first line names none of them: it has 2 fields'],
  ['text after a quote in the header', '"id"x,amount\n', 'header_mismatch', 'its first record is broken: text follows a closing quote'],
  ['a header that is never closed', '"id,amount\n', 'header_mismatch', 'its first record is broken: a quote is opened and never closed'],
  ['a JSON array', '[{"id":"a"}]', 'header_mismatch',
    'expected a header line with the fields id,amount; the file looks like a JSON array: declare inputFormat json, or name it .json where none is declared'],
  ['a JSON array, indented, behind a byte order mark', '\ufeff[\n  {\n    "id": "a"', 'header_mismatch', '; the file looks like a JSON array: declare'],
  ['JSON Lines', '{"id":"a"}\n{"id":', 'header_mismatch', '; the file looks like JSON Lines: declare inputFormat jsonl, or name it .jsonl where none'],
  ['one JSON object', '{\n  "id": "a"\n}', 'header_mismatch', '; the file looks like one JSON object of several lines: an array of objects, or'],
  ['names in brackets', '[id],[amount]\n', 'header_mismatch', 'the first line names none of them: it has 2 fields'],
])('refuses %s', async (_, content, code, message) => {
  const error = await refusal(content);
  expect(error.code).toBe(code);
  expect(error.message).toContain(message);
});

test.each(['secret,1\n', 'secret,x\n', 'a,secret,1\n'])('what stands in the place of a missing header is not repeated, it may be data: %j', async (content) => {
  expect((await refusal(content)).message).not.toContain('secret');
});

test('a message stays short whatever came', async () => {
  expect((await refusal(`id,${'x'.repeat(900_000)}\n`)).message.length).toBeLessThan(1000);
});

test('a header that begins as JSON does is a header', async () => {
  expect((await checkHead(bytesSource('[{id},"{""a"""\n3,4\n'), format(['[{id}', '{"a"']))).sampleRecords).toBe(1);
});

describe('of a file of terabytes without the line end that is expected only the beginning is read', () => {
  const MAX_RECORD = 1024 * 1024;
  const letters = 'a'.repeat(19);

  /** The pattern over and over, behind the start. */
  function endless(start: string, pattern: string): { readonly source: ByteSource; readonly bytesRead: () => number } {
    let bytesRead = 0;
    const block = Buffer.from(pattern.repeat(Math.ceil(MAX_RECORD / pattern.length)));
    return {
      bytesRead: () => bytesRead,
      source: {
        size: 5e12,
        read: async (from, to) => {
          bytesRead += to - from;
          const repeated = Buffer.alloc(to - from + block.length, block).subarray(from % pattern.length, to - from + from % pattern.length);
          if (from < start.length) repeated.write(start.slice(from), 0);
          return repeated;
        },
      },
    };
  }

  test.each<[string, string, string, Dialect, string, string]>([
    ['CR alone, in a header of many names', 'x'.repeat(100_000), `${letters}\r`, {}, 'line_terminator',
      'expected lines that end with LF or CRLF, got CR alone in its first 1048576 bytes (maxRecordSize): declare lineTerminator "\\r"'],
    ['CR alone, behind a quote that is never closed', '"id', `${letters}\r`, {}, 'line_terminator', 'declare lineTerminator "\\r"'],
    ['CR alone, and no header', 'x'.repeat(100_000), `${letters}\r`, { header: false }, 'line_terminator', 'declare lineTerminator "\\r"'],
    ['LF where CRLF is declared', 'x'.repeat(100_000), `${letters}\n`, { lineTerminator: '\r\n' }, 'line_terminator', 'declare lineTerminator "\\n", or leave it out'],
    ['none at all', '', letters, {}, 'header_mismatch', 'its first record is broken: it does not end within 1048576 bytes (maxRecordSize)'],
  ])('%s', async (_, start, pattern, dialect, code, message) => {
    const { source, bytesRead } = endless(start, pattern);
    await expect(checkHead(source, format(['id', { name: 'amount', type: 'integer' }], dialect)))
      .rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect(bytesRead()).toBeLessThan(2 * MAX_RECORD);
  });

  test.each<[string, string, string, Dialect]>([
    ['a record behind the header', 'id,amount\n', letters, {}],
    ['a first record without a header', '', letters, { header: false }],
  ])('%s is one for ProcessChunk to reject', async (_, start, pattern, dialect) => {
    const { source, bytesRead } = endless(start, pattern);
    expect(await checkHead(source, format(['id', 'amount'], dialect))).toMatchObject({ sampleRecords: 1, sampleRejected: 1 });
    expect(bytesRead()).toBeLessThan(2 * MAX_RECORD);
  });

  test.each<[string, string, string, Dialect, string]>([
    ['comments', '', `#${'a'.repeat(999)}\n`, { commentChar: '#' }, 'header_mismatch'],
    ['a comment', '#', letters, { commentChar: '#' }, 'header_mismatch'],
    ['lines among which the header is searched', '', letters, { headerSearchLines: 3 }, 'header_mismatch'],
    ['a line that is skipped', '', letters, { skipLines: 1 }, 'line_terminator'],
  ])('%s: no more than 64 MiB before the header', async (_, start, pattern, dialect, code) => {
    const { source, bytesRead } = endless(start, pattern);
    await expect(checkHead(source, format(['id', 'amount'], dialect))).rejects.toMatchObject({ code, message: expect.stringContaining('67108864 bytes') });
    expect(bytesRead()).toBeLessThan(80 * MAX_RECORD);
  });

  test('a line that is skipped and ends with CR alone is told with what to declare, after no more than that', async () => {
    const { source, bytesRead } = endless('Report', `${letters}\r`);
    await expect(checkHead(source, format(['id', 'amount'], { skipLines: 1 })))
      .rejects.toMatchObject({ code: 'line_terminator', message: expect.stringContaining('got CR alone: declare lineTerminator "\\r"') });
    expect(bytesRead()).toBeLessThan(80 * MAX_RECORD);
  });
});

describe('line ends that are none to the dialect are told where rows of the head are passed over', () => {
  const fields = format(['id', { name: 'amount', type: 'integer' }]).settings.schema.fields;
  const RECORDS = 'id,amount\ra,1\rb,2\r';
  const CR = 'got CR alone: declare lineTerminator "\\r"';
  const LF = 'declare lineTerminator "\\n", or leave it out';

  test.each<[string, string, Dialect, string]>([
    ['a skipped line', `Report\r${RECORDS}`, { skipLines: 1 }, CR],
    ['a skipped line before records without a header', 'Report\ra,1\rb,2\r', { skipLines: 1, header: false }, CR],
    ['a skipped line that has a quote', `"Report\r${RECORDS}`, { skipLines: 1 }, CR],
    ['a skipped line, and a line feed within quotes', `Report\rid,amount\r"a\n",1\r${'b,2\r'.repeat(3)}`, { skipLines: 1 }, CR],
    ['more skipped lines than there are line feeds', `Report\n${RECORDS}`, { skipLines: 2 }, CR],
    ['a skipped line of a file of LF, where CRLF is declared', 'Report\nid,amount\na,1\nb,2\n', { skipLines: 1, lineTerminator: '\r\n' }, LF],
    ['a comment row', `Report,x\r${RECORDS}`, { commentRows: [1] }, CR],
    ['a header row further down', `Report\r${RECORDS}`, { headerRows: [2] }, CR],
    ['a header that is searched', `Report\r${RECORDS}`, { headerSearchLines: 5 }, CR],
    ['a skipped line and a header row', `Report\rx\r${RECORDS}`, { skipLines: 1, headerRows: [2] }, CR],
    ['a skipped line that the sample does not hold', `${'x'.repeat(100_000)}\r${RECORDS}`, { skipLines: 1 }, CR],
    ['a comment row that the sample does not hold', `${'x'.repeat(100_000)},y\r${RECORDS}`, { commentRows: [1] }, 'got CR alone'],
  ])('%s', async (_, content, dialect, message) => {
    await expect(checkHead(bytesSource(content), format(fields, dialect, 1024 * 1024)))
      .rejects.toMatchObject({ code: 'line_terminator', message: expect.stringContaining(message) });
  });

  test.each<[string, string, Dialect]>([
    ['a skipped line may hold lone CRs', `${'x\r'.repeat(100)}\nid,amount\na,1\n`, { skipLines: 1 }],
    ['a comment row may hold them too', `${'x\r'.repeat(100)}\nid,amount\na,1\n`, { commentRows: [1] }],
    ['and a line among those that are searched', `${'x\r'.repeat(100)}\nid,amount\na,1\n`, { headerSearchLines: 2 }],
  ])('%s', async (_, content, dialect) => {
    expect(await checkHead(bytesSource(content), format(fields, dialect, 1024 * 1024))).toMatchObject({ sampleRecords: 1, sampleRejected: 0 });
  });
});

test('how large records are is told by those that hold together, and the bytes of all that end', async () => {
  const head = async (...lines: string[]) => checkHead(bytesSource(lines.map((line) => `${line}\n`).join('')), format(['id', 'amount'], { header: false }, 64));
  const long = `1,${'2'.repeat(80)}`;
  expect(await head('1,2', long, '4,5')).toMatchObject({ sampleRecords: 3, sampleRejected: 1, wholeRecords: 2, sampleBytes: 8 + long.length, hasLongRecord: false });
  expect(await head('1,2', `1,${'2'.repeat(6_000_000)}`, '4,5')).toMatchObject({ sampleRecords: 2, sampleRejected: 1, wholeRecords: 1, sampleBytes: 4, hasLongRecord: true });
});
