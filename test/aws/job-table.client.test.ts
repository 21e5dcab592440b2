import * as timers from 'node:timers/promises';
import { ConditionalCheckFailedException, DynamoDBServiceException, TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoJobTable } from '../../src/aws/job-table.client';
import { ChunkOutcome, JobItem } from '../../src/contract/job-item';
import { ChunkTask } from '../../src/contract/payloads';
import { Regions } from '../../src/ports/regions';

type Input = Record<string, any>;

/** A table that gives these answers in order, repeats the last one, and keeps the requests that were sent. */
const EXPIRY = 4_000_000_000;

function tableThat(...answers: Array<() => unknown>) {
  return tableIn(undefined, ...answers);
}

function tableIn(regions: Regions | undefined, ...answers: Array<() => unknown>) {
  const sent: Input[] = [];
  const send = async ({ input }: { input: Input }) => {
    sent.push(input);
    return (answers.length > 1 ? answers.shift()! : answers[0])();
  };
  return { table: new DynamoJobTable({ send } as unknown as DynamoDBDocumentClient, 'jobs', regions), sent };
}

const done = () => ({});
const cancelled = (...codes: string[]) => () => {
  throw new TransactionCanceledException({ $metadata: {}, message: codes.join(), CancellationReasons: codes.map((Code) => ({ Code })) });
};
const conflict = () => { throw new TransactionConflictException({ $metadata: {}, message: 'conflict' }); };
const refused = () => { throw new ConditionalCheckFailedException({ $metadata: {}, message: 'refused' }); };

const OUTCOME = { actual_end: 9, result_attempt: 3 } as ChunkOutcome;
const EVENT = { event: 'rejected', at: 0 };
const JOB = { file_id: 'f', chunk_id: 'job', run: 2, revision: 7, status: 'PROCESSING', timestamp: 1, execution_arn: 'arn:e' } as JobItem;
const TASK: ChunkTask = { fileId: 'f', chunkId: 'chunk-0000000', planKey: 'plan', task: 'PROCESS', run: 2, round: 1, start: 0, end: 9 };

jest.mock('node:timers/promises', () => ({ setTimeout: jest.fn() }));
let clock = 0;

/** No time passes but that which is waited: as long as it may be. */
beforeEach(() => {
  clock = 1_000_000;
  jest.spyOn(Math, 'random').mockReturnValue(0.999);
  jest.spyOn(Date, 'now').mockImplementation(() => clock);
  jest.mocked(timers.setTimeout).mockImplementation(async (milliseconds = 0) => {
    clock += milliseconds;
    return undefined as never;
  });
});
afterEach(() => { jest.restoreAllMocks(); });

test.each([
  ['the job', ['TransactionConflict', 'None', 'None']],
  ['the execution', ['None', 'TransactionConflict', 'None']],
  ['a table at its limit', ['None', 'None', 'ThrottlingError']],
])('a change that %s keeps from taking place is tried again, and not for ever', async (_, reasons) => {
  const { table, sent } = tableThat(cancelled(...reasons), cancelled(...reasons), done);
  expect(await table.changeJob(JOB, { execution_arn: 'arn:b' }, EVENT)).toMatchObject({ execution_arn: 'arn:b', revision: 8 });
  expect(sent.length).toBe(3);
  const begin = clock;
  await expect(tableThat(cancelled(...reasons)).table.claim(JOB, EVENT)).rejects.toThrow(reasons.join());
  expect(clock - begin).toBe(30_000);
});

describe('a table that is busy', () => {
  const busy = (name: string, $fault: 'client' | 'server' = 'client') => () => { throw new DynamoDBServiceException({ name, $fault, $metadata: {} }); };
  const throttled = busy('ProvisionedThroughputExceededException');
  const item = () => ({ Attributes: { attempt: 3 } });

  test.each([
    ['ThrottlingException', throttled],
    ['RequestLimitExceeded', busy('RequestLimitExceeded')],
    ['a failure of DynamoDB itself', busy('InternalServerError', 'server')],
  ])('is waited for by a worker: %s', async (_, answer) => {
    const { table, sent } = tableThat(...Array.from({ length: 20 }, () => answer), item);
    expect(await table.finishChunk(TASK, OUTCOME, 1, 120_000)).toBe(true);
    expect(sent.length).toBe(21);
  });

  test.each([0, 30, 20_000, 300_001])('is waited for as long as there is time and no longer, and then its own error is told: %d ms', async (patienceMs) => {
    const begin = clock;
    await expect(tableThat(throttled).table.finishChunk(TASK, OUTCOME, 1, patienceMs)).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    expect(clock - begin).toBe(patienceMs);
  });

  test('is not waited for where nobody says so: the client has done that', async () => {
    const calls = [
      async (table: DynamoJobTable) => table.startChunk(TASK, 1, EXPIRY),
      async (table: DynamoJobTable) => table.finishChunk(TASK, OUTCOME, 1),
      // Nor would it be known whether a transaction took place.
      async (table: DynamoJobTable) => table.changeJob(JOB, { error_code: 'not_text' }, EVENT),
    ];
    for (const call of calls) {
      const { table, sent } = tableThat(throttled);
      await expect(call(table)).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
      expect(sent.length).toBe(1);
    }
  });

  test('what does not pass is not waited for', async () => {
    const { table, sent } = tableThat(busy('ValidationException'));
    await expect(table.finishChunk(TASK, OUTCOME, 1, 60_000)).rejects.toMatchObject({ name: 'ValidationException' });
    expect(sent.length).toBe(1);
  });
});

test.each([
  ['the job', ['ConditionalCheckFailed', 'None', 'None']],
  ['the execution', ['None', 'ConditionalCheckFailed', 'None']],
  ['one of them, while the other conflicts', ['TransactionConflict', 'ConditionalCheckFailed', 'None']],
])('a change whose condition on %s does not hold is not tried again', async (_, reasons) => {
  const { table, sent } = tableThat(cancelled(...reasons));
  expect(await table.changeJob(JOB, { execution_arn: 'arn:b' }, EVENT)).toBeUndefined();
  expect(await table.claim(JOB, EVENT)).toBe(false);
  expect(sent.length).toBe(2);
});

const HAS_NO_OTHER = '(attribute_not_exists(#claimed_file_id) OR #claimed_file_id = :claimed_file_id)';

test('the job, its execution and the audit entry are one transaction, on the job as it was read and the execution not being closed', async () => {
  const { table, sent } = tableThat(done);
  await table.changeJob(JOB, { error_code: 'not_text', execution_arn: 'arn:b' }, EVENT);
  await table.claim(JOB, EVENT);
  await table.claimForClosed(JOB, EVENT);
  await table.changeJob(JOB, { error_code: 'not_text' }, EVENT);
  expect(sent.map(({ TransactItems }) => TransactItems.map(({ Put, Update }: Input) => [
    (Put?.Item ?? Update.Key).file_id, (Put?.Item ?? Update.Key).chunk_id.split('-')[0], (Put ?? Update).ConditionExpression,
  ]))).toEqual([
    [['f', 'job', '#revision = :if_revision'], ['arn:b', 'execution', `${HAS_NO_OTHER} AND attribute_not_exists(#closed_at)`], ['f', 'event', undefined]],
    [['f', 'job', 'attribute_not_exists(#file_id)'], ['arn:e', 'execution', `${HAS_NO_OTHER} AND attribute_not_exists(#closed_at)`], ['f', 'event', undefined]],
    [['f', 'job', 'attribute_not_exists(#file_id)'], ['arn:e', 'execution', HAS_NO_OTHER], ['f', 'event', undefined]],
    [['f', 'job', '#revision = :if_revision'], ['f', 'event', undefined]],
  ]);
  const [{ Update: update }] = sent[0].TransactItems;
  expect(update.UpdateExpression).toBe(
    'SET #error_code = :error_code, #execution_arn = :execution_arn, #timestamp = :timestamp, #revision = :revision, #unsettled = :unsettled',
  );
  expect(update.ExpressionAttributeValues).toMatchObject({ ':if_revision': 7, ':revision': 8, ':timestamp': 1 });
});

test('closing an execution waits for the transaction that claims a job for it', async () => {
  const { table, sent } = tableThat(conflict, () => ({ Attributes: { claimed_file_id: 'f' } }));
  expect(await table.closeExecution('arn:e', 5)).toBe('f');
  expect(sent).toHaveLength(2);
  expect(sent[1]).toMatchObject({ Key: { file_id: 'arn:e', chunk_id: 'execution' }, UpdateExpression: 'SET #closed_at = if_not_exists(#closed_at, :at)' });
  expect(sent[1].ConditionExpression).toBeUndefined();
});

test('audit entries of one millisecond do not replace each other', async () => {
  const { table, sent } = tableThat(done);
  await table.note('f', 1, EVENT);
  await table.note('f', 1, EVENT);
  const keys = sent.map(({ Item }) => Item.chunk_id as string);
  expect(keys[0]).toMatch(/^event-1970-01-01T00:00:00\.000Z-rejected-[0-9a-f]{8}$/);
  expect(new Set(keys).size).toBe(2);
});

test('starts, ends and fails a chunk only for the generation of the task', async () => {
  const { table, sent } = tableThat(refused);
  expect(await table.startChunk(TASK, 1, EXPIRY)).toBeUndefined();
  expect(await table.finishChunk(TASK, OUTCOME, 1)).toBe(false);
  const chunk = { file_id: 'f', chunk_id: 'chunk-0000000', generation: 21 };
  expect(await table.failChunk(chunk, 'why', 1)).toBe(false);
  expect(await table.failChunk(chunk, 'why', 1, 3)).toBe(false);
  expect(sent.map(({ ConditionExpression }) => ConditionExpression)).toEqual([
    'attribute_not_exists(#chunk_status) OR (#generation <= :generation AND (#chunk_status <> :succeeded '
      + 'OR #start <> :start OR #end <> :end OR attribute_exists(#exclusions_key)))',
    '#chunk_status <> :chunk_status AND #generation = :generation AND NOT contains(#discarded_attempts, :result_attempt)',
    '#chunk_status <> :succeeded AND #generation = :generation',
    '#chunk_status <> :succeeded AND #generation = :generation',
  ]);
  for (const call of sent) {
    const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = call;
    expect(values[':generation']).toBe(21);
    const used = new Set(`${call.ConditionExpression} ${call.UpdateExpression}`.match(/[#:]\w+/g));
    expect([...used].sort()).toEqual([...Object.keys(names), ...Object.keys(values)].sort());
  }
});

test('a chunk that has its result starts again with other exclusions', async () => {
  const { table, sent } = tableThat(() => ({ Attributes: { attempt: 2 } }));
  expect(await table.startChunk({ ...TASK, exclusionsKey: 'work/f/exclusions/a' }, 1, EXPIRY)).toBe(2);
  const [{ ConditionExpression: condition, UpdateExpression: update, ExpressionAttributeValues: values }] = sent;
  expect(condition).toContain('OR (attribute_not_exists(#exclusions_key) OR #exclusions_key <> :exclusions_key)))');
  expect(update).toContain('#exclusions_key = :exclusions_key');
  expect(values[':exclusions_key']).toBe('work/f/exclusions/a');
});

test('a chunk whose upload is gone starts again only in place of the attempt that made it', async () => {
  const { table, sent } = tableThat(() => ({ Attributes: { attempt: 3 } }));
  expect(await table.startChunk({ ...TASK, replaces: 2 }, 1, EXPIRY)).toBe(3);
  expect(sent[0].ConditionExpression).toContain('OR #result_attempt = :replaces))');
  expect(sent[0].ExpressionAttributeValues[':replaces']).toBe(2);
});

describe('in two regions', () => {
  const regions = { own: 'us-east-1', primary: 'us-east-1', bucket: 'bucket' };
  const standby = { ...regions, own: 'eu-west-1' };

  test.each([
    ['the primary', regions, 'attribute_not_exists(#active_region) OR #active_region = :own_region'],
    ['the standby', standby, '#active_region = :own_region'],
  ])('each transaction of %s on a job checks the fence of the job', async (_, of, condition) => {
    const { table, sent } = tableIn(of, done);
    await table.claim(JOB, EVENT);
    await table.claimForClosed(JOB, EVENT);
    await table.changeJob(JOB, { error_code: 'not_text' }, EVENT);
    for (const { TransactItems } of sent) {
      expect(TransactItems.at(-1)).toEqual({
        ConditionCheck: {
          TableName: 'jobs',
          Key: { file_id: 'fence-f', chunk_id: 'fence' },
          ConditionExpression: condition,
          ExpressionAttributeNames: { '#active_region': 'active_region' },
          ExpressionAttributeValues: { ':own_region': of.own },
        },
      });
    }
  });

  test('a change that the fence refuses says so, also where somebody else has changed the job', async () => {
    const fence = () => ({ Item: { active_region: 'eu-west-1', epoch: 1, since: Date.UTC(2026, 10, 29) } });
    const { table, sent } = tableIn(regions, cancelled('ConditionalCheckFailed', 'None', 'ConditionalCheckFailed'), fence);
    await expect(table.changeJob(JOB, { error_code: 'not_text' }, EVENT)).rejects.toThrow(
      'expected region us-east-1 to be the active one, got eu-west-1, which is active since 2026-11-29T00:00:00.000Z');
    expect(sent[1]).toMatchObject({ Key: { file_id: 'fence-f', chunk_id: 'fence' }, ConsistentRead: true });
  });

  test('what another transaction keeps from the fence is tried again', async () => {
    const { table, sent } = tableIn(regions, cancelled('None', 'None', 'TransactionConflict'), done);
    expect(await table.changeJob(JOB, { error_code: 'not_text' }, EVENT)).toBeDefined();
    expect(sent.length).toBe(2);
  });

  test('the switch is one transaction over all of the fence', async () => {
    const { table, sent } = tableIn(standby, done);
    expect(await table.moveFence({ activeRegion: 'eu-west-1', epoch: 3, since: 5 })).toBe(true);
    expect(sent[0].TransactItems.map(({ Update }: Input) => [Update.Key.file_id, Update.ConditionExpression])).toEqual(
      [...'0123456789abcdef'].map((digit) => [`fence-${digit}`, 'attribute_not_exists(#epoch) OR #epoch < :epoch']));
    expect(await tableIn(standby, cancelled('ConditionalCheckFailed')).table.moveFence({ activeRegion: 'eu-west-1', epoch: 3, since: 5 })).toBe(false);
  });
});
