import { DeployedPipeline } from './deployed-pipeline';
import { JobRecord } from '../../emulator/job-watch';

const HEADER = 'transaction_id,account_id,transaction_date,amount,currency,merchant,category\n';
const GOOD = 'TX1,ACC1,2024-05-26T23:34:09Z,76.14,USD,Acme Foods,travel\n';
const BAD = 'TX2,ACC1,2024-05-26T23:34:09Z,lots,USD,Acme Foods,travel\n';

const strict = new DeployedPipeline('Strict');
const tolerant = new DeployedPipeline('Transactions');

/** The source of every job ends where its outcome belongs, byte for byte. */
async function expectSource(pipeline: DeployedPipeline, { job }: JobRecord, prefix: 'processed' | 'failed', body: string | Buffer) {
  expect(job.moved_to).toBe(`${prefix}/${job.file_id}/${job.file_name}`);
  expect((await pipeline.read(job.moved_to!)).equals(Buffer.from(body))).toBe(true);
  expect(await pipeline.keys(job.key)).toEqual([]);
}

describe('a file that cannot be processed fails its job with what was expected and what came', () => {
  test.each<{ name: string; body: string | Buffer; code: string; message: RegExp }>([
    {
      name: 'a wrong header',
      body: HEADER.replace('amount', 'sum') + GOOD,
      code: 'header_mismatch',
      message: /^expected a header line with the fields transaction_id,.*,category; got transaction_id,.*field 4 is "sum" and should be "amount"$/,
    },
    {
      name: 'a header with a field too many',
      body: HEADER.replace('\n', ',note\n') + GOOD,
      code: 'header_mismatch',
      message: /^expected a header line with the fields .*field 8 is "note", which is none of them; fieldsMatch "subset" in the schema takes it$/,
    },
    {
      name: 'a missing header',
      body: GOOD + GOOD,
      code: 'header_mismatch',
      message: /^expected a header line with the fields .*the first line names none of them: it has 7 fields, and is either a record \(then declare header false\) or /,
    },
    { name: 'an empty file', body: '', code: 'empty_file', message: /^expected a header line with the fields .*, got an empty file$/ },
    {
      name: 'a picture',
      body: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
      code: 'not_text',
      message: /^expected UTF-8 text, the file looks like a PNG picture: have the table exported as CSV$/,
    },
    {
      name: 'a gzip file by the name of text',
      body: Buffer.from('1f8b0800000000000003', 'hex'),
      code: 'not_text',
      message: /^expected UTF-8 text, the file looks like gzip: name it \.gz or declare compression gzip$/,
    },
  ])('$name', async ({ name, body, code, message }) => {
    const record = await strict.process(`incoming/${name.replaceAll(' ', '-')}.csv`, body);

    expect(record.job).toMatchObject({ status: 'FAILED', error_code: code, error_message: expect.stringMatching(message), resumable: false });
    expect(await strict.publishedKeys(record)).toEqual([]);
    expect(await strict.report(record)).toMatchObject({ status: 'FAILED', errorCode: code, recordsRead: 0 });
    await expectSource(strict, record, 'failed', body);
  });

  test('an object that is deleted before its job has begun', async () => {
    const event = { detail: { bucket: { name: strict.bucket }, object: { key: 'incoming/gone.csv', size: 100, etag: 'd41d8cd98f00b204e9800998ecf8427e' } } };
    const execution = await strict.ended(await strict.start(event));
    const [job] = await strict.jobs.jobsOf('incoming/gone.csv');

    expect(execution).toMatchObject({ status: 'FAILED', error: 'source_changed' });
    expect(job).toMatchObject({
      status: 'FAILED',
      error_code: 'source_changed',
      error_message: 'expected object incoming/gone.csv with ETag d41d8cd98f00b204e9800998ecf8427e, got none: the object is gone',
    });
    expect(await strict.publishedKeys(await strict.jobs.read(job.file_id))).toEqual([]);
  });
});

describe('records that are bad', () => {
  async function expectRejected(body: string, rejects: object[]) {
    const record = await strict.process(`incoming/bad-${rejects.length}-${body.length}.csv`, body);

    expect(record.job).toMatchObject({
      status: 'FAILED',
      error_code: 'too_many_rejects',
      error_message: expect.stringMatching(new RegExp(`^expected at most 0 rejected records, got ${rejects.length} of \\d+; most often`)),
      records_rejected: rejects.length,
      resumable: false,
    });
    expect(await strict.rejected(record)).toEqual(rejects.map((reject) => expect.objectContaining(reject)));
    expect(await strict.publishedKeys(record)).toEqual([]);
    await expectSource(strict, record, 'failed', body);
  }

  test('one of many', () => expectRejected(HEADER + GOOD.repeat(10) + BAD + GOOD, [
    { _line: '12', _code: 'type', _column: 'amount', _record: BAD.trimEnd() },
  ]));

  test('all of them', () => expectRejected(HEADER + BAD.repeat(3), [2, 3, 4].map((line) => ({ _line: String(line), _code: 'type' }))));

  test('one above maxRecordSize', () => expectRejected(HEADER + GOOD + GOOD.replace('Acme', 'A'.repeat(5_000)) + GOOD, [
    { _line: '3', _code: 'record_size' },
  ]));

  test('one that is not valid UTF-8 is kept byte for byte', async () => {
    const bytes = Buffer.from(GOOD.replace('Acme', 'Caf\u00e9'), 'latin1');
    const record = await strict.process('incoming/latin1.csv', Buffer.concat([Buffer.from(HEADER), bytes]));

    expect(record.job.status).toBe('FAILED');
    const [row] = await strict.rejected(record);
    expect(row).toMatchObject({ _line: '2', _code: 'encoding', _column: 'merchant', _encoding: 'base64' });
    expect(Buffer.from(row._record, 'base64').equals(bytes.subarray(0, -1))).toBe(true);
  });

  test('a quote that is never closed costs one line, wherever it is', async () => {
    const unclosed = GOOD.replace('Acme', '"Acme');
    const body = HEADER + GOOD.repeat(20_000) + unclosed + GOOD.repeat(20_000);
    const record = await tolerant.process('incoming/unclosed.csv', body);

    expect(record.job).toMatchObject({ status: 'SUCCEEDED', records_read: 40_001, records_written: 40_000, records_rejected: 1 });
    expect(await tolerant.rejected(record)).toEqual([expect.objectContaining({ _line: '20002', _code: 'record_size', _record: unclosed.trimEnd() })]);
    await expectSource(tolerant, record, 'processed', body);
  });
});

describe('what looks odd and is fine', () => {
  test('a file with only a header is published with no record', async () => {
    const record = await strict.process('incoming/header-only.csv', HEADER);

    expect(record.job).toMatchObject({ status: 'SUCCEEDED', records_read: 0, records_written: 0, records_rejected: 0 });
    expect((await strict.published(record)).length).toBe(0);
    await expectSource(strict, record, 'processed', HEADER);
  });

  test.each([
    'incoming/a folder/with spaces.csv',
    'incoming/a+b=c&d.csv',
    'incoming/100%25 of it.csv',
    'incoming/Überweisungen – 東京 😀.csv',
  ])('the key %s', async (key) => {
    const record = await strict.process(key, HEADER + GOOD);

    expect(record.job).toMatchObject({ key, status: 'SUCCEEDED', records_written: 1 });
    expect((await strict.published(record)).toString()).toContain('"transaction_id":"TX1"');
    await expectSource(strict, record, 'processed', HEADER + GOOD);
  });

  test('a directory marker is ignored and stays', async () => {
    await strict.upload('incoming/new-folder/', '');
    const [execution] = await strict.endedFor('incoming/new-folder/');

    expect(execution.status).toBe('SUCCEEDED');
    expect(await strict.jobs.jobsOf('incoming/new-folder/')).toEqual([]);
    expect(await strict.keys('incoming/new-folder/')).toEqual(['incoming/new-folder/']);
  });
});
