/** Files that cannot be cut in place: they end as the same records as plain text do. */
import { gzipSync } from 'node:zlib';
import { DeployedPipeline } from './deployed-pipeline';
import { TRANSACTION_HEADER, transactions } from '../../bench/generate-transactions';
import { JobRecord } from '../../emulator/job-watch';

// Takes .csv and .gz, chunks of 1 MiB, at most 40 MiB of text.
const compressed = new DeployedPipeline('Compressed');
// Takes every file, no record may be bad.
const strict = new DeployedPipeline('Strict');

async function expectProcessed(pipeline: DeployedPipeline, { job }: JobRecord, body: Buffer) {
  expect(job.moved_to).toBe(`processed/${job.file_id}/${job.file_name}`);
  expect((await pipeline.read(job.moved_to!)).equals(body)).toBe(true);
}

describe('20 MB of transactions as gzip of three members', () => {
  const records = [...transactions({ sizeBytes: 20_000_000, seed: 11 })].filter(({ fault }) => fault === undefined);
  const text = Buffer.from(TRANSACTION_HEADER + records.map((record) => record.text).join(''));
  const cuts = [0, 1_000_003, 9_999_999, text.length];
  const file = Buffer.concat(cuts.slice(1).map((end, index) => gzipSync(text.subarray(cuts[index], end), { level: 1 })));
  let record: JobRecord;

  beforeAll(async () => {
    record = await compressed.process('incoming/transactions.csv.gz', file);
  });

  test('are published like the same text', async () => {
    expect(record.job).toMatchObject({ status: 'SUCCEEDED', records_read: records.length, records_written: records.length, records_rejected: 0 });
    const plain = await compressed.process('incoming/transactions.csv', text);
    expect(plain.job).toMatchObject({ status: 'SUCCEEDED', records_written: records.length });
    expect((await compressed.published(record)).equals(await compressed.published(plain))).toBe(true);
  });

  test('the chunks tile the text, which is staged beside the manifest', async () => {
    const { chunks, fileSize, textSize } = await compressed.report(record);
    expect([fileSize, textSize]).toEqual([file.length, text.length]);
    expect(chunks.length).toBeGreaterThanOrEqual(19);
    expect([0, ...chunks.map(({ end }) => end)]).toEqual([...chunks.map(({ start }) => start), text.length]);
    const staged = await compressed.keys(`work/${record.job.file_id}/staged-`);
    expect(staged.length).toBe(1);
    expect((await compressed.read(staged[0])).equals(text)).toBe(true);
  });

  test('the gzip file itself lies under processed/', async () => {
    await expectProcessed(compressed, record, file);
  });
});

describe('a gzip file that cannot be staged', () => {
  const header = Buffer.from(TRANSACTION_HEADER);

  test.each<{ name: string; body: Buffer; code: string; message: RegExp }>([
    { name: 'cut off', body: gzipSync(header, { level: 0 }).subarray(0, -4), code: 'bad_gzip', message: /^expected a complete gzip file, it ends at byte \d+ in the middle of its data$/ },
    {
      name: 'above the limit',
      body: gzipSync(Buffer.concat([header, Buffer.alloc(50 * 1024 ** 2, '\n')])),
      code: 'too_large',
      message: /^expected at most 41943040 bytes of decoded text \(maxDecodedSize\), got more$/,
    },
  ])('$name fails its job, and leaves nothing staged', async ({ name, body, code, message }) => {
    const record = await compressed.process(`incoming/${name}.csv.gz`, body);
    expect(record.job).toMatchObject({ status: 'FAILED', error_code: code, error_message: expect.stringMatching(message), resumable: false });
    expect(record.job.moved_to).toBe(`failed/${record.job.file_id}/${name}.csv.gz`);
    expect(await compressed.keys(`work/${record.job.file_id}/`)).toEqual([]);
    expect(await compressed.publishedKeys(record)).toEqual([]);
  });
});

describe('by its name or its byte order mark', () => {
  const values = ['TX1', 'ACC1', '2024-05-26T23:34:09Z', '76.14', 'USD', 'Café Zürich 東京 😀', 'travel'];
  const names = TRANSACTION_HEADER.trimEnd().split(',');
  const object = Object.fromEntries(names.map((name, index) => [name, values[index]]));
  const csv = `${TRANSACTION_HEADER}${values.join(',')}\n`;

  test.each<{ name: string; body: Buffer }>([
    { name: 'utf-16le.csv', body: Buffer.from(`\ufeff${csv}`, 'utf16le') },
    { name: 'utf-16be.csv', body: Buffer.from(`\ufeff${csv}`, 'utf16le').swap16() },
    { name: 'tabs.TSV', body: Buffer.from(csv.replaceAll(',', '\t')) },
    { name: 'lines.jsonl', body: Buffer.from(JSON.stringify(object)) },
    { name: 'array.json', body: Buffer.from(JSON.stringify([object], undefined, 2)) },
    { name: 'array.json.gz', body: gzipSync(JSON.stringify([object])) },
  ])('$name', async ({ name, body }) => {
    const record = await strict.process(`incoming/${name}`, body);
    expect(record.job).toMatchObject({ status: 'SUCCEEDED', records_read: 1, records_written: 1 });
    expect(JSON.parse((await strict.published(record)).toString())).toEqual({ ...object, transaction_date: '2024-05-26T23:34:09.000Z' });
    await expectProcessed(strict, record, body);
  });
});
