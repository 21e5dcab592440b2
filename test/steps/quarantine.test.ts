import { parseString } from 'fast-csv';
import { CONTRACT } from './support/world';
import { MemoryBucket } from '../../simulation/memory-bucket';
import { MemoryOutputStore } from '../../simulation/memory-stores';
import { ObjectKeys } from '../../src/contract/object-keys';
import { Reject } from '../../src/engine/process/rejects';
import { MAX_PARTS, MultipartWriter } from '../../src/steps/multipart-writer';
import { partSizeFor, QuarantineProgress, pausedQuarantine, pauseQuarantine, writeRejected } from '../../src/steps/quarantine';
import { ShardEncoder } from '../../src/steps/reject-shard';
import { RejectingChunk } from '../../src/steps/rejected-rows';

const chunk = (lines: number, shard?: string): RejectingChunk => ({ lines, reject_shard_key: shard });

const keyOf = (file: number) => file === 1 ? 'rejected.csv' : `rejected-${file}.csv`;

const SHARD = 'application/octet-stream';
const LOG = { info: jest.fn(), warn: jest.fn() };

/** Pieces as large as those of S3 where rows are many: small ones take long. */
const LARGE_PIECES = 1024 ** 2;

function outputOf(pieceBytes?: number) {
  const bucket = new MemoryBucket({ name: 'output', now: () => new Date(0) });
  return { bucket, output: new MemoryOutputStore(bucket, pieceBytes) };
}

async function write(output: MemoryOutputStore, chunks: readonly RejectingChunk[]) {
  return writeRejected({ keyOf, chunks }, () => false, { output, log: LOG });
}

const reject = (record: string | Buffer, more: Partial<Reject> = {}): Reject => (
  { line: 0, byteOffset: 0, code: 'type', column: 'id', message: 'expected an integer', record: Buffer.from(record), ...more }
);

async function rowsOf(shards: Reject[][], linesPerChunk = 10, isFormulaSafe?: boolean): Promise<Array<Record<string, string>>> {
  const { bucket, output } = outputOf();
  const chunks = await Promise.all(shards.map(async (rejects, index) => {
    if (rejects.length === 0) return chunk(linesPerChunk);
    await output.put(`shard-${index}`, Buffer.from(new ShardEncoder(isFormulaSafe).encode(rejects)), SHARD);
    return chunk(linesPerChunk, `shard-${index}`);
  }));
  await writeRejected({ keyOf, chunks }, () => false, { output, log: LOG });
  return new Promise((resolve, rejectPromise) => {
    const rows: Array<Record<string, string>> = [];
    parseString<Record<string, string>, Record<string, string>>(bucket.text('rejected.csv')!, { headers: true })
      .on('data', (row) => rows.push(row)).on('end', () => resolve(rows)).on('error', rejectPromise);
  });
}

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

describe('where the output is safe from formulas', () => {
  const FORMULA = /^[=+\-@\t\r\0\uff1d\uff0b\uff0d\uff20]/;
  const TEXTS = ['=cmd|\' /C calc\'!A0', '+1', '-1,2', '@SUM(A1)', '\t=1', '\r=1', '\uff1d1+1', '=1;=2', '"=1",2'];

  test.each(TEXTS)('a record that begins %j is none, and comes back as it was', async (record) => {
    const [row] = await rowsOf([[reject(record)]], 10, true);
    for (const cell of Object.values(row)) expect(cell).not.toMatch(FORMULA);
    expect(Buffer.from(row._record, row._encoding === 'base64' ? 'base64' : 'utf8').toString()).toBe(record);
    expect(row._encoding).toBe(FORMULA.test(record) ? 'base64' : 'utf-8');
  });

  test('neither are the names of columns, nor the messages of a transform, nor what follows a separator in them', async () => {
    const [row] = await rowsOf([[reject('a', { column: '=col', message: '=1;=2' })]], 10, true);
    expect(row).toMatchObject({ _column: '\'=col', _message: '\'=1;=2', _record: 'a', _encoding: 'utf-8' });
    const { bucket, output } = outputOf();
    await output.put('shard', Buffer.from(new ShardEncoder(true).encode([reject('a', { message: 'x;=2' })])), SHARD);
    await writeRejected({ keyOf, chunks: [chunk(1, 'shard')] }, () => false, { output, log: LOG });
    expect(bucket.text('rejected.csv')).toContain(',"x;=2",utf-8,"a"\n');
  });

  test('elsewhere all of them stand there as they came', async () => {
    for (const record of TEXTS) expect(await rowsOf([[reject(record)]])).toMatchObject([{ _encoding: 'utf-8', _record: record }]);
  });
});

test('what cannot be seen in a message, or would end its line, is an escape', async () => {
  const [row, ...others] = await rowsOf([[reject('a', { message: 'boom \u001b[31m \u202e\r\nfake line\0' })]]);
  expect(others).toEqual([]);
  expect(row._message).toBe('boom \\u001b[31m \\u202e\\r\\nfake line\\u0000');
});

test('counts the lines of the chunks before', async () => {
  const rows = await rowsOf([[reject('a', { line: 3 })], [], [reject('b', { line: 0, byteOffset: 77, code: 'quote', column: undefined })]]);
  expect(rows.map(({ _line, _byte_offset, _code, _column }) => [_line, _byte_offset, _code, _column])).toEqual([['4', '0', 'type', 'id'], ['21', '77', 'quote', '']]);
});

test('has a header also without rows', async () => {
  const { bucket, output } = outputOf();
  await write(output, [chunk(1)]);
  expect(bucket.text('rejected.csv')).toBe('_line,_byte_offset,_code,_column,_message,_encoding,_record\n');
});

test('takes nothing for published when a shard cannot be read', async () => {
  const { bucket, output } = outputOf();
  await expect(write(output, [chunk(1, 'missing')])).rejects.toThrow('expected an object missing in bucket output, got none');
  expect(bucket.keys()).toEqual([]);
});

test('says how many rows it wrote', async () => {
  const { output } = outputOf();
  await output.put('shard', Buffer.from(new ShardEncoder().encode([reject('a'), reject('"b\nc"')])), SHARD);
  expect(await write(output, [chunk(1, 'shard'), chunk(1)])).toEqual({ rows: 2, files: 1 });
});

test.each<[string, (shard: Buffer) => Uint8Array, number]>([
  ['other than rows', () => Buffer.from('secret data, and more of it'), 27],
  ['half a row', (shard) => shard.subarray(0, -1), 59],
  ['half a head', (shard) => Buffer.concat([shard, shard.subarray(0, 11)]), 11],
])('a shard of %s is refused, in words that do not quote it', async (_, damaged, size) => {
  const { bucket, output } = outputOf();
  await output.put('shard', damaged(Buffer.from(new ShardEncoder().encode([reject('secret', { line: 4 })]))), SHARD);
  const message = `expected shard to end with a row, got ${size} bytes of one that has more`;
  await expect(write(output, [chunk(1, 'shard')])).rejects.toThrow(new Error(message));
  expect(bucket.keys()).toEqual(['shard']);
});

test('rows are the same, in whatever pieces their shard comes', async () => {
  const rejects = ['a', 'b,"c\n"', '', 'x'.repeat(300), Buffer.from('a\0b')].map((record, line) => reject(record, { line }));
  const texts = new Set<string>();
  for (let pieceBytes = 1; pieceBytes < 40; pieceBytes++) {
    const { bucket, output } = outputOf(pieceBytes);
    await output.put('shard', Buffer.from(new ShardEncoder().encode(rejects)), SHARD);
    expect(await write(output, [chunk(5, 'shard'), chunk(5, 'shard')])).toEqual({ rows: 10, files: 1 });
    texts.add(bucket.text('rejected.csv')!);
  }
  expect([...texts]).toEqual([expect.stringMatching(/^_line,[^]*\n5,0,type,id,"expected an integer",base64,"YQBi"\n6,0,[^]*\n10,0,type,/)]);
});

test('lines beyond 32 bits are counted', async () => {
  const [, row] = await rowsOf([[reject('a')], [reject('b', { line: 2 ** 40 })]], 2 ** 33);
  expect(row._line).toBe(String(2 ** 40 + 2 ** 33 + 1));
});

test('an upload that cannot be aborted does not hide why', async () => {
  const { output } = outputOf();
  jest.spyOn(MultipartWriter.prototype, 'abort').mockRejectedValueOnce(new Error('abort refused'));
  await expect(write(output, [chunk(1, 'missing')])).rejects.toThrow('expected an object missing in bucket output, got none');
  expect(LOG.warn).toHaveBeenCalledWith('an upload is not cleaned up', { key: 'rejected.csv', cause: 'Error: abort refused' });
});

describe('in slices', () => {
  const KEYS = new ObjectKeys(CONTRACT.prefixes, 'f');

  /** Three chunks of rejects of every kind, the second one without any. */
  async function shards(output: MemoryOutputStore, count: number, record = 'a,"b\nc"'): Promise<RejectingChunk[]> {
    for (const name of ['shard-0', 'shard-2']) {
      const rejects = Array.from({ length: count }, (_, line) => reject(line % 3 === 2 ? Buffer.from('a\0b') : `${record}${line}`, { line, byteOffset: line * 10 }));
      await output.put(name, Buffer.from(new ShardEncoder().encode(rejects)), SHARD);
    }
    return [chunk(count, 'shard-0'), chunk(5), chunk(count, 'shard-2')];
  }

  async function writeInSlices({ bucket, output }: ReturnType<typeof outputOf>, chunks: readonly RejectingChunk[], rowsASlice: number,
    fullFrom?: number) {
    let slices = 0;
    for (let progress: QuarantineProgress | undefined; ;) {
      let rows = 0;
      slices++;
      const written = await writeRejected({ keyOf, chunks, progress, fullFrom }, () => ++rows >= rowsASlice, { output, log: LOG });
      if (!('next' in written)) return { slices, ...written };
      // Between two slices all there is of it are these work files, and an open upload.
      const progressKey = await pauseQuarantine(written, chunks, KEYS, { output, newId: () => String(slices) });
      progress = await pausedQuarantine(progressKey, chunks, { output, log: LOG });
      const json = bucket.keys('work/').filter((key) => key.endsWith('.json'));
      for (const key of json) expect(bucket.get(key).bytes.length).toBeLessThan(1000);
      if (written.file === 1) expect(bucket.keys()).not.toContain('rejected.csv');
    }
  }

  test.each([1, 2, 3, 4, 7, 8, 9, 100])('of %d rows it is byte for byte what it is in one go', async (rowsASlice) => {
    const whole = outputOf();
    expect(await write(whole.output, await shards(whole.output, 4))).toEqual({ rows: 8, files: 1 });
    const sliced = outputOf();
    expect(await writeInSlices(sliced, await shards(sliced.output, 4), rowsASlice)).toEqual({ slices: Math.ceil(8 / rowsASlice), rows: 8, files: 1 });
    expect(sliced.bucket.text('rejected.csv')).toBe(whole.bucket.text('rejected.csv'));
    expect(sliced.bucket.openUploads()).toEqual([]);
  });

  test.each([1, 7, 13])('of %d large rows, which cross the parts of the upload, too', async (rowsASlice) => {
    const record = 'x'.repeat(1_200_000);
    const whole = outputOf(LARGE_PIECES);
    expect(await write(whole.output, await shards(whole.output, 15, record))).toEqual({ rows: 30, files: 1 });
    const sliced = outputOf(LARGE_PIECES);
    const open = jest.spyOn(sliced.output, 'openUpload');
    const upload = jest.spyOn(sliced.output, 'uploadPart');
    expect((await writeInSlices(sliced, await shards(sliced.output, 15, record), rowsASlice)).rows).toBe(30);
    const { bytes } = whole.bucket.get('rejected.csv');
    expect(sliced.bucket.get('rejected.csv').bytes.equals(bytes)).toBe(true);
    expect(bytes.length).toBeGreaterThan(2 * 8 * 1024 ** 2);
    expect(open).toHaveBeenCalledTimes(1);
    // One size for all parts but the last, whatever the slices are.
    expect(upload.mock.calls.map(([, , number, { length }]) => [number, length]).slice(0, -1)).toEqual([[1, 8 * 1024 ** 2], [2, 8 * 1024 ** 2]]);
  });

  test.each([1, 2, 3, 4, 5, 7, 12])('of %d rows they are the same files as with all the time, where one has no room for all', async (rowsASlice) => {
    const whole = outputOf();
    const chunks = async (output: MemoryOutputStore) => [...await shards(output, 4), chunk(4, 'shard-0'), chunk(0), chunk(4, 'shard-2')];
    expect(await writeInSlices(whole, await chunks(whole.output), Infinity, 500)).toEqual({ slices: 2, rows: 16, files: 2 });
    const names = ['rejected.csv', 'rejected-2.csv'];
    expect(whole.bucket.keys('rejected')).toEqual([...names].sort());
    const [first, second] = names.map((name) => whole.bucket.text(name)!);
    const [header] = first.split('\n');
    expect(second.startsWith(`${header}\n`)).toBe(true);
    const alone = outputOf();
    await write(alone.output, await chunks(alone.output));
    expect(first + second.slice(header.length + 1)).toBe(alone.bucket.text('rejected.csv'));

    const sliced = outputOf();
    expect(await writeInSlices(sliced, await chunks(sliced.output), rowsASlice, 500)).toMatchObject({ rows: 16, files: 2 });
    expect(names.map((name) => sliced.bucket.text(name))).toEqual([first, second]);
    expect(sliced.bucket.openUploads()).toEqual([]);
  });

  test('a file that is full at the last reject is the last one', async () => {
    const files = outputOf();
    const [first] = await shards(files.output, 1);
    await write(files.output, [first]);
    const size = files.bucket.get('rejected.csv').bytes.length;
    expect(await writeInSlices(files, [first], Infinity, size)).toEqual({ slices: 1, rows: 1, files: 1 });
    expect(await writeInSlices(files, [first, first], Infinity, size)).toEqual({ slices: 2, rows: 2, files: 2 });
  });

  test('a file has a row at least', async () => {
    const files = outputOf();
    expect(await writeInSlices(files, await shards(files.output, 4), Infinity, 1)).toEqual({ slices: 8, rows: 8, files: 8 });
    expect(files.bucket.text('rejected-8.csv')!.split('\n').length).toBeGreaterThan(2);
  });

  test('a call ends with a full file: what fails after that goes on with the next one, and leaves no upload that nobody names', async () => {
    const { bucket, output } = outputOf(LARGE_PIECES);
    const chunks = await shards(output, 10, 'x'.repeat(1_200_000));
    const file = { keyOf, chunks, fullFrom: 9e6 };
    const first = await writeRejected(file, () => false, { output, log: LOG }) as QuarantineProgress;
    expect(first).toMatchObject({ file: 2, upload: { parts: [] } });
    expect(bucket.keys('rejected')).toEqual(['rejected.csv']);

    const send = jest.spyOn(output, 'uploadPart').mockRejectedValueOnce(new Error('S3 did not answer'));
    await expect(writeRejected({ ...file, progress: first }, () => false, { output, log: LOG })).rejects.toThrow('S3 did not answer');
    expect(bucket.openUploads()).toEqual([]);
    send.mockClear();

    let progress = first;
    for (;;) {
      const written = await writeRejected({ ...file, progress }, () => false, { output, log: LOG });
      if (!('next' in written)) {
        expect(written.rows).toBe(20);
        break;
      }
      progress = written;
    }
    // Not the first one once more.
    expect(send.mock.calls.map(([key]) => key)).not.toContain('rejected.csv');
    expect(bucket.openUploads()).toEqual([]);
  });

  test('an upload that is gone in between fails the slice that needs it', async () => {
    const { bucket, output } = outputOf(LARGE_PIECES);
    const chunks = await shards(output, 15, 'x'.repeat(1_200_000));
    const progress = await writeRejected({ keyOf, chunks }, () => true, { output, log: LOG }) as QuarantineProgress;
    expect(progress).toMatchObject({ rows: 1, next: { chunk: 0, row: 1 } });
    bucket.expireUploads(new Date());
    await expect(writeRejected({ keyOf, chunks, progress }, () => false, { output, log: LOG })).rejects.toThrow('expected the upload of rejected.csv to be open until it is completed, got none');
    expect(bucket.keys()).not.toContain('rejected.csv');
  });
});

describe('the parts of its upload', () => {
  const MIB = 1024 * 1024;

  test.each([
    ['a few rejects', 1000, 2e9, 8 * MIB],
    ['two billion bytes of short bad lines', 400e6, 2e9, Math.ceil((400e6 * 400 + 4e9) / 9000)],
    ['more than an upload can hold', 1e12, 50e12, 128 * MIB],
  ])('are expected to have room for all of them: %s', (_, rejects, sizeBytes, expected) => {
    expect(partSizeFor(rejects, sizeBytes)).toBe(Math.ceil(expected));
  });

  /** Parts so small that S3 would not take them: the test has no 84 GB to write. */
  test.each([100, 1000, 6000])('are no more than S3 takes, however wrong that was: messages of %d bytes, of one chunk', async (messageBytes) => {
    const { output } = outputOf(LARGE_PIECES);
    jest.spyOn(MultipartWriter.prototype, 'complete').mockImplementation(async function (this: MultipartWriter) { await this.pause(); });
    try {
      const parts = new Map<string, number>();
      jest.spyOn(output, 'uploadPart').mockImplementation(async (key, __, number, { length }) => {
        parts.set(key, Math.max(number, parts.get(key) ?? 0));
        return { number, etag: '', size: length };
      });
      const rows = Math.ceil(3e6 / messageBytes);
      await output.put('shard', Buffer.from(new ShardEncoder().encode(Array.from({ length: rows }, (__, line) => reject('y', { line, message: 'x'.repeat(messageBytes) })))), SHARD);
      const file = { keyOf, chunks: [chunk(rows, 'shard')], partSize: 100 };
      let written = await writeRejected(file, () => false, { output, log: LOG });
      while ('next' in written) written = await writeRejected({ ...file, progress: written }, () => false, { output, log: LOG });
      expect(written).toEqual({ rows, files: parts.size });
      expect(parts.size).toBeGreaterThan(3);
      for (const most of parts.values()) expect(most).toBeLessThanOrEqual(MAX_PARTS);
    } finally {
      jest.restoreAllMocks();
    }
  });
});
