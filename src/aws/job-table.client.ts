import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { chunkFailure, chunkFinish, chunkKeep, chunkScan, chunkStart } from './chunk-updates';
import { DynamoTable, ItemKey, itemKey, Write } from './dynamo-table';
import { executionClaim, executionClose, jobUpdate } from './job-update';
import {
  ChunkItem, ChunkOutcome, EVENT_PREFIX, EventItem, eventItem, EXECUTION_SORT_KEY, ExecutionItem, FENCE_KEYS, FENCE_SORT_KEY, FenceItem,
  fenceKeyOf, JOB_SORT_KEY, JobItem, JobStatus, TIMESTAMP_INDEX, UNSETTLED, UNSETTLED_INDEX,
} from '../contract/job-item';
import { ChunkTask } from '../contract/payloads';
import { ScanEntry } from '../engine/boundaries/scan-chunk';
import { inParallel } from '../engine/io/in-parallel';
import { changedJob } from '../ports/changed-job';
import { newEventId } from '../ports/event-id';
import { JobIndex, JobPeriod } from '../ports/job-index';
import { JobChanges, JobEvent, JobTable } from '../ports/jobs';
import { chunkPrefixOf, Fence, fenceOf, PassiveRegionError, Regions } from '../ports/regions';

/** They share a partition, which takes 1,000 writes a second. */
const KEPT_IN_FLIGHT = 4;

/** The job table in DynamoDB. Every decision is a conditional write; reads are strongly consistent. */
export class DynamoJobTable implements JobTable, JobIndex {
  private readonly table: DynamoTable;

  /** @param regions where the pipeline has two of them: jobs are changed only in the active one */
  constructor(dynamo: DynamoDBDocumentClient, tableName: string, private readonly regions?: Regions) {
    this.table = new DynamoTable(dynamo, tableName);
  }

  async claim(job: JobItem, event: JobEvent): Promise<boolean> {
    return this.create(job, event, { evenIfClosed: false });
  }

  async claimForClosed(job: JobItem, event: JobEvent): Promise<boolean> {
    return this.create(job, event, { evenIfClosed: true });
  }

  async job(fileId: string): Promise<JobItem | undefined> {
    return this.table.get<JobItem>(jobKey(fileId));
  }

  async changeJob(job: JobItem, changes: JobChanges, event: JobEvent): Promise<JobItem | undefined> {
    const changed = changedJob(job, changes, event.at);
    const { file_id: fileId, execution_arn: arn } = changed;
    const done = await this.transact(fileId, [
      this.table.change(jobKey(fileId), jobUpdate(job, changes, changed)),
      ...changes.execution_arn === undefined ? [] : [this.table.change(executionKey(arn), executionClaim(fileId, { evenIfClosed: false }))],
      this.table.addition(eventItem(fileId, changed.run, event, newEventId())),
    ]);
    return done ? changed : undefined;
  }

  async note(fileId: string, run: number, event: JobEvent): Promise<void> {
    await this.table.put(eventItem(fileId, run, event, newEventId()));
  }

  async events(fileId: string): Promise<EventItem[]> {
    const events: EventItem[] = [];
    for await (const event of this.table.items<EventItem>(fileId, EVENT_PREFIX)) events.push(event);
    return events;
  }

  async closeExecution(executionArn: string, at: number): Promise<string | undefined> {
    const execution = await this.table.update<ExecutionItem>(executionKey(executionArn), executionClose(at));
    return execution?.claimed_file_id;
  }

  async execution(executionArn: string): Promise<ExecutionItem | undefined> {
    return this.table.get<ExecutionItem>(executionKey(executionArn));
  }

  async fence(): Promise<FenceItem | undefined> {
    return this.fenceAt(FENCE_KEYS[0]);
  }

  async moveFence({ activeRegion, epoch, since }: Fence): Promise<boolean> {
    const refused = await this.table.transact(FENCE_KEYS.map((key) => this.table.change(itemKey(key, FENCE_SORT_KEY), {
      changes: { active_region: activeRegion, epoch, since },
      condition: 'attribute_not_exists(#epoch) OR #epoch < :epoch',
    })));
    return refused.length === 0;
  }

  jobsByStatus(status: JobStatus, since: number): AsyncIterable<JobItem> {
    const { name, partitionKey, sortKey } = TIMESTAMP_INDEX;
    return this.table.query<JobItem>({
      index: name,
      key: `#${partitionKey} = :status AND #${sortKey} >= :since`,
      values: { ':status': status, ':since': since },
    });
  }

  newestJobs(status: JobStatus, { from, to, after, pageSize }: JobPeriod): AsyncIterable<JobItem> {
    const { name, partitionKey, sortKey } = TIMESTAMP_INDEX;
    return this.table.query<JobItem>({
      index: name,
      // Times are whole milliseconds, and BETWEEN has its upper end within.
      key: `#${partitionKey} = :status AND #${sortKey} BETWEEN :from AND :last`,
      values: { ':status': status, ':from': from, ':last': to - 1 },
      page: {
        size: pageSize,
        isDescending: true,
        after: after && { ...jobKey(after.fileId), [partitionKey]: status, [sortKey]: after.timestamp },
      },
    });
  }

  async* unsettledJobs(): AsyncIterable<string> {
    const { name, partitionKey } = UNSETTLED_INDEX;
    const keys = this.table.query<ItemKey>({ index: name, key: `#${partitionKey} = :unsettled`, values: { ':unsettled': UNSETTLED } });
    for await (const { file_id: fileId } of keys) yield fileId;
  }

  async startChunk(task: ChunkTask, at: number, expiresAt: number): Promise<number | undefined> {
    const chunk = await this.table.update<ChunkItem>(chunkKey(task), chunkStart(task, at, expiresAt));
    return chunk?.attempt;
  }

  async finishChunk(task: ChunkTask, outcome: ChunkOutcome, at: number, patienceMs?: number): Promise<boolean> {
    return await this.table.update(chunkKey(task), chunkFinish(task, outcome, at), patienceMs) !== undefined;
  }

  async failChunk({ file_id: fileId, chunk_id: id, generation }: Pick<ChunkItem, 'file_id' | 'chunk_id' | 'generation'>, message: string, at: number,
    discarded?: number): Promise<boolean> {
    return await this.table.update(itemKey(fileId, id), chunkFailure(generation, message, at, discarded)) !== undefined;
  }

  async chunk(fileId: string, chunkId: string): Promise<ChunkItem | undefined> {
    return this.table.get<ChunkItem>(itemKey(fileId, chunkId));
  }

  async saveScan(task: ChunkTask, scan: readonly ScanEntry[], at: number): Promise<void> {
    await this.table.update(chunkKey(task), chunkScan(scan, at));
  }

  async keepChunks(fileId: string, expiresAt: number): Promise<void> {
    await inParallel(this.chunks(fileId), KEPT_IN_FLIGHT, async (chunk) => {
      await this.table.update(itemKey(fileId, chunk.chunk_id), chunkKeep(expiresAt));
    });
  }

  chunks(fileId: string): AsyncIterable<ChunkItem> {
    return this.table.items<ChunkItem>(fileId, chunkPrefixOf(this.regions));
  }

  private async fenceAt(key: string): Promise<FenceItem | undefined> {
    return this.table.get<FenceItem>(itemKey(key, FENCE_SORT_KEY));
  }

  /**
   * @returns false when a condition does not hold
   * @throws PassiveRegionError
   */
  private async transact(fileId: string, writes: readonly Write[]): Promise<boolean> {
    if (this.regions === undefined) return (await this.table.transact(writes)).length === 0;
    const { own, primary } = this.regions;
    const key = fenceKeyOf(fileId);
    const isActive = `${own === primary ? 'attribute_not_exists(#active_region) OR ' : ''}#active_region = :own_region`;
    const refused = await this.table.transact([...writes, this.table.check(itemKey(key, FENCE_SORT_KEY), isActive, { ':own_region': own })]);
    if (refused.includes(writes.length)) throw new PassiveRegionError(own, fenceOf(await this.fenceAt(key), primary));
    return refused.length === 0;
  }

  private async create(job: JobItem, event: JobEvent, { evenIfClosed }: { readonly evenIfClosed: boolean }): Promise<boolean> {
    return this.transact(job.file_id, [
      this.table.creation(job),
      this.table.change(executionKey(job.execution_arn), executionClaim(job.file_id, { evenIfClosed })),
      this.table.addition(eventItem(job.file_id, job.run, event, newEventId())),
    ]);
  }
}

function jobKey(fileId: string) {
  return itemKey(fileId, JOB_SORT_KEY);
}

function executionKey(arn: string) {
  return itemKey(arn, EXECUTION_SORT_KEY);
}

function chunkKey({ fileId, chunkId }: ChunkTask) {
  return itemKey(fileId, chunkId);
}
