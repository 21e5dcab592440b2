import { parseString } from 'fast-csv';
import { MemoryOutput } from './support/memory-output';
import { Reject } from '../../src/engine/process/rejects';
import { MultipartWriter } from '../../src/steps/multipart-writer';
import { writeRejected } from '../../src/steps/quarantine';
import { RejectingChunk } from '../../src/steps/rejected-rows';
import { SHARD_ROW, ShardEncoder } from '../../src/steps/reject-shard';

const chunk = (lines: number, shard?: string): RejectingChunk => ({ lines, reject_shard_key: shard });

const LOG = { info: jest.fn(), warn: jest.fn() };

async function write(output: MemoryOutput, chunks: readonly RejectingChunk[]) {
  return writeRejected({ key: 'rejected.csv', chunks }, () => false, { output, log: LOG });
}

const reject = (record: string | Buffer, more: Partial<Reject> = {}): Reject => (
  { line: 0, byteOffset: 0, code: 'type', column: 'id', message: 'expected an integer', record: Buffer.from(record), ...more }
);

async function rowsOf(shards: Reject[][], linesPerChunk = 10): Promise<Array<Record<string, string>>> {
  const output = new MemoryOutput();
  const chunks = await Promise.all(shards.map(async (rejects, index) => {
    if (rejects.length === 0) return chunk(linesPerChunk);
    await output.put(`shard-${index}`, Buffer.from(new ShardEncoder().encode(rejects)));
    return chunk(linesPerChunk, `shard-${index}`);
  }));
  await write(output, chunks);
  return new Promise((resolve, rejectPromise) => {
    const rows: Array<Record<string, string>> = [];
    parseString<Record<string, string>, Record<string, string>>(output.text('rejected.csv')!, { headers: true })
      .on('data', (row) => rows.push(row)).on('end', () => resolve(rows)).on('error', rejectPromise);
  });
}

test.each([['text', 'a,b'], ['bytes', Buffer.of(0xff)]])('a line of a shard has every property of a row: %s', (_, record) => {
  const line = Buffer.from(new ShardEncoder().encode([reject(record)])).toString();
  expect(Object.keys(JSON.parse(line) as object)).toEqual(Object.keys(SHARD_ROW));
});

test.each([
  ['plain', 'a,b'],
  ['quotes', 'a,"say ""hi"", ok"'],
  ['line ends within quotes', '1,"a\r\nb\nc"'],
  ['a lone CR', 'a\rb'],
  ['line separators that JSON does not escape', 'a\u2028b\u2029c'],
  ['text beyond ASCII', 'Zoë,😀,\ufeffx'],
  ['blanks at the ends', '  a , b  '],
  ['nothing', ''],
])('a record comes back as it was: %s', async (_, record) => {
  expect(await rowsOf([[reject(record)]])).toMatchObject([{ _encoding: 'utf-8', _record: record }]);
});

test.each([
  ['not UTF-8', Buffer.from([0x61, 0xff, 0x2c, 0xc3])],
  ['with a NUL character', Buffer.from('a\0b')],
])('a record %s is in base64', async (_, record) => {
  const [row] = await rowsOf([[reject(record)]]);
  expect(row._encoding).toBe('base64');
  expect(Buffer.from(row._record, 'base64').equals(record)).toBe(true);
});

test('counts the lines of the chunks before', async () => {
  const rows = await rowsOf([[reject('a', { line: 3 })], [], [reject('b', { line: 0, byteOffset: 77, code: 'quote', column: undefined })]]);
  expect(rows.map(({ _line, _byte_offset, _code, _column }) => [_line, _byte_offset, _code, _column])).toEqual([['4', '0', 'type', 'id'], ['21', '77', 'quote', '']]);
});

test('has a header also without rows', async () => {
  const output = new MemoryOutput();
  await write(output, [chunk(1)]);
  expect(output.text('rejected.csv')).toBe('_line,_byte_offset,_code,_column,_message,_encoding,_record\n');
});

test('takes nothing for published when a shard cannot be read', async () => {
  const output = new MemoryOutput();
  await expect(write(output, [chunk(1, 'missing')])).rejects.toThrow('no object missing');
  expect(output.objects.size).toBe(0);
});

test('says how many rows it wrote', async () => {
  const output = new MemoryOutput();
  await output.put('shard', Buffer.from(new ShardEncoder().encode([reject('a'), reject('"b\nc"')])));
  expect(await write(output, [chunk(1, 'shard'), chunk(1)])).toBe(2);
});

test('an error of a shard does not quote the record', async () => {
  const output = new MemoryOutput();
  await output.put('shard', 'secret data\n');
  const writing = write(output, [chunk(1, 'shard')]);
  await expect(writing).rejects.toThrow(/^expected each line of shard to be JSON, got a line of 11 characters that is not$/);
});

test('an upload that cannot be aborted does not hide why', async () => {
  const output = new MemoryOutput();
  jest.spyOn(MultipartWriter.prototype, 'abort').mockRejectedValueOnce(new Error('abort refused'));
  await expect(write(output, [chunk(1, 'missing')])).rejects.toThrow('no object missing');
  expect(LOG.warn).toHaveBeenCalledWith('an upload is not cleaned up', { key: 'rejected.csv', cause: 'Error: abort refused' });
});
