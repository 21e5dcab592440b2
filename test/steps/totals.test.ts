import { CONTRACT } from './support/world';
import { RecordCounts } from '../../src/contract/job-item';
import { countAttributes, countsOf } from '../../src/spec/counts';
import { brokenLimit, FinishedChunk, Totals, verdictOf } from '../../src/steps/totals';

function chunk(byColumn: Record<string, number>, more: Partial<FinishedChunk> = {}): FinishedChunk {
  const rejected = Object.values(byColumn).reduce((sum, count) => sum + count, 0);
  return {
    file_id: 'f',
    chunk_id: 'chunk-0000000',
    chunk_status: 'SUCCEEDED',
    attempt: 1,
    generation: 10,
    updated_at: 0,
    start: 0,
    end: 0,
    actual_end: 0,
    lines: 0,
    output_bytes: 0,
    result_attempt: 1,
    ...countAttributes(countsOf({})),
    records_read: rejected + 1,
    records_written: 1,
    records_rejected: rejected,
    rejects_by_code: { type: rejected },
    rejects_by_column: byColumn,
    ...more,
  };
}

function addUp(chunks: readonly FinishedChunk[]): RecordCounts {
  const totals = new Totals();
  for (const one of chunks) totals.add(one);
  return totals.sum;
}

test.each(['amount', 'constructor', 'toString', '__proto__'])('adds up the rejects of a field named %s', (name) => {
  const byColumn = Object.fromEntries([[name, 2]]);
  const { rejects_by_column: sums, records_rejected: rejected } = addUp([chunk(byColumn), chunk(byColumn)]);
  expect(Object.entries(sums)).toEqual([[name, 4]]);
  expect(rejected).toBe(4);
});

test('refuses rejects that are missing by column', () => {
  expect(() => addUp([chunk({ a: 2 }, { rejects_by_column: { a: 1 } })])).toThrow('got 3 = 1 + 2 + 0 (2 rejected by code, 1 by column)');
});

const counts = (rejected: number, read: number) => ({ records_read: read, records_rejected: rejected }) as RecordCounts;

test.each([
  [57, 10_000, 0.57],
  [7, 100, 7],
  [29, 100_000, 0.029],
  [1, 10_000_000_000, 1e-8],
  [10, 10, 100],
  [0, 0, 0],
])('%d of %d rejected records are within %d %%, and one more is not', (rejected, read, maxRejectedPercentage) => {
  const contract = { ...CONTRACT, maxRejectedPercentage };
  expect(brokenLimit(counts(rejected, read), contract)).toBeUndefined();
  expect(brokenLimit(counts(rejected + 1, read), contract)).toMatch(/^expected at most .* % rejected records, got \d+ of \d+$/);
});

const fates = (written: number, rejected: number, filtered: number) =>
  ({ records_read: written + rejected + filtered, records_written: written, records_rejected: rejected, records_filtered: filtered }) as RecordCounts;

test.each([
  [0, 1, 0, '1 rejected'], [0, 0, 3, '3 left out by the transform'], [0, 2, 1, '2 rejected, 1 left out by the transform'],
])('%d written, %d rejected, %d filtered: a limit that blesses nothing', (written, rejected, filtered, why) => {
  const contract = { ...CONTRACT, maxRejectedRecords: 10 };
  const counted = fates(written, rejected, filtered);
  expect(verdictOf(counted, contract)).toEqual({
    error_code: 'nothing_to_publish',
    error_message: `expected a record to publish, got none: ${why} (allowEmptyOutput lets it pass)`,
  });
  expect(verdictOf(counted, { ...contract, allowEmptyOutput: true })).toBeUndefined();
  expect(verdictOf({ ...counted, records_read: counted.records_read + 1, records_written: 1 }, contract)).toBeUndefined();
  if (rejected > 0) expect(verdictOf(counted, { ...contract, maxRejectedRecords: rejected - 1 })?.error_code).toBe('too_many_rejects');
});

test.each([1, 3])('a file with %d of the 2 records of its footer fails: it may have been cut off', (found) => {
  expect(verdictOf({ ...fates(5, 0, 0), footer_records: 2 }, CONTRACT, 2)).toBeUndefined();
  expect(verdictOf({ ...fates(5, 0, 0), footer_records: found }, CONTRACT, 2)).toMatchObject({
    error_code: 'footer_not_found',
    error_message: expect.stringContaining(`expected 2 records to skip at the file's end (skipFooter), got ${found}:`) as string,
  });
});

test.each([
  ['footer_records', '2 skipped as footer'], ['blank_records', '2 blank'], ['comment_lines', '2 skipped as lines before the records, or comments'],
])('a file of which all is skipped fails too: %s', (name, why) => {
  const counted = { ...fates(0, 0, 0), [name]: 2 };
  const skipFooter = name === 'footer_records' ? 2 : 0;
  expect(verdictOf(counted, CONTRACT, skipFooter)).toMatchObject({ error_code: 'nothing_to_publish', error_message: expect.stringContaining(`got none: ${why} (`) as string });
  expect(verdictOf(counted, { ...CONTRACT, allowEmptyOutput: true }, skipFooter)).toBeUndefined();
});

test('a file without any record has nothing to lose', () => {
  expect(verdictOf(fates(0, 0, 0), CONTRACT)).toBeUndefined();
});
