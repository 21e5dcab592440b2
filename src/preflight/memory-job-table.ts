import { CHUNK_PREFIX, ChunkItem, ChunkOutcome, EventItem, eventItem, generationOf, hasEnded, JobItem } from '../contract/job-item';
import { ChunkTask } from '../contract/payloads';
import { ScanEntry } from '../engine/boundaries/scan-chunk';
import { newEventId } from '../ports/event-id';
import { JobChanges, JobCondition, JobEvent, JobTable } from '../ports/jobs';

/**
 * A job table in memory. Methods change it before they await anything, so that two calls at the same time cannot
 * interleave.
 */
export class MemoryJobTable implements JobTable {
  private readonly jobs = new Map<string, JobItem>();
  private readonly chunkItems = new Map<string, ChunkItem>();
  private readonly eventItems: EventItem[] = [];

  async claim(job: JobItem, event: JobEvent): Promise<JobItem | undefined> {
    const existing = this.jobs.get(job.file_id);
    if (existing !== undefined) return existing;
    this.jobs.set(job.file_id, withoutUndefined(job));
    await this.note(job.file_id, job.run, event);
    return undefined;
  }

  async job(fileId: string): Promise<JobItem | undefined> {
    return this.jobs.get(fileId);
  }

  async changeJob(fileId: string, onlyIf: JobCondition, changes: JobChanges, event: JobEvent): Promise<boolean> {
    const job = this.jobs.get(fileId);
    if (job === undefined || !onlyIf.status.includes(job.status) || job.run !== onlyIf.run) return false;
    if (onlyIf.noVerdict === true && job.error_code !== undefined) return false;
    const timestamp = changes.status === undefined ? job.timestamp : event.at;
    const changed = withoutUndefined({ ...job, ...changes, timestamp } as JobItem);
    this.jobs.set(fileId, changed);
    await this.note(fileId, changed.run, event);
    return true;
  }

  async note(fileId: string, run: number, event: JobEvent): Promise<void> {
    this.eventItems.push(eventItem(fileId, run, event, newEventId()));
  }

  async events(fileId: string): Promise<EventItem[]> {
    return this.eventItems.filter((event) => event.file_id === fileId).sort((a, b) => a.at - b.at);
  }

  async jobOfExecution(executionArn: string, since: number): Promise<JobItem | undefined> {
    return [...this.jobs.values()].find((job) => job.execution_arn === executionArn && (!hasEnded(job) || job.timestamp >= since));
  }

  async startChunk(task: ChunkTask, at: number): Promise<number | undefined> {
    const { fileId, chunkId, start, end, exclusionsKey } = task;
    const existing = this.find(fileId, chunkId);
    const generation = generationOf(task);
    if (existing !== undefined && existing.generation > generation) return undefined;
    const isSameWork = existing?.start === start && existing.end === end && existing.exclusions_key === exclusionsKey;
    if (existing?.chunk_status === 'SUCCEEDED' && isSameWork) return undefined;
    const attempt = (existing?.attempt ?? 0) + 1;
    this.put({
      file_id: fileId,
      chunk_id: chunkId,
      chunk_status: 'PROCESSING',
      attempt,
      generation,
      updated_at: at,
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

  async* chunks(fileId: string): AsyncIterable<ChunkItem> {
    const ids = [...this.chunkItems.keys()].filter((id) => id.startsWith(`${fileId}/${CHUNK_PREFIX}`)).sort();
    for (const id of ids) yield this.chunkItems.get(id)!;
  }

  private find(fileId: string, chunkId: string): ChunkItem | undefined {
    return this.chunkItems.get(`${fileId}/${chunkId}`);
  }

  private put(chunk: ChunkItem): void {
    this.chunkItems.set(`${chunk.file_id}/${chunk.chunk_id}`, withoutUndefined(chunk));
  }
}

/** A database does not store attributes that are undefined. */
function withoutUndefined<T extends object>(item: T): T {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined)) as T;
}
