/** Operators, and the rules of the buckets: who else has a hand in it. */
import { ObjectVersion } from './memory-bucket';
import { Pipeline } from './pipeline';
import { INCOMING } from './scenario';
import { HOUR, MINUTE, SECOND } from './weather';
import { TriggerAction } from '../src/contract/api-routes';
import { JobContract } from '../src/contract/job-contract';
import { ObjectCreatedEvent } from '../src/contract/payloads';
import { ApiRequest, ApiResponse } from '../src/services/job-api/api-messages';

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

  /** Somebody looks at the jobs by the API, and does what comes to their mind; where no answer comes they ask once more. */
  async askApi(actions: readonly TriggerAction[] = ['start', 'resume', 'rerun']): Promise<void> {
    const { random } = this.pipeline;
    const page = await this.call('GET', '/jobs', { query: { limit: '2' } });
    const listed = page?.statusCode === 200 ? (JSON.parse(page.body) as { jobs: Array<{ jobId: string }>; nextToken?: string }) : { jobs: [] };
    if (listed.nextToken !== undefined) await this.call('GET', '/jobs', { query: { limit: '2', nextToken: listed.nextToken } });
    for (const { jobId } of listed.jobs) await this.call('GET', '/status/{jobId}', { jobId });

    const jobId = listed.jobs.length === 0 ? 'f'.repeat(32) : random.pick(listed.jobs).jobId;
    const action = random.pick(actions);
    const body = JSON.stringify(action === 'start' ? { action, key: `${INCOMING}a.csv` } : { action, jobId });
    const headers: Record<string, string> = random.chance(0.5) ? { 'idempotency-key': this.name('key') } : {};
    const answer = await this.call('POST', '/trigger', { body, headers });
    if (answer === undefined || answer.statusCode === 500 || random.chance(0.3)) await this.call('POST', '/trigger', { body, headers });
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

  private async call(method: string, path: string,
    { jobId, query = {}, headers = {}, body }: { jobId?: string; query?: Record<string, string>; headers?: Record<string, string>; body?: string },
  ): Promise<ApiResponse | undefined> {
    const request: ApiRequest = {
      method,
      path,
      pathParameters: jobId === undefined ? {} : { jobId },
      queryParameters: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value]])),
      headers,
      body,
      requestId: this.name('request'),
    };
    return this.pipeline.callApi(request);
  }

  private name(who: string): string {
    return `${who}-${++this.starts}`;
  }
}
