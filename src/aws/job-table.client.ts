import { setTimeout as sleep } from 'node:timers/promises';
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient, GetCommand, paginateQuery, PutCommand, QueryCommandInput, TransactWriteCommand, TransactWriteCommandInput,
  UpdateCommand, UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { placeholders, updateExpression } from './update-expression';
import {
  CHUNK_PREFIX, ChunkItem, ChunkOutcome, EVENT_PREFIX, EventItem, eventItem, generationOf, JOB_SORT_KEY, JobItem, JobStatus, OPEN_JOB_STATUSES,
  OUTCOME_ATTRIBUTES, PARTITION_KEY, SORT_KEY, TIMESTAMP_INDEX,
} from '../contract/job-item';
import { ChunkTask } from '../contract/payloads';
import { ScanEntry } from '../engine/boundaries/scan-chunk';
import { JobChanges, JobCondition, JobEvent, JobTable } from '../ports/jobs';

/** Of a transaction that conflicts with another one. */
const MAX_TRIES = 5;
const FIRST_DELAY_MILLISECONDS = 25;

/** The job table in DynamoDB. Whatever decides something is a conditional write; reads are strongly consistent. */
export class DynamoJobTable implements JobTable {
  constructor(private readonly dynamo: DynamoDBDocumentClient, private readonly tableName: string) {}

  async claim(job: JobItem, event: JobEvent): Promise<JobItem | undefined> {
    const isNew = await this.transact(
      {
        Put: {
          TableName: this.tableName,
          Item: job,
          ConditionExpression: `attribute_not_exists(#${PARTITION_KEY})`,
          ExpressionAttributeNames: placeholders(PARTITION_KEY),
        },
      },
      eventItem(job.file_id, job.run, event),
    );
    return isNew ? undefined : this.job(job.file_id);
  }

  async job(fileId: string): Promise<JobItem | undefined> {
    return this.get<JobItem>(fileId, JOB_SORT_KEY);
  }

  async changeJob(fileId: string, onlyIf: JobCondition, changes: JobChanges, event: JobEvent): Promise<boolean> {
    const update = updateExpression(changes.status === undefined ? changes : { ...changes, timestamp: event.at });
    const statuses = Object.fromEntries(onlyIf.status.map((status, index) => [`:if_status_${index}`, status]));
    return this.transact(
      {
        Update: {
          ...update,
          TableName: this.tableName,
          Key: itemKey(fileId, JOB_SORT_KEY),
          ConditionExpression: [
            `#status IN (${Object.keys(statuses).join(', ')}) AND #run = :if_run`,
            ...(onlyIf.noVerdict === true ? ['attribute_not_exists(#error_code)'] : []),
          ].join(' AND '),
          ExpressionAttributeNames: {
            ...update.ExpressionAttributeNames, ...placeholders('status', 'run', ...(onlyIf.noVerdict === true ? ['error_code'] : [])),
          },
          ExpressionAttributeValues: { ...update.ExpressionAttributeValues, ...statuses, ':if_run': onlyIf.run },
        },
      },
      eventItem(fileId, changes.run ?? onlyIf.run, event),
    );
  }

  async note(fileId: string, run: number, event: JobEvent): Promise<void> {
    await this.dynamo.send(new PutCommand({ TableName: this.tableName, Item: eventItem(fileId, run, event) }));
  }

  async events(fileId: string): Promise<EventItem[]> {
    const events: EventItem[] = [];
    for await (const event of this.items<EventItem>(fileId, EVENT_PREFIX)) events.push(event);
    return events;
  }

  async jobOfExecution(executionArn: string, since: number): Promise<JobItem | undefined> {
    const { name, partitionKey, sortKey } = TIMESTAMP_INDEX;
    const statuses: Array<readonly [JobStatus, number]> = [
      ...OPEN_JOB_STATUSES.map((status) => [status, 0] as const), ['FAILED', since], ['SUCCEEDED', since],
    ];
    const found = await Promise.all(statuses.map(async ([status, from]) => {
      const jobs = this.query<JobItem>({
        TableName: this.tableName,
        IndexName: name,
        KeyConditionExpression: `#${partitionKey} = :status AND #${sortKey} >= :from`,
        FilterExpression: '#execution_arn = :execution_arn',
        ExpressionAttributeNames: placeholders(partitionKey, sortKey, 'execution_arn'),
        ExpressionAttributeValues: { ':status': status, ':from': from, ':execution_arn': executionArn },
      });
      for await (const job of jobs) return job;
      return undefined;
    }));
    // The index lags behind: the item itself decides.
    const candidate = found.find((job) => job !== undefined);
    const job = candidate && await this.job(candidate.file_id);
    return job?.execution_arn === executionArn ? job : undefined;
  }

  async startChunk(task: ChunkTask, at: number): Promise<number | undefined> {
    const { start, end, exclusionsKey } = task;
    const hasOtherExclusions = exclusionsKey === undefined
      ? 'attribute_exists(#exclusions_key)'
      : '(attribute_not_exists(#exclusions_key) OR #exclusions_key <> :exclusions_key)';
    const cleared = Object.fromEntries([...Object.keys(OUTCOME_ATTRIBUTES), 'error_message'].map((name) => [name, undefined]));
    const update = updateExpression({ chunk_status: 'PROCESSING', generation: generationOf(task), start, end, exclusions_key: exclusionsKey, updated_at: at, ...cleared });
    return this.update<ChunkItem>({
      ...update,
      Key: itemKey(task.fileId, task.chunkId),
      UpdateExpression: update.UpdateExpression.replace('SET ', 'SET #attempt = if_not_exists(#attempt, :zero) + :one, '),
      ConditionExpression: 'attribute_not_exists(#chunk_status) OR '
        + `(#generation <= :generation AND (#chunk_status <> :succeeded OR #start <> :start OR #end <> :end OR ${hasOtherExclusions}))`,
      ExpressionAttributeNames: { ...update.ExpressionAttributeNames, ...placeholders('attempt') },
      ExpressionAttributeValues: { ...update.ExpressionAttributeValues, ':zero': 0, ':one': 1, ':succeeded': 'SUCCEEDED' },
    }).then((chunk) => chunk?.attempt);
  }

  async finishChunk(task: ChunkTask, outcome: ChunkOutcome, at: number): Promise<boolean> {
    const update = updateExpression({ ...outcome, chunk_status: 'SUCCEEDED', updated_at: at, error_message: undefined });
    const finished = await this.update({
      ...update,
      Key: itemKey(task.fileId, task.chunkId),
      ConditionExpression: '#chunk_status <> :chunk_status AND #generation = :generation',
      ExpressionAttributeNames: { ...update.ExpressionAttributeNames, ...placeholders('generation') },
      ExpressionAttributeValues: { ...update.ExpressionAttributeValues, ':generation': generationOf(task) },
    });
    return finished !== undefined;
  }

  async failChunk(chunk: Pick<ChunkItem, 'file_id' | 'chunk_id' | 'generation'>, message: string, at: number): Promise<void> {
    const update = updateExpression({ chunk_status: 'FAILED', error_message: message, updated_at: at });
    await this.update({
      ...update,
      Key: itemKey(chunk.file_id, chunk.chunk_id),
      ConditionExpression: '#chunk_status = :processing AND #generation = :generation',
      ExpressionAttributeNames: { ...update.ExpressionAttributeNames, ...placeholders('generation') },
      ExpressionAttributeValues: { ...update.ExpressionAttributeValues, ':processing': 'PROCESSING', ':generation': chunk.generation },
    });
  }

  async chunk(fileId: string, chunkId: string): Promise<ChunkItem | undefined> {
    return this.get<ChunkItem>(fileId, chunkId);
  }

  async saveScan(task: ChunkTask, scan: readonly ScanEntry[], at: number): Promise<void> {
    const update = updateExpression({ scan, updated_at: at });
    await this.update({
      ...update,
      Key: itemKey(task.fileId, task.chunkId),
      ConditionExpression: 'attribute_exists(#chunk_status)',
      ExpressionAttributeNames: { ...update.ExpressionAttributeNames, ...placeholders('chunk_status') },
    });
  }

  chunks(fileId: string): AsyncIterable<ChunkItem> {
    return this.items<ChunkItem>(fileId, CHUNK_PREFIX);
  }

  private async get<T>(fileId: string, sortKey: string): Promise<T | undefined> {
    const { Item } = await this.dynamo.send(new GetCommand({
      TableName: this.tableName, Key: itemKey(fileId, sortKey), ConsistentRead: true,
    }));
    return Item as T | undefined;
  }

  /** Undefined when the condition does not hold; else the item as it is now. */
  private async update<T>(input: Omit<UpdateCommandInput, 'TableName'>): Promise<T | undefined> {
    try {
      const { Attributes } = await this.dynamo.send(new UpdateCommand({ ...input, TableName: this.tableName, ReturnValues: 'ALL_NEW' }));
      return Attributes as T;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }

  /** The change and its audit entry, both or none. False when the change's condition does not hold. */
  private async transact(change: NonNullable<TransactWriteCommandInput['TransactItems']>[number], event: EventItem): Promise<boolean> {
    for (let tries = 1; ; tries++) {
      try {
        await this.dynamo.send(new TransactWriteCommand({ TransactItems: [change, { Put: { TableName: this.tableName, Item: event } }] }));
        return true;
      } catch (error) {
        const reason = error instanceof TransactionCanceledException ? error.CancellationReasons?.[0]?.Code : undefined;
        if (reason === 'ConditionalCheckFailed') return false;
        // Another write to the item at the same time: the SDK leaves it to us to try again.
        if (reason !== 'TransactionConflict' || tries === MAX_TRIES) throw error;
        await sleep(Math.random() * FIRST_DELAY_MILLISECONDS * 2 ** tries);
      }
    }
  }

  private items<T>(fileId: string, sortKeyPrefix: string): AsyncIterable<T> {
    return this.query<T>({
      TableName: this.tableName,
      KeyConditionExpression: `#${PARTITION_KEY} = :file_id AND begins_with(#${SORT_KEY}, :prefix)`,
      ExpressionAttributeNames: placeholders(PARTITION_KEY, SORT_KEY),
      ExpressionAttributeValues: { ':file_id': fileId, ':prefix': sortKeyPrefix },
      ConsistentRead: true,
    });
  }

  private async* query<T>(input: QueryCommandInput): AsyncIterable<T> {
    for await (const page of paginateQuery({ client: this.dynamo }, input)) yield* (page.Items ?? []) as T[];
  }
}

function itemKey(fileId: string, sortKey: string): Record<string, string> {
  return { [PARTITION_KEY]: fileId, [SORT_KEY]: sortKey };
}
