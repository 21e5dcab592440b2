import { createdEvent, World } from './support/world';
import { JobContract } from '../../src/contract/job-contract';
import { TransformContract } from '../../src/contract/transform-contract';
import { UserFunction } from '../../src/engine/transform/module-transform';
import { JobReport } from '../../src/steps/report';

const MODULE: TransformContract = { kind: 'module', name: 'mine.mjs', file: 'transform.mjs', sha256: 'a'.repeat(64) };
const FUNCTION: TransformContract = { kind: 'function', batchSize: 2 };
const CSV = 'id,text\n' + Array.from({ length: 40 }, (_, index) => `${index},text ${index}\n`).join('');

function worldOf(transform: TransformContract, contract: Partial<JobContract> = {}): World {
  return new World('Enabled', { transform, maxRejectedRecords: 100, ...contract });
}

async function run(world: World, csv = CSV) {
  const ended = await world.execute(createdEvent(world.land('incoming/a.csv', csv)));
  const report = ended.fileId === undefined ? undefined : JSON.parse(world.outputBucket.text(`reports/file_id=${ended.fileId}.json`) ?? 'null') as JobReport | null;
  return { ended, report, job: await world.job(ended.fileId) };
}

const threeWays: UserFunction = ({ id, text }, context) => {
  if (Number(id) % 4 === 0) return null;
  if (Number(id) % 10 === 3) return context.reject('three', 'id');
  return { id, text: `${String(text)}!` };
};

test('a job publishes what the module returns; job, report, event and metrics count what it leaves out', async () => {
  const world = worldOf(MODULE);
  world.userCode.load = async () => threeWays;
  const { ended, report, job } = await run(world);

  expect(ended.status).toBe('SUCCEEDED');
  expect(world.published().split('\n').slice(0, 3)).toEqual(['{"id":1,"text":"text 1!"}', '{"id":2,"text":"text 2!"}', '{"id":5,"text":"text 5!"}']);
  expect(job.chunk_count).toBeGreaterThan(1);
  expect(job).toMatchObject({ records_read: 40, records_written: 26, records_rejected: 4, records_filtered: 10, rejects_by_code: { transform: 4 } });
  expect(report).toMatchObject({ recordsRead: 40, recordsWritten: 26, recordsRejected: 4, recordsFiltered: 10 });
  expect(report!.chunks.reduce((sum, chunk) => sum + chunk.recordsFiltered, 0)).toBe(10);
  expect(world.announced).toEqual([expect.objectContaining({ recordsRead: 40, recordsWritten: 26, recordsRejected: 4, recordsFiltered: 10 })]);
  expect(world.metrics.get('RecordsFiltered')).toBe(10);
  expect(world.rejectedCsv(ended.fileId!)!.split('\n').slice(1, 3)).toEqual([
    expect.stringMatching(/^5,\d+,transform,id,"three",utf-8,"3,text 3"$/), expect.stringMatching(/^15,\d+,transform,id,"three",utf-8,"13,text 13"$/),
  ]);
});

test('job, report and history have each stage of the workers with its own count and time', async () => {
  const world = worldOf(MODULE);
  world.userCode.load = async () => threeWays;
  const { ended, report, job } = await run(world, CSV + 'none,text\n');
  const records = { validate: 41, transform: 40, write: 26 };
  for (const [stage, count] of Object.entries(records)) {
    const { milliseconds } = job.stages![stage as keyof typeof records];
    expect(milliseconds).toBeGreaterThan(0);
    expect(report!.timings![stage as keyof typeof records]).toEqual({ records: count, seconds: milliseconds / 1000 });
  }
  const entries = (await world.jobs.events(ended.fileId!)).filter(({ stages }) => stages !== undefined);
  expect(entries.map(({ event, stages }) => [event, stages])).toEqual([['processed', job.stages]]);
});

test('without a transform the report has no time of one', async () => {
  const world = new World();
  const { report } = await run(world);
  expect(Object.keys(report!.timings!)).toEqual(['validate', 'write']);
});

test('filtered records are no rejects: where it may, a job of nothing else is published, without a part', async () => {
  const world = worldOf(MODULE, { maxRejectedRecords: 0, allowEmptyOutput: true });
  world.userCode.load = async () => () => null;
  const { ended, job } = await run(world);
  expect(ended.status).toBe('SUCCEEDED');
  expect(job).toMatchObject({ records_read: 40, records_written: 0, records_rejected: 0, records_filtered: 40 });
  expect(world.outputBucket.keys('output/').filter((key) => key.includes('/part-'))).toEqual([]);
});

test('a job of nothing but filtered records fails where it may not', async () => {
  const world = worldOf(MODULE, { maxRejectedRecords: 0 });
  world.userCode.load = async () => () => null;
  expect((await run(world)).job).toMatchObject({
    status: 'FAILED', error_code: 'nothing_to_publish', error_message: expect.stringContaining('got none: 40 left out by the transform'),
  });
});

test('rejects of the transform count against the limit', async () => {
  const world = worldOf(MODULE, { maxRejectedRecords: 3 });
  world.userCode.load = async () => threeWays;
  expect((await run(world)).ended).toMatchObject({ status: 'FAILED', errorCode: 'too_many_rejects' });
});

test('a module that cannot be used fails the job for an infrastructure reason, which names it', async () => {
  const world = worldOf(MODULE);
  world.userCode.load = async ({ name }) => { throw new Error(`expected the transform module ${name} to export a function`); };
  const { ended, job } = await run(world);
  expect(ended.error?.message).toBe('expected the transform module mine.mjs to export a function');
  expect(job).toMatchObject({ status: 'FAILED', error_code: 'infrastructure', resumable: true, error_message: expect.stringContaining('mine.mjs') });
});

test('a function that fails once is called again by the retry of its chunk, and no record is lost or doubled', async () => {
  const world = worldOf(FUNCTION);
  let calls = 0;
  world.userCode.invoke = async (request) => {
    if (++calls === 3) return { hasFailed: true, answer: '{"errorType":"Runtime.OutOfMemory","errorMessage":"killed"}' };
    return { hasFailed: false, answer: request };
  };
  const { ended, job } = await run(world);
  expect(ended.status).toBe('SUCCEEDED');
  expect(job).toMatchObject({ records_read: 40, records_written: 40, records_filtered: 0 });
  expect(world.published()).toBe(Array.from({ length: 40 }, (_, index) => `{"id":${index},"text":"text ${index}"}\n`).join(''));
});

test('the published records have the columns of the output schema', async () => {
  const world = worldOf({ ...MODULE, outputSchema: { fields: [{ name: 'length', type: 'integer' }] } });
  world.userCode.load = async () => ({ text }) => ({ length: String(text).length });
  await run(world, 'id,text\n1,abc\n');
  expect(world.published()).toBe('{"length":3}\n');
});

test('keys are taken of what is published', async () => {
  const world = worldOf({ ...MODULE, outputSchema: { fields: [{ name: 'key', type: 'integer' }], primaryKey: 'key' } });
  world.userCode.load = async () => ({ id }) => Number(id) === 5 ? null : { key: Number(id) % 10 };
  const { job } = await run(world);
  // 15 is the first 5 that is published.
  expect(world.published()).toBe([0, 1, 2, 3, 4, 6, 7, 8, 9, 5].map((key) => `{"key":${key}}\n`).join(''));
  expect(job).toMatchObject({ records_written: 10, records_rejected: 29, records_filtered: 1, rejects_by_code: { unique: 29 } });
});
