import {
  ChunkItem, ChunkOutcome, EVENT_PREFIX, EventItem, eventItem, EXECUTION_SORT_KEY, ExecutionItem, FENCE_KEYS, FENCE_SORT_KEY, FenceItem,
  fenceKeyOf, generationOf, JOB_SORT_KEY, JobItem, JobStatus,
} from '../contract/job-item';
import { ChunkTask } from '../contract/payloads';
import { ScanEntry } from '../engine/boundaries/scan-chunk';
import { changedJob, withoutUndefined } from '../ports/changed-job';
import { newEventId } from '../ports/event-id';
import { JobChanges, JobEvent, JobTable } from '../ports/jobs';
import { chunkPrefixOf, Fence, fenceOf, PassiveRegionError, Regions } from '../ports/regions';

export type TableItem = JobItem | ExecutionItem | ChunkItem | EventItem | FenceItem;

/**
 * A job table in memory. Methods change it before they await anything, so that two calls at the same time cannot
 * interleave.
 */
export class MemoryJobTable implements JobTable {
  /** By partition, then by sort key. */
  private readonly partitions = new Map<string, Map<string, TableItem>>();

  /** @param regions where the pipeline has two of them: jobs are changed only in the active one */
  constructor(private readonly regions?: Regions) {}

  async claim(job: JobItem, event: JobEvent): Promise<boolean> {
    this.requireActive(job.file_id);
    return this.isFree(job.execution_arn, job.file_id) && this.create(job, event);
  }

  async claimForClosed(job: JobItem, event: JobEvent): Promise<boolean> {
    this.requireActive(job.file_id);
    return this.hasNoOther(job.execution_arn, job.file_id) && this.create(job, event);
  }

  async job(fileId: string): Promise<JobItem | undefined> {
    return this.item<JobItem>(fileId, JOB_SORT_KEY);
  }

  async changeJob(job: JobItem, changes: JobChanges, event: JobEvent): Promise<JobItem | undefined> {
    this.requireActive(job.file_id);
    const { execution_arn: newArn } = changes;
    if (this.item<JobItem>(job.file_id, JOB_SORT_KEY)?.revision !== job.revision) return undefined;
    if (newArn !== undefined && !this.isFree(newArn, job.file_id)) return undefined;
    const changed = changedJob(job, changes, event.at);
    this.write(changed);
    if (newArn !== undefined) this.noteAtExecution(newArn, { claimed_file_id: job.file_id });
    this.write(eventItem(job.file_id, changed.run, event, newEventId()));
    return changed;
  }

  async note(fileId: string, run: number, event: JobEvent): Promise<void> {
    this.write(eventItem(fileId, run, event, newEventId()));
  }

  async events(fileId: string): Promise<EventItem[]> {
    return this.itemsOf<EventItem>(fileId, EVENT_PREFIX).sort((a, b) => a.at - b.at);
  }

  async closeExecution(executionArn: string, at: number): Promise<string | undefined> {
    const execution = this.item<ExecutionItem>(executionArn, EXECUTION_SORT_KEY);
    this.noteAtExecution(executionArn, { closed_at: execution?.closed_at ?? at });
    return execution?.claimed_file_id;
  }

  async execution(executionArn: string): Promise<ExecutionItem | undefined> {
    return this.item<ExecutionItem>(executionArn, EXECUTION_SORT_KEY);
  }

  async fence(): Promise<FenceItem | undefined> {
    return this.item<FenceItem>(FENCE_KEYS[0], FENCE_SORT_KEY);
  }

  async moveFence({ activeRegion, epoch, since }: Fence): Promise<boolean> {
    if (FENCE_KEYS.some((key) => (this.item<FenceItem>(key, FENCE_SORT_KEY)?.epoch ?? 0) >= epoch)) return false;
    for (const key of FENCE_KEYS) this.write({ file_id: key, chunk_id: FENCE_SORT_KEY, active_region: activeRegion, epoch, since });
    return true;
  }

  async* jobsByStatus(status: JobStatus, since: number): AsyncIterable<JobItem> {
    const found = this.allJobs().filter((job) => job.status === status && job.timestamp >= since);
    yield* found.sort((a, b) => a.timestamp - b.timestamp);
  }

  async* unsettledJobs(): AsyncIterable<string> {
    for (const job of this.allJobs()) if (job.unsettled !== undefined) yield job.file_id;
  }

  async startChunk(task: ChunkTask, at: number, expiresAt: number): Promise<number | undefined> {
    const { fileId, chunkId, start, end, exclusionsKey, replaces } = task;
    const existing = this.item<ChunkItem>(fileId, chunkId);
    const generation = generationOf(task);
    if (existing !== undefined && existing.generation > generation) return undefined;
    const isSameWork = existing?.start === start && existing.end === end && existing.exclusions_key === exclusionsKey;
    const isReplaced = replaces !== undefined && existing?.result_attempt === replaces;
    if (existing?.chunk_status === 'SUCCEEDED' && isSameWork && !isReplaced) return undefined;
    const attempt = (existing?.attempt ?? 0) + 1;
    this.write({
      file_id: fileId,
      chunk_id: chunkId,
      chunk_status: 'PROCESSING',
      attempt,
      generation,
      updated_at: at,
      expires_at: expiresAt,
      start,
      end,
      exclusions_key: exclusionsKey,
      scan: existing?.scan,
      discarded_attempts: existing?.discarded_attempts,
    });
    return attempt;
  }

  async finishChunk(task: ChunkTask, outcome: ChunkOutcome, at: number): Promise<boolean> {
    const chunk = this.item<ChunkItem>(task.fileId, task.chunkId);
    if (chunk === undefined || chunk.chunk_status === 'SUCCEEDED' || chunk.generation !== generationOf(task)) return false;
    if (chunk.discarded_attempts?.includes(outcome.result_attempt)) return false;
    this.write({ ...chunk, ...outcome, chunk_status: 'SUCCEEDED', error_message: undefined, updated_at: at });
    return true;
  }

  async failChunk(of: Pick<ChunkItem, 'file_id' | 'chunk_id' | 'generation'>, message: string, at: number, discarded?: number): Promise<boolean> {
    const chunk = this.item<ChunkItem>(of.file_id, of.chunk_id);
    if (chunk === undefined || chunk.chunk_status === 'SUCCEEDED' || chunk.generation !== of.generation) return false;
    const attempts = discarded === undefined ? chunk.discarded_attempts : [...chunk.discarded_attempts ?? [], discarded];
    this.write({ ...chunk, chunk_status: 'FAILED', error_message: message, updated_at: at, discarded_attempts: attempts });
    return true;
  }

  async chunk(fileId: string, chunkId: string): Promise<ChunkItem | undefined> {
    return this.item<ChunkItem>(fileId, chunkId);
  }

  async saveScan(task: ChunkTask, scan: readonly ScanEntry[], at: number): Promise<void> {
    const chunk = this.item<ChunkItem>(task.fileId, task.chunkId);
    if (chunk !== undefined) this.write({ ...chunk, scan, updated_at: at });
  }

  async keepChunks(fileId: string, expiresAt: number): Promise<void> {
    for (const chunk of this.chunksOf(fileId)) this.write({ ...chunk, expires_at: expiresAt });
  }

  async* chunks(fileId: string): AsyncIterable<ChunkItem> {
    for (const chunk of this.chunksOf(fileId)) yield chunk;
  }

  /** As DynamoDB does by itself, some time after an item's time is over. */
  expireChunks(at: number): void {
    const isOver = (item: TableItem) => 'expires_at' in item && (item.expires_at ?? Infinity) * 1000 <= at;
    for (const items of this.partitions.values()) [...items.values()].filter(isOver).forEach((item) => this.remove(item));
  }

  protected allJobs(): JobItem[] {
    return [...this.partitions.values()].flatMap((items) => (items.get(JOB_SORT_KEY) ?? []) as JobItem | []);
  }

  /** All writes come through here. */
  protected write(item: TableItem): void {
    const { file_id: partition, chunk_id: sortKey } = item;
    const items = this.partitions.get(partition) ?? new Map<string, TableItem>();
    this.partitions.set(partition, items.set(sortKey, withoutUndefined(item)));
  }

  protected remove({ file_id: partition, chunk_id: sortKey }: TableItem): void {
    this.partitions.get(partition)?.delete(sortKey);
  }

  private item<T extends TableItem>(partition: string, sortKey: string): T | undefined {
    return this.partitions.get(partition)?.get(sortKey) as T | undefined;
  }

  private itemsOf<T extends TableItem>(partition: string, sortKeyPrefix: string): T[] {
    return [...this.partitions.get(partition)?.values() ?? []].filter(({ chunk_id: sortKey }) => sortKey.startsWith(sortKeyPrefix)) as T[];
  }

  private chunksOf(fileId: string): ChunkItem[] {
    const ids = this.itemsOf<ChunkItem>(fileId, chunkPrefixOf(this.regions)).map(({ chunk_id: chunkId }) => chunkId).sort();
    return ids.map((chunkId) => this.item<ChunkItem>(fileId, chunkId)!);
  }

  private requireActive(fileId: string): void {
    if (this.regions === undefined) return;
    const { own, primary } = this.regions;
    const fence = fenceOf(this.item<FenceItem>(fenceKeyOf(fileId), FENCE_SORT_KEY), primary);
    if (fence.activeRegion !== own) throw new PassiveRegionError(own, fence);
  }

  private isFree(executionArn: string, fileId: string): boolean {
    return this.item<ExecutionItem>(executionArn, EXECUTION_SORT_KEY)?.closed_at === undefined && this.hasNoOther(executionArn, fileId);
  }

  private hasNoOther(executionArn: string, fileId: string): boolean {
    return [undefined, fileId].includes(this.item<ExecutionItem>(executionArn, EXECUTION_SORT_KEY)?.claimed_file_id);
  }

  private create(job: JobItem, event: JobEvent): boolean {
    if (this.item(job.file_id, JOB_SORT_KEY) !== undefined) return false;
    this.write(job);
    this.noteAtExecution(job.execution_arn, { claimed_file_id: job.file_id });
    this.write(eventItem(job.file_id, job.run, event, newEventId()));
    return true;
  }

  private noteAtExecution(executionArn: string, changes: Pick<ExecutionItem, 'claimed_file_id' | 'closed_at'>): void {
    this.write({ ...this.item<ExecutionItem>(executionArn, EXECUTION_SORT_KEY), file_id: executionArn, chunk_id: EXECUTION_SORT_KEY, ...changes });
  }
}
