import { CHUNK_PREFIX, ChunkItem, ChunkOutcome, EventItem, eventItem, EXECUTION_SORT_KEY, ExecutionItem, generationOf, JobItem, JobStatus } from '../contract/job-item';
import { ChunkTask } from '../contract/payloads';
import { ScanEntry } from '../engine/boundaries/scan-chunk';
import { changedJob, withoutUndefined } from '../ports/changed-job';
import { newEventId } from '../ports/event-id';
import { JobChanges, JobEvent, JobTable } from '../ports/jobs';

type Execution = Pick<ExecutionItem, 'claimed_file_id' | 'closed_at'>;

/**
 * A job table in memory. Methods change it before they await anything, so that two calls at the same time cannot
 * interleave.
 */
export class MemoryJobTable implements JobTable {
  private readonly jobs = new Map<string, JobItem>();
  private readonly executions = new Map<string, Execution>();
  private readonly chunkItems = new Map<string, ChunkItem>();
  private readonly eventItems: EventItem[] = [];

  async claim(job: JobItem, event: JobEvent): Promise<boolean> {
    return this.isFree(job.execution_arn, job.file_id) && this.create(job, event);
  }

  async claimForClosed(job: JobItem, event: JobEvent): Promise<boolean> {
    return this.hasNoOther(job.execution_arn, job.file_id) && this.create(job, event);
  }

  async job(fileId: string): Promise<JobItem | undefined> {
    return this.jobs.get(fileId);
  }

  async changeJob(job: JobItem, changes: JobChanges, event: JobEvent): Promise<JobItem | undefined> {
    const { execution_arn: newArn } = changes;
    if (this.jobs.get(job.file_id)?.revision !== job.revision) return undefined;
    if (newArn !== undefined && !this.isFree(newArn, job.file_id)) return undefined;
    const changed = changedJob(job, changes, event.at);
    this.jobs.set(job.file_id, changed);
    if (newArn !== undefined) this.noteAtExecution(newArn, { claimed_file_id: job.file_id });
    await this.note(job.file_id, changed.run, event);
    return changed;
  }

  async note(fileId: string, run: number, event: JobEvent): Promise<void> {
    this.eventItems.push(eventItem(fileId, run, event, newEventId()));
  }

  async events(fileId: string): Promise<EventItem[]> {
    return this.eventItems.filter((event) => event.file_id === fileId).sort((a, b) => a.at - b.at);
  }

  async closeExecution(executionArn: string, at: number): Promise<string | undefined> {
    const closedAt = this.executions.get(executionArn)?.closed_at ?? at;
    this.noteAtExecution(executionArn, { closed_at: closedAt });
    return this.executions.get(executionArn)?.claimed_file_id;
  }

  async execution(executionArn: string): Promise<ExecutionItem | undefined> {
    const execution = this.executions.get(executionArn);
    return execution && { file_id: executionArn, chunk_id: EXECUTION_SORT_KEY, ...execution };
  }

  async* jobsByStatus(status: JobStatus, since: number): AsyncIterable<JobItem> {
    const found = [...this.jobs.values()].filter((job) => job.status === status && job.timestamp >= since);
    yield* found.sort((a, b) => a.timestamp - b.timestamp);
  }

  async* unsettledJobs(): AsyncIterable<string> {
    for (const job of [...this.jobs.values()]) if (job.unsettled !== undefined) yield job.file_id;
  }

  async startChunk(task: ChunkTask, at: number, expiresAt: number): Promise<number | undefined> {
    const { fileId, chunkId, start, end, exclusionsKey, replaces } = task;
    const existing = this.find(fileId, chunkId);
    const generation = generationOf(task);
    if (existing !== undefined && existing.generation > generation) return undefined;
    const isSameWork = existing?.start === start && existing.end === end && existing.exclusions_key === exclusionsKey;
    const isReplaced = replaces !== undefined && existing?.result_attempt === replaces;
    if (existing?.chunk_status === 'SUCCEEDED' && isSameWork && !isReplaced) return undefined;
    const attempt = (existing?.attempt ?? 0) + 1;
    this.put({
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
    });
    return attempt;
  }

  async finishChunk(task: ChunkTask, outcome: ChunkOutcome, at: number): Promise<boolean> {
    const chunk = this.find(task.fileId, task.chunkId);
    if (chunk === undefined || chunk.chunk_status === 'SUCCEEDED' || chunk.generation !== generationOf(task)) return false;
    this.put({ ...chunk, ...outcome, chunk_status: 'SUCCEEDED', error_message: undefined, updated_at: at });
    return true;
  }

  async failChunk(of: Pick<ChunkItem, 'file_id' | 'chunk_id' | 'generation'>, message: string, at: number): Promise<void> {
    const chunk = this.find(of.file_id, of.chunk_id);
    if (chunk?.chunk_status !== 'PROCESSING' || chunk.generation !== of.generation) return;
    this.put({ ...chunk, chunk_status: 'FAILED', error_message: message, updated_at: at });
  }

  async chunk(fileId: string, chunkId: string): Promise<ChunkItem | undefined> {
    return this.find(fileId, chunkId);
  }

  async saveScan(task: ChunkTask, scan: readonly ScanEntry[], at: number): Promise<void> {
    const chunk = this.find(task.fileId, task.chunkId);
    if (chunk !== undefined) this.put({ ...chunk, scan, updated_at: at });
  }

  async keepChunks(fileId: string, expiresAt: number): Promise<void> {
    for (const chunk of this.chunksOf(fileId)) this.put({ ...chunk, expires_at: expiresAt });
  }

  async* chunks(fileId: string): AsyncIterable<ChunkItem> {
    for (const chunk of this.chunksOf(fileId)) yield chunk;
  }

  /** As DynamoDB does by itself, some time after an item's time is over. */
  expireChunks(at: number): void {
    for (const [id, chunk] of this.chunkItems) if ((chunk.expires_at ?? Infinity) * 1000 <= at) this.chunkItems.delete(id);
  }

  private chunksOf(fileId: string): ChunkItem[] {
    const ids = [...this.chunkItems.keys()].filter((id) => id.startsWith(`${fileId}/${CHUNK_PREFIX}`)).sort();
    return ids.map((id) => this.chunkItems.get(id)!);
  }

  private isFree(executionArn: string, fileId: string): boolean {
    return this.executions.get(executionArn)?.closed_at === undefined && this.hasNoOther(executionArn, fileId);
  }

  private hasNoOther(executionArn: string, fileId: string): boolean {
    return [undefined, fileId].includes(this.executions.get(executionArn)?.claimed_file_id);
  }

  private async create(job: JobItem, event: JobEvent): Promise<boolean> {
    if (this.jobs.has(job.file_id)) return false;
    this.jobs.set(job.file_id, withoutUndefined(job));
    this.noteAtExecution(job.execution_arn, { claimed_file_id: job.file_id });
    await this.note(job.file_id, job.run, event);
    return true;
  }

  private noteAtExecution(executionArn: string, changes: Execution): void {
    this.executions.set(executionArn, { ...this.executions.get(executionArn), ...changes });
  }

  private find(fileId: string, chunkId: string): ChunkItem | undefined {
    return this.chunkItems.get(`${fileId}/${chunkId}`);
  }

  private put(chunk: ChunkItem): void {
    this.chunkItems.set(`${chunk.file_id}/${chunk.chunk_id}`, withoutUndefined(chunk));
  }
}
