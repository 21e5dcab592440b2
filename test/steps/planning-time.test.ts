import { createdEvent, World } from './support/world';
import { JobCapacity } from '../../src/contract/job-contract';
import { planChunks } from '../../src/steps/plan-chunks';
import { validateFile } from '../../src/steps/validate-file';
import { bytesSource } from '../engine/support/engine-run';

const FUNCTION = { memoryMebibytes: 1024, timeoutSeconds: 60 };
const FUNCTIONS = { planChunks: FUNCTION, processChunk: FUNCTION, finalizeJob: FUNCTION };
const CAPACITY: JobCapacity = { workflowTimeoutSeconds: 7200, maxConcurrency: 10, ...FUNCTIONS };

/** A file of some hundred chunks, of which each place to cut takes so long to find. */
async function planned(secondsAPlace: number) {
  const world = new World('Enabled', { capacity: CAPACITY, chunkSizeBytes: 1000, maxRecordSizeBytes: 1000 });
  const source = bytesSource(`id,text\n${'1,abcdefgh\n'.repeat(20_000)}`);
  const event = createdEvent(world.land('incoming/a.csv', 'stands for it'));
  world.source.open = () => source;
  const { fileId } = await validateFile({ event, executionArn: 'arn' }, world.deps);
  let reads = 0;
  world.source.open = () => ({ ...source, read: async (from, to) => { reads++; return source.read(from, to); } });
  const start = Date.now();
  const planning = planChunks({ fileId }, { ...world.deps, now: () => new Date(start + reads * secondsAPlace * 1000) });
  return planning.then(({ status }) => ({ status, reads }), (error: Error) => ({ error: error.message, reads }));
}

test('a file whose places to cut take longer to find than PlanChunks has time ends the run with what to set, before it is cut off', async () => {
  const { error, reads } = await planned(1) as { error: string; reads: number };
  expect(error).toMatch(new RegExp('^expected to find where to cut the file in 57 s, got \\d+ of 220 places in that time: raise steps\\.planChunks\\.timeout \\(up to 15 minutes\\) '
    + 'and steps\\.planChunks\\.memorySize \\(up to 1,769 MiB\\), or set a larger chunkSize, for fewer of them, or a smaller maxRecordSize, to read less of the file at each$'));
  expect(reads).toBeLessThan(100);
});

test('one whose places are found in time is cut', async () => {
  expect(await planned(0.01)).toMatchObject({ status: 'PLANNED' });
});
