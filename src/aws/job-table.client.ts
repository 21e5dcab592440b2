import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { chunkFailure, chunkFinish, chunkScan, chunkStart } from './chunk-updates';
import { DynamoTable, itemKey } from './dynamo-table';
import { jobUpdate } from './job-update';
import {
  CHUNK_PREFIX, ChunkItem, ChunkOutcome, ENDED_JOB_STATUSES, EVENT_PREFIX, EventItem, eventItem, JOB_SORT_KEY, JobItem, JobStatus, OPEN_JOB_STATUSES,
  TIMESTAMP_INDEX,
} from '../contract/job-item';
import { ChunkTask } from '../contract/payloads';
import { ScanEntry } from '../engine/boundaries/scan-chunk';
import { newEventId } from '../ports/event-id';
import { JobChanges, JobCondition, JobEvent, JobTable } from '../ports/jobs';

/** The job table in DynamoDB. Every decision is a conditional write; reads are strongly consistent. */
export class DynamoJobTable implements JobTable {
  private readonly table: DynamoTable;

  constructor(dynamo: DynamoDBDocumentClient, tableName: string) {
    this.table = new DynamoTable(dynamo, tableName);
  }

  async claim(job: JobItem, event: JobEvent): Promise<JobItem | undefined> {
    const isNew = await this.table.create(job, eventItem(job.file_id, job.run, event, newEventId()));
    return isNew ? undefined : this.job(job.file_id);
  }

  async job(fileId: string): Promise<JobItem | undefined> {
    return this.table.get<JobItem>(jobKey(fileId));
  }

  async changeJob(fileId: string, onlyIf: JobCondition, changes: JobChanges, event: JobEvent): Promise<boolean> {
    const entry = eventItem(fileId, changes.run ?? onlyIf.run, event, newEventId());
    return this.table.updateWith(jobKey(fileId), jobUpdate(onlyIf, changes, event.at), entry);
  }

  async note(fileId: string, run: number, event: JobEvent): Promise<void> {
    await this.table.put(eventItem(fileId, run, event, newEventId()));
  }

  async events(fileId: string): Promise<EventItem[]> {
    const events: EventItem[] = [];
    for await (const event of this.table.items<EventItem>(fileId, EVENT_PREFIX)) events.push(event);
    return events;
  }

  async jobOfExecution(executionArn: string, since: number): Promise<JobItem | undefined> {
    const found = await Promise.all([
      ...OPEN_JOB_STATUSES.map(async (status) => this.indexedJob(executionArn, status, 0)),
      ...ENDED_JOB_STATUSES.map(async (status) => this.indexedJob(executionArn, status, since)),
    ]);
    // The index may be out of date, so the item itself decides.
    const candidate = found.find((job) => job !== undefined);
    const job = candidate && await this.job(candidate.file_id);
    return job?.execution_arn === executionArn ? job : undefined;
  }

  async startChunk(task: ChunkTask, at: number): Promise<number | undefined> {
    const chunk = await this.table.update<ChunkItem>(chunkKey(task), chunkStart(task, at));
    return chunk?.attempt;
  }

  async finishChunk(task: ChunkTask, outcome: ChunkOutcome, at: number): Promise<boolean> {
    return await this.table.update(chunkKey(task), chunkFinish(task, outcome, at)) !== undefined;
  }

  async failChunk(chunk: Pick<ChunkItem, 'file_id' | 'chunk_id' | 'generation'>, message: string, at: number): Promise<void> {
    await this.table.update(itemKey(chunk.file_id, chunk.chunk_id), chunkFailure(chunk.generation, message, at));
  }

  async chunk(fileId: string, chunkId: string): Promise<ChunkItem | undefined> {
    return this.table.get<ChunkItem>(itemKey(fileId, chunkId));
  }

  async saveScan(task: ChunkTask, scan: readonly ScanEntry[], at: number): Promise<void> {
    await this.table.update(chunkKey(task), chunkScan(scan, at));
  }

  chunks(fileId: string): AsyncIterable<ChunkItem> {
    return this.table.items<ChunkItem>(fileId, CHUNK_PREFIX);
  }

  /** The execution's job, as the index has it, if it reached this status at `from` or later. */
  private async indexedJob(executionArn: string, status: JobStatus, from: number): Promise<JobItem | undefined> {
    const { name, partitionKey, sortKey } = TIMESTAMP_INDEX;
    const jobs = this.table.query<JobItem>({
      index: name,
      key: `#${partitionKey} = :status AND #${sortKey} >= :from`,
      filter: '#execution_arn = :execution_arn',
      values: { ':status': status, ':from': from, ':execution_arn': executionArn },
    });
    for await (const job of jobs) return job;
    return undefined;
  }
}

function jobKey(fileId: string) {
  return itemKey(fileId, JOB_SORT_KEY);
}

function chunkKey({ fileId, chunkId }: ChunkTask) {
  return itemKey(fileId, chunkId);
}
