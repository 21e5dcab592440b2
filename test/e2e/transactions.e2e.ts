import { DeployedPipeline } from './deployed-pipeline';
import { Transaction, TRANSACTION_HEADER, transactions } from '../../bench/generate-transactions';

/** The published line of a good transaction, from its values alone: no parser, no engine. */
function publishedLine({ values }: Transaction): string {
  const [id, account, date, amount, currency, merchant, category] = values;
  const [units, fraction = ''] = amount.split('.');
  return JSON.stringify({
    transaction_id: id,
    account_id: account,
    transaction_date: inUtc(date),
    amount: `${/^-0+$/.test(units) && /^0*$/.test(fraction) ? '0' : units}.${fraction.padEnd(2, '0')}`,
    currency,
    merchant,
    category: category === '' ? null : category,
  });
}

function inUtc(date: string): string {
  const unitedStates = /^(\d\d)\/(\d\d)\/(\d{4}) (.*)$/.exec(date);
  if (unitedStates) return new Date(`${unitedStates[3]}-${unitedStates[1]}-${unitedStates[2]}T${unitedStates[4]}:00Z`).toISOString();
  return new Date(date.includes('T') ? date : `${date.replace(' ', 'T')}Z`).toISOString();
}

describe('5 MB of transactions in chunks of 1 MiB', () => {
  const pipeline = new DeployedPipeline('Transactions');
  const records = [...transactions({ sizeBytes: 5_000_000, seed: 7 })];
  const file = Buffer.from(TRANSACTION_HEADER + records.map(({ text }) => text).join(''));
  const bad = records.filter(({ fault }) => fault !== undefined);
  const good = records.filter(({ fault }) => fault === undefined);
  let record: Awaited<ReturnType<DeployedPipeline['process']>>;

  beforeAll(async () => {
    record = await pipeline.process('incoming/transactions.csv', file);
  });

  test('every good record is published, in the order of the file, and nothing else', async () => {
    expect(record.job).toMatchObject({
      status: 'SUCCEEDED', records_read: records.length, records_written: good.length, records_rejected: bad.length,
    });
    const expected = good.map((transaction) => publishedLine(transaction) + '\n').join('');
    expect((await pipeline.published(record)).equals(Buffer.from(expected))).toBe(true);
  });

  test('every bad record is in rejected.csv with its reason, its line, its byte and its original text', async () => {
    let line = 2;
    let offset = Buffer.byteLength(TRANSACTION_HEADER);
    const expected: object[] = [];
    for (const { text, fault } of records) {
      if (fault) {
        expected.push(expect.objectContaining({
          _line: String(line), _byte_offset: String(offset), _code: fault.code, _column: fault.column ?? '', _encoding: 'utf-8', _record: text.slice(0, -1),
        }));
      }
      line += text.split('\n').length - 1;
      offset += Buffer.byteLength(text);
    }
    expect(await pipeline.rejected(record)).toEqual(expected);
  });

  test('the chunks tile the file, and each chunk succeeded at its first attempt', async () => {
    const { chunks } = await pipeline.report(record);
    expect(chunks.length).toBeGreaterThanOrEqual(5);
    expect(chunks[0].start).toBe(0);
    expect(chunks.map(({ end }) => end)).toEqual([...chunks.slice(1).map(({ start }) => start), file.length]);
    expect(record.chunks.map(({ chunk_status: status, attempt }) => ({ status, attempt }))).toEqual(chunks.map(() => ({ status: 'SUCCEEDED', attempt: 1 })));
  });

  test('the source lies under processed/, byte for byte', async () => {
    expect(record.job.moved_to).toBe(`processed/${record.job.file_id}/transactions.csv`);
    expect((await pipeline.read(record.job.moved_to!)).equals(file)).toBe(true);
    expect(await pipeline.keys('incoming/transactions.csv')).toEqual([]);
  });

  test('an event that is delivered again starts no second job', async () => {
    const [first] = await pipeline.executionsFor('incoming/transactions.csv');
    const again = await pipeline.ended(await pipeline.start(JSON.parse(first.input!)));

    expect(again.status).toBe('SUCCEEDED');
    expect(await pipeline.jobs.jobsOf('incoming/transactions.csv')).toEqual([record.job]);
  });
});
