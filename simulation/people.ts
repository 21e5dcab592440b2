/** Operators, and the rules of the buckets: who else has a hand in it. */
import { ObjectVersion } from './memory-bucket';
import { Pipeline } from './pipeline';
import { HOUR, MINUTE, SECOND } from './weather';
import { JobContract } from '../src/contract/job-contract';
import { ObjectCreatedEvent } from '../src/contract/payloads';

export class People {
  /** Whether the bucket's rules have aborted what was open. */
  haveUploadsExpired = false;
  /** Files that they have started by hand. */
  private readonly known: ObjectCreatedEvent[] = [];
  private starts = 0;

  constructor(private readonly pipeline: Pipeline) {}

  /** An operator resumes a job; half of them have a colleague. */
  resumeOne(): void {
    const { table, random } = this.pipeline;
    const jobs = table.all.filter(({ status, resumable }) => status === 'FAILED' && resumable === true);
    if (jobs.length === 0) return;
    const { file_id: fileId } = random.pick(jobs);
    const times = random.chance(0.5) ? 2 : 1;
    for (let time = 0; time < times; time++) this.pipeline.start(this.name('operator'), { resume: true, fileId });
  }

  /** Who has stopped an execution deploys what they think is the cure, and resumes the job. */
  mend(contracts: readonly JobContract[]): void {
    const { scheduler, random } = this.pipeline;
    const [cure] = contracts;
    if (cure !== undefined && random.chance(0.7)) scheduler.after(random.between(SECOND, MINUTE), () => this.pipeline.deploy(cure));
    scheduler.after(random.between(5 * SECOND, 2 * MINUTE), () => this.resumeOne());
  }

  resumeAll(): void {
    for (const { file_id: fileId, status, resumable } of this.pipeline.table.all) {
      if (status === 'FAILED' && resumable === true) this.pipeline.start(this.name('last-resume'), { resume: true, fileId });
    }
  }

  rerunOne(): void {
    const { table, random } = this.pipeline;
    const jobs = table.all.filter(({ source_state: state }) => state === 'MOVED');
    if (jobs.length > 0) this.pipeline.start(this.name('rerun'), { rerun: true, fileId: random.pick(jobs).file_id });
  }

  /** What an execution was started with starts another one. */
  startAgain(): void {
    const { starts, random } = this.pipeline;
    if (starts.length > 0) this.pipeline.start(this.name('again'), random.pick(starts).input);
  }

  /** Who starts files by hand has them from a list, or from whoever has sent them. */
  startByHand(file: ObjectCreatedEvent): void {
    this.known.push(file);
    this.pipeline.start(this.name('by-hand'), file);
  }

  haveStarted({ key, versionId, etag, lastModified }: ObjectVersion): boolean {
    return this.known.some(({ time, detail: { object } }) => (
      object.key === key && object.etag === etag && (object['version-id'] ?? versionId) === versionId
      // What a bucket tells has no fractions of a second.
      && Math.floor(Date.parse(time!) / SECOND) === lastModified.getTime() / SECOND
    ));
  }

  /** They look what has come of it. Where nothing has, they start the file again: no sweep does it for them. */
  startForgotten(): void {
    for (const file of this.known) if (!this.pipeline.hasJob(file)) this.pipeline.start(this.name('by-hand'), file);
  }

  expireUploads(): void {
    const { output, landing, scheduler, trace } = this.pipeline;
    this.haveUploadsExpired = true;
    trace.add('lifecycle', 'aborts what is open');
    output.expireUploads(new Date(scheduler.now));
    landing.bucket.expireUploads(new Date(scheduler.now));
  }

  /** What jobs have left behind whose time to be resumed is long over. */
  expireWork(resumeWindowSeconds: number): void {
    const { table, output, scheduler } = this.pipeline;
    for (const { file_id: fileId, process_start_time: start } of table.all) {
      if (scheduler.now < Date.parse(start) + resumeWindowSeconds * SECOND + 3 * HOUR) continue;
      for (const { key } of output.list()) if (key.includes(`/${fileId}/`) && !key.includes('file_id=')) output.delete(key);
    }
  }

  /** DynamoDB, of items whose time is over. */
  expireChunks(): void {
    const { table, scheduler, trace } = this.pipeline;
    trace.add('DynamoDB', 'deletes the items of chunks whose time is over');
    table.expireChunks(scheduler.now);
  }

  private name(who: string): string {
    return `${who}-${++this.starts}`;
  }
}
