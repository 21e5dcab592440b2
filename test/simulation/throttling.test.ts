import { deployedDefinition } from '../../simulation/deployed-definition';
import { Random } from '../../simulation/random';
import { Scheduler } from '../../simulation/scheduler';
import { Ended, StateMachine, TaskError } from '../../simulation/state-machine';

const SECOND = 1000;
const ACCOUNT_CONCURRENCY = 1000;
const FILES = 300;
const CHUNKS = 40;

/** Lambda as far as its account's concurrency: a call beyond it is throttled, the others take their time. */
async function runFiles(): Promise<{ readonly ended: Ended[]; readonly throttled: number; readonly seconds: number }> {
  const machine = new StateMachine(JSON.parse(deployedDefinition()));
  const scheduler = new Scheduler(0);
  const random = new Random(7);
  let running = 0;
  let throttled = 0;
  const invoke = async (resource: string): Promise<unknown> => {
    if (running >= ACCOUNT_CONCURRENCY) {
      throttled++;
      throw new TaskError('Lambda.TooManyRequestsException');
    }
    running++;
    await scheduler.sleep(resource.includes('ProcessChunk') ? 30 * SECOND : SECOND);
    running--;
    if (resource.includes('ValidateFile')) return { status: 'VALID', fileId: 'f' };
    if (resource.includes('PlanChunks')) return { status: 'PLANNED', fileId: 'f', manifestKey: 'm' };
    if (resource.includes('FinalizeJob')) return { status: 'PUBLISHED', fileId: 'f' };
    if (resource.includes('MoveSource')) return { status: 'SUCCEEDED', fileId: 'f', errorCode: '', errorMessage: '' };
    return {};
  };
  const executions = Array.from({ length: FILES }, (_, index) => machine.start(`arn:${index}`, {}, {
    invoke,
    readItems: async () => Array.from({ length: CHUNKS }, (__, chunk) => ({ chunk })),
    sleep: async (milliseconds) => scheduler.sleep(milliseconds),
    random: () => random.next(),
  }));
  const all = Promise.all(executions.map(async ({ ended }) => ended));
  let end = 0;
  void all.then(() => { end = scheduler.now; });
  await scheduler.run();
  return { ended: await all, throttled, seconds: end / SECOND };
}

test('waiting fails no job: 300 files of 40 chunks of 30 s, where Lambda runs 1,000 at once', async () => {
  const { ended, throttled, seconds } = await runFiles();
  expect(ended.filter(({ status }) => status !== 'SUCCEEDED')).toEqual([]);
  // They did wait: three thousand chunks want to run at a time.
  expect(throttled).toBeGreaterThan(FILES);
  expect(seconds).toBeLessThan(7200);
});
