import * as fc from 'fast-check';
import { createdEvent, World } from './support/world';
import { JobContract } from '../../src/contract/job-contract';

/** `FUZZ_RUNS=100 npx jest job-split` runs a hundred times as many; fast-check prints the seed of a failure. */
const LONGER = Number(process.env.FUZZ_RUNS ?? 1);

/** All that a user sees of a job: how it ended and why, what was published and what was not. */
async function outcome(content: string, contract: Partial<JobContract>) {
  const world = new World('Enabled', contract);
  const ended = await world.execute(createdEvent(world.land('incoming/a.csv', content)));
  const { records_read, records_written, records_rejected, error_message } = await world.job(ended.fileId);
  return {
    status: ended.status,
    errorCode: ended.errorCode,
    error: ended.error?.message,
    errorMessage: error_message,
    counts: [records_read, records_written, records_rejected],
    published: world.published(),
    rejected: world.rejectedCsv(ended.fileId!),
  };
}

const lines = fc.array(fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 9999 }).map((id) => `${id},record ${id}`) },
  { weight: 1, arbitrary: fc.constantFrom('7,"1,a', '"8,b', 'x"y,z', '","', '"","""",', '9,"', '"', '5,"quoted"', '6,"two\nlines"', '1,"a"b', '"1\n2,c\n3,d"', '', 'none,e', '4') },
), { maxLength: 60 });

const limits = fc.constantFrom<Partial<JobContract>>({}, { maxRejectedRecords: 3 }, { maxRejectedPercentage: 100 });

test('a job ends the same at every chunk size: it fails only if it fails as one chunk, with the same code', async () => {
  const seen = new Set<string>();
  await fc.assert(fc.asyncProperty(
    fc.constantFrom('id,text', 'id,text', 'id,text', 'id,"text', 'id,other'), lines, limits, fc.constantFrom(30, 200, 1024), fc.integer({ min: 1, max: 400 }),
    async (header, body, limit, maxRecordSizeBytes, chunkSizeBytes) => {
      const content = [header, ...body].join('\n');
      const whole = await outcome(content, { ...limit, maxRecordSizeBytes, chunkSizeBytes: 1_000_000 });
      expect(await outcome(content, { ...limit, maxRecordSizeBytes, chunkSizeBytes })).toEqual(whole);
      expect(whole.error).toBeUndefined();
      seen.add(whole.errorCode || whole.status);
    }), {
    numRuns: 150 * LONGER,
    // One of each kind, whatever chance brings.
    examples: [
      ['id,text', ['1,a', '2,b', '3,c'], {}, 1024, 8],
      ['id,text', ['1,a', 'x"y,z', '3,c'], {}, 1024, 8],
      ['id,other', ['1,a'], {}, 1024, 8],
      ['id,text', ['none,a', 'none,b'], { maxRejectedRecords: 3 }, 1024, 8],
    ],
  });
  expect(seen).toEqual(new Set(['SUCCEEDED', 'too_many_rejects', 'nothing_to_publish', 'header_mismatch']));
}, 120_000 * LONGER);
