import { deployedDefinition } from '../../simulation/deployed-definition';
import { Announcement, LISTENERS } from '../../simulation/functions';
import { check, outcomeOf, watch } from '../../simulation/invariants';
import { People } from '../../simulation/people';
import { Pipeline } from '../../simulation/pipeline';
import { Random } from '../../simulation/random';
import { runSeed } from '../../simulation/run';
import { scenarioOf } from '../../simulation/scenario';
import { Scheduler } from '../../simulation/scheduler';
import { StateMachine } from '../../simulation/state-machine';
import { Trace } from '../../simulation/trace';
import { CALM, DAY, MINUTE } from '../../simulation/weather';
import { IntakeName } from '../../src/contract/file-keys';
import { Partition } from '../../src/ports/catalog';

/** The last one for a fault that is rare: the topic that takes nothing. */
const SEEDS = [...Array.from({ length: 250 }, (_, index) => index + 1), 683];

let machine: StateMachine;
let traces: string[][];
beforeAll(async () => {
  machine = new StateMachine(JSON.parse(deployedDefinition()));
  traces = [];
  for (const seed of SEEDS) traces.push([...(await runSeed(seed, machine, true)).trace]);
});

test('a seed repeats exactly, also among others', async () => {
  for (const seed of [...SEEDS].reverse().slice(0, 20)) {
    expect((await runSeed(seed, machine, true)).trace).toEqual(traces[SEEDS.indexOf(seed)]);
  }
});

test.each([
  ['a call fails', 'is refused'],
  ['an answer is lost', 'its answer is lost'],
  ['a call is parked, and goes through later', 'goes through at last'],
  ['an answer comes late', 'its answer takes'],
  ['a function crashes', 'the function crashes'],
  ['a function lives on after its time', 'times out, and lives on'],
  ['a function is throttled', 'is throttled'],
  ['a task\'s answer is lost', 'the answer of '],
  ['an execution is stopped', 'ended as ABORTED'],
  ['an execution fails', 'ended as FAILED'],
  ['a file is put', 'puts incoming/'],
  ['a file is deleted', 'deletes incoming/'],
  ['a service is down', 'the service is down'],
  ['uploads expire', 'aborts what is open'],
  ['another schema is deployed', 'schema '],
  ['the sweep runs', 'SweepJobs'],
  ['the sweep starts a file', 'start                        sweep-'],
  ['a publication goes on in another execution', 'start                        resume-'],
  ['a job is resumed by hand', 'start                        operator-'],
  ['a job\'s file is processed once more', 'start                        rerun-'],
  ['somebody resumes a job by the API', 'start                        api-resume-'],
  ['somebody processes a file once more by the API', 'start                        api-rerun-'],
  ['somebody starts a file by the API', 'start                        api-start-'],
  ['chunks are made again whose uploads are gone', '"round":4,'],
  ['a step goes on where its time was up', '"UNFINISHED"'],
  ['the end of a job is told by the sweep', '"announced":1'],
  ['a broken chain is repaired', '"round":2,'],
  ['duplicates are excluded', '"round":3,'],
  ['a batch of the intake queue is started', 'StartJobs'],
  ['a message of the queue was not started', 'come back: not started'],
  ['a batch of the queue has come to nothing', 'come back: nobody has heard of a start'],
  ['a message was received too often', 'goes to the dead-letter queue'],
  ['a message is refused', 'keeps a refused message: expected'],
  ['a partition is added', 'catalog.addPartition('],
  ['a partition is added again', 'answers {"added":0}'],
  ['a partition is added by the repair', '{"repairDays":7}'],
  ['a job that waits is told by a quality check', 'messages.send('],
  ['a quality check finds nothing', 'answers {"findings":0,"reportKey"'],
  ['a file is started by hand', 'start                        by-hand-'],
])('within %s the trace tells of it', (_, text) => {
  expect(traces.some((lines) => lines.some((line) => line.includes(text)))).toBe(true);
});

test.each(['events.announce', 'queue.send', 'topic.publish'])('%s takes nothing at times', (call) => {
  const isRefused = (line: string) => line.includes(` ${call}(`) && /is refused$|fails: the service is down$/.test(line);
  expect(traces.some((lines) => lines.some(isRefused))).toBe(true);
});

describe('a promise that is broken is told', () => {
  const file = 'id,text\n1,a\n';

  /** One file without faults; its event is delivered or not. */
  async function oneFile(never: 0 | 1, { intake = 'events' as IntakeName, content = file, arrange = (_: Pipeline) => {} } = {}): Promise<Pipeline> {
    const random = new Random(1);
    const scenario = { ...scenarioOf(random), guessedStarts: undefined, file: content };
    const weather = { ...CALM, event: { ...CALM.event, never } };
    const trace = new Trace(() => 0, 0, false);
    const pipeline = new Pipeline({ scenario, intake, machine, scheduler: new Scheduler(0), random, weather, trace, versioning: 'Enabled' });
    watch(pipeline);
    arrange(pipeline);
    pipeline.land('incoming/a.csv', content);
    await pipeline.scheduler.run();
    return pipeline;
  }

  const checked = async (pipeline: Pipeline) => check(pipeline, new People(pipeline), async () => [outcomeOf(pipeline, pipeline.table.all[0])]);

  test('not where all went well', async () => {
    expect(await checked(await oneFile(0))).toEqual([]);
  });

  test('a file without a job', async () => {
    expect(await checked(await oneFile(1))).toEqual(['incoming/a.csv (version version-1) has no job']);
  });

  test('a file that starts by itself where files are started by hand', async () => {
    const pipeline = await oneFile(0, { intake: 'manual' });
    expect(pipeline.table.all).toEqual([]);
    pipeline.start('sweep-1', pipeline.land('incoming/b.csv', file));
    await pipeline.scheduler.run();
    expect(await checked(pipeline)).toEqual(['sweep-1 was started, and files are started by hand']);
  });

  test('a message of the intake queue that has come to nothing, a file that is refused, and one that is started twice', async () => {
    const pipeline = await oneFile(0, { intake: 'queue' });
    expect(await checked(pipeline)).toEqual([]);
    pipeline.queue.sent.add('lost');
    await pipeline.queue.keep([...pipeline.queue.sent][0], 'no reason');
    pipeline.start('file-other', pipeline.starts[0].input);
    await pipeline.scheduler.run();
    expect(await checked(pipeline)).toEqual([
      'a file was started twice by the queue',
      expect.stringMatching(/^a file was refused: .*incoming\/a\.csv/),
      'a message has started nothing, and is in no queue any more: lost',
    ]);
  });

  test('a part of a job that is not published, an upload and a file that are lost', async () => {
    const pipeline = await oneFile(0);
    const [job] = pipeline.table.all;
    await pipeline.outputStore.openUpload(`output/file_id=${job.file_id}/part-00009.jsonl`, { contentType: 'text/plain' });
    for (const { key, versionId } of pipeline.landing.bucket.allVersions()) pipeline.landing.bucket.delete(key, { versionId });
    expect(await checked(pipeline)).toEqual([
      `the upload of output/file_id=${job.file_id}/part-00009.jsonl is open for ever`,
      `the file of job ${job.file_id} (SUCCEEDED) is nowhere any more`,
    ]);
  });

  test.each(LISTENERS)('an end that was not told, told wrongly, or told twice: %s', async (to) => {
    const pipeline = await oneFile(0, { content: 'id,text\nnone,a\n' });
    const { announced } = pipeline.functions;
    const own = announced.filter((told) => told.to === to);
    const { fileId } = own[0];
    expect(own).toEqual([{ to, fileId, run: 1, status: 'FAILED', resumable: false, at: expect.any(Number), since: expect.any(Number), message: expect.anything() }]);
    const others = announced.filter((told) => told.to !== to);
    const checkedWith = async (...told: Announcement[]) => {
      announced.splice(0, announced.length, ...others, ...told);
      return checked(pipeline);
    };
    expect(await checkedWith(...own)).toEqual([]);
    expect(await checkedWith()).toEqual([`${to}: the end of job ${fileId} (FAILED) was never told`]);
    expect(await checkedWith(...own, { ...own[0], run: 2 })).toEqual([`${to}: job ${fileId} was told to be FAILED in run 2, and was not`]);
    expect(await checkedWith(...own, ...own)).toEqual([`${to}: job ${fileId} was told to be FAILED in run 1 2 times, and nothing went wrong`]);
  });

  test('steps that tell the bus alone', async () => {
    const arrange = ({ functions }: Pipeline) => {
      const listenersOf = functions.listenersOf.bind(functions);
      functions.listenersOf = (invocation) => ({ ...listenersOf(invocation), notifications: undefined });
    };
    const pipeline = await oneFile(0, { content: 'id,text\nnone,a\n', arrange });
    const { file_id: fileId } = pipeline.table.all[0];
    expect(await checked(pipeline)).toEqual(['queue', 'topic'].map((to) => `${to}: the end of job ${fileId} (FAILED) was never told`));
  });

  test('what the API told and was not so, what it said to have started and never came, and that it failed by itself', async () => {
    const pipeline = await oneFile(0);
    const [job] = pipeline.table.all;
    const answer = (statusCode: number, body: object, asked: object = {}) => pipeline.apiCalls.push({
      request: { method: 'POST', path: '/trigger', pathParameters: {}, queryParameters: {}, headers: { 'idempotency-key': 'k' }, body: JSON.stringify(asked), requestId: 'r' },
      response: { statusCode, headers: {}, body: JSON.stringify(body) },
      at: pipeline.scheduler.now,
    });
    answer(200, { jobId: job.file_id, status: 'FAILED', run: 1 });
    answer(202, { jobId: 'none', executionArn: 'arn-1' }, { action: 'start', key: 'incoming/a.csv' });
    answer(202, { jobId: 'other', executionArn: job.execution_arn }, { action: 'rerun' });
    pipeline.functions.failures.push({ of: 'JobApi', message: 'jobs.job: the answer was lost' }, { of: 'JobApi', message: 'Unexpected token' });
    expect(await checked(pipeline)).toEqual([
      'JobApi failed by itself: Unexpected token',
      `the API told that job ${job.file_id} was FAILED in run 1, and it was not`,
      'the API told of a job none of incoming/a.csv, and there is none',
      `the API told of a job other, and its execution ${job.execution_arn} has claimed ${job.file_id}`,
      'the key k has started two executions',
    ]);
  });

  test('a partition that is missing, there twice, of another form, in a folder without a manifest, or of a job without records', async () => {
    const pipeline = await oneFile(0);
    const [{ file_id: fileId, ingest_date: ingestDate }] = pipeline.table.all;
    const { added } = pipeline.catalog;
    const [own] = added;
    const checkedWith = async (...partitions: Partition[]) => {
      added.splice(0, added.length, ...partitions);
      return checked(pipeline);
    };
    const many = (count: number) => `job ${fileId} (SUCCEEDED, 1 records) has ${count} partitions`;
    expect(own).toMatchObject({ fileId, ingestDate, location: expect.stringContaining(`file_id=${fileId}/`) });
    expect(await checkedWith(own)).toEqual([]);
    expect(await checkedWith()).toEqual([many(0)]);
    expect(await checkedWith(own, own)).toEqual([many(2)]);
    const wrong = { ...own, storage: { ...own.storage, columns: [] }, location: 's3://output/none/' };
    expect(await checkedWith(wrong)).toEqual([
      `the partition of job ${fileId} names s3://output/none/, where no manifest is`,
      expect.stringMatching(`^the partition of job ${fileId} is .*, and its report tells `),
    ]);
  });

  test('a partition of a job that failed', async () => {
    const pipeline = await oneFile(0, { content: 'id,text\nnone,a\n' });
    const other = await oneFile(0);
    const [{ file_id: fileId, records_written: records }] = pipeline.table.all;
    expect(pipeline.catalog.added).toEqual([]);
    pipeline.catalog.added.push({ ...other.catalog.added[0], fileId });
    expect(await checked(pipeline)).toContain(`job ${fileId} (FAILED, ${records} records) has 1 partitions`);
  });

  test('a job that a quality check does not tell, or tells wrongly, and a period that it leaves out', async () => {
    const pipeline = await oneFile(0);
    const { checks } = pipeline.functions;
    const [{ file_id: fileId }] = pipeline.table.all;
    pipeline.checkQuality();
    await pipeline.scheduler.run(pipeline.scheduler.now + DAY);
    pipeline.checkQuality();
    await pipeline.scheduler.run();
    expect(checks).toHaveLength(2);
    expect(await checked(pipeline)).toEqual([]);

    checks[1].told = `1. JOB_OPEN incoming/a.csv (job ${fileId})\n`;
    checks[1].report = { ...checks[1].report!, from: new Date(Date.parse(checks[1].report!.from) + 1000).toISOString() };
    expect(await checked(pipeline)).toEqual([
      `job ${fileId} had ended for good (SUCCEEDED), and a quality check told that it is stuck`,
      expect.stringMatching(/^the quality check up to 1970-01-02.* begins at 1970-01-01.*, which is not where the last one ends$/),
    ]);
  });

  test('a job that waits to be resumed, and is not told', async () => {
    const pipeline = await oneFile(0);
    const [job] = pipeline.table.all;
    const at = pipeline.scheduler.now;
    pipeline.table.histories.set(job.file_id, [{ at, job: { ...job, status: 'FAILED', resumable: true } }]);
    pipeline.functions.checks.push({ since: at + MINUTE, answeredAt: at + MINUTE });
    expect(await checked(pipeline)).toContain(`job ${job.file_id} waited to be resumed, and a quality check did not tell of it`);
  });

  test('other bytes than those of an undisturbed run', async () => {
    const pipeline = await oneFile(0);
    const expected = outcomeOf(pipeline, pipeline.table.all[0]);
    const part = pipeline.output.list().find(({ key }) => key.includes('/part-'))!;
    pipeline.output.put(part.key, 'other');
    const found = await check(pipeline, new People(pipeline), async () => [expected]);
    expect(found).toEqual([expect.stringMatching(/^job \w+ came to .*"published":"other".*, expected one of .*/)]);
  });
});
