import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoJobTable } from '../../src/aws/job-table.client';
import { ChunkOutcome } from '../../src/contract/job-item';
import { ChunkTask } from '../../src/contract/payloads';

type Input = Record<string, any>;

/** A table that gives these answers in order, repeats the last one, and keeps the requests that were sent. */
function tableThat(...answers: Array<() => unknown>) {
  const sent: Input[] = [];
  const send = async ({ input }: { input: Input }) => {
    sent.push(input);
    return (answers.length > 1 ? answers.shift()! : answers[0])();
  };
  return { table: new DynamoJobTable({ send } as unknown as DynamoDBDocumentClient, 'jobs'), sent };
}

const done = () => ({});
const cancelled = (Code: string) => () => {
  throw new TransactionCanceledException({ $metadata: {}, message: Code, CancellationReasons: [{ Code }, { Code: 'None' }] });
};
const refused = () => { throw new ConditionalCheckFailedException({ $metadata: {}, message: 'refused' }); };

const EVENT = { event: 'rejected', at: 0 };
const PROCESSING = { status: ['PROCESSING'], run: 2 } as const;
const TASK: ChunkTask = { fileId: 'f', chunkId: 'chunk-0000000', task: 'PROCESS', run: 2, round: 1, start: 0, end: 9 };

test('a change of the job that conflicts with another write is tried again, and not for ever', async () => {
  const { table, sent } = tableThat(cancelled('TransactionConflict'), cancelled('TransactionConflict'), done);
  expect(await table.changeJob('f', PROCESSING, { run: 3 }, EVENT)).toBe(true);
  expect(sent.length).toBe(3);
  await expect(tableThat(cancelled('TransactionConflict')).table.changeJob('f', PROCESSING, {}, EVENT)).rejects.toThrow('TransactionConflict');
});

test('a change whose condition does not hold is not tried again', async () => {
  const { table, sent } = tableThat(cancelled('ConditionalCheckFailed'));
  expect(await table.changeJob('f', { ...PROCESSING, noVerdict: true }, { error_code: 'not_text' }, EVENT)).toBe(false);
  expect(sent.map(({ TransactItems: [{ Update }] }) => Update.ConditionExpression)).toEqual([
    '#status IN (:if_status_0) AND #run = :if_run AND attribute_not_exists(#error_code)',
  ]);
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
  expect(await table.startChunk(TASK, 1)).toBeUndefined();
  expect(await table.finishChunk(TASK, { actual_end: 9 } as ChunkOutcome, 1)).toBe(false);
  await table.failChunk({ file_id: 'f', chunk_id: 'chunk-0000000', generation: 21 }, 'why', 1);
  expect(sent.map(({ ConditionExpression }) => ConditionExpression)).toEqual([
    'attribute_not_exists(#chunk_status) OR (#generation <= :generation AND (#chunk_status <> :succeeded OR #start <> :start OR #end <> :end '
      + 'OR attribute_exists(#exclusions_key)))',
    '#chunk_status <> :chunk_status AND #generation = :generation',
    '#chunk_status = :processing AND #generation = :generation',
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
  expect(await table.startChunk({ ...TASK, exclusionsKey: 'work/f/exclusions/a' }, 1)).toBe(2);
  const [{ ConditionExpression: condition, UpdateExpression: update, ExpressionAttributeValues: values }] = sent;
  expect(condition).toContain('OR (attribute_not_exists(#exclusions_key) OR #exclusions_key <> :exclusions_key)))');
  expect(update).toContain('#exclusions_key = :exclusions_key');
  expect(values[':exclusions_key']).toBe('work/f/exclusions/a');
});
