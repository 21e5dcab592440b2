import { DeployedPipeline } from './deployed-pipeline';
import { ChunkTask } from '../../src/contract/payloads';

/** Records of 40 bytes on a line each; the 1 MiB chunks have about 26,000 of them. */
const HEADER = 'order_id,line_no,note\n';
const RECORDS = 80_000;
const RECORD_BYTES = 40;

/** In one chunk with the first one, chunks apart, and a third of the same key. */
const DUPLICATES = new Map([[1_000, 5], [40_000, 7], [79_999, 7], [60_000, 59_999]]);

function record(index: number): string {
  const key = DUPLICATES.get(index) ?? index;
  return `${key},${key % 3},`.padEnd(RECORD_BYTES - 1, 'x') + '\n';
}

const offsetOf = (index: number): number => HEADER.length + index * RECORD_BYTES;

describe('3 MB with duplicate keys in chunks of 1 MiB', () => {
  const pipeline = new DeployedPipeline('Keyed');
  const indices = Array.from({ length: RECORDS }, (_, index) => index);
  let job: Awaited<ReturnType<DeployedPipeline['process']>>;

  beforeAll(async () => {
    job = await pipeline.process('incoming/orders.csv', HEADER + indices.map(record).join(''));
  });

  test('the first record of each key is published, in the order of the file', async () => {
    expect(job.job).toMatchObject({ status: 'SUCCEEDED', records_read: RECORDS, records_written: RECORDS - 4, records_rejected: 4 });
    const ids = (await pipeline.published(job)).toString().trimEnd().split('\n').map((line) => (JSON.parse(line) as { order_id: number }).order_id);
    expect(ids).toEqual(indices.filter((index) => !DUPLICATES.has(index)));
  });

  test('each later one is in rejected.csv, with where the first one is', async () => {
    const rows = [...DUPLICATES].sort(([a], [b]) => a - b).map(([index, first]) => expect.objectContaining({
      _line: String(index + 2),
      _byte_offset: String(offsetOf(index)),
      _code: 'unique',
      _column: '',
      _message: `must be unique (primaryKey order_id, line_no), the first one is on line ${first + 2} (byte ${offsetOf(first)})`,
    }));
    expect(await pipeline.rejected(job)).toEqual(rows);
  });

  test('only the chunks with later duplicates ran again', async () => {
    const offsets = [...DUPLICATES.keys()].map(offsetOf);
    const hasDuplicate = ({ start, end }: { start: number; end: number }) => offsets.some((offset) => start <= offset && offset < end);
    expect(job.chunks.length).toBeGreaterThan(2);
    // Not by their attempts: a retry counts too.
    const lastRound = JSON.parse((await pipeline.read(job.job.manifest_key!)).toString()) as ChunkTask[];
    expect(lastRound.map(({ chunkId }) => chunkId)).toEqual(job.chunks.filter(hasDuplicate).map(({ chunk_id }) => chunk_id));
  });
});
