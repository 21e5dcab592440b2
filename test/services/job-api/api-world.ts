/** A pipeline in memory with its API. Every answer is held to the OpenAPI document. */
import { checkAnswer, requestFaults } from './open-api';
import { Versioning } from '../../../simulation/memory-bucket';
import { MemoryJobObjects } from '../../../simulation/memory-stores';
import { rerunIdOf } from '../../../src/contract/file-id';
import { JobContract } from '../../../src/contract/job-contract';
import { JobItem, JobStatus } from '../../../src/contract/job-item';
import { ExecutionInput } from '../../../src/contract/payloads';
import { Regions } from '../../../src/ports/regions';
import { answerRequest, JobApiDeps } from '../../../src/services/job-api/answer-request';
import { CONTRACT, createdEvent, Ended, World } from '../../steps/support/world';

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: any;
}

/** What a request has beside its path. */
interface Sent {
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Started {
  readonly name: string;
  readonly executionArn: string;
  readonly input: ExecutionInput;
}

const ARN = 'arn:aws:states:eu-west-1:111122223333:execution:workflow:';

/** Which of the documented answers have been given, by any world of a test file. */
export const answered = new Set<string>();

export class ApiWorld {
  readonly world: World;
  readonly started: Started[] = [];
  readonly failures: unknown[] = [];
  readonly deps: { -readonly [Name in keyof JobApiDeps]: JobApiDeps[Name] };
  private requests = 0;

  constructor(versioning: Versioning = 'Enabled', contract: Partial<JobContract> = {}, regions?: Regions) {
    this.world = new World(versioning, contract, undefined, regions);
    const { jobs, source, outputBucket, deps } = this.world;
    this.deps = {
      jobs,
      source,
      objects: new MemoryJobObjects(outputBucket),
      executions: {
        start: async (input, name = `generated-${this.started.length}`) => {
          const found = this.started.find((one) => one.name === name);
          if (found !== undefined) return { executionArn: found.executionArn, isNew: false };
          this.started.push({ name, executionArn: ARN + name, input });
          return { executionArn: ARN + name, isNew: true };
        },
        find: async (name) => this.started.find((one) => one.name === name)?.executionArn,
      },
      regions,
      files: { sourceBucket: this.world.landing.name, incomingPrefix: 'incoming/', fileSuffixes: ['.csv', '.json'], suffixCase: 'any' },
      pipelineId: CONTRACT.pipelineId,
      resumeWindowSeconds: deps.contract.resumeWindowSeconds,
      linkExpirySeconds: 900,
      now: deps.now,
      noteFailure: (error) => { this.failures.push(error); },
    };
  }

  async status(jobId: string): Promise<Answer> {
    return this.call('GET', '/status/{jobId}', { jobId });
  }

  async report(jobId: string): Promise<Answer> {
    return this.call('GET', '/jobs/{jobId}/report', { jobId });
  }

  async list(query: Readonly<Record<string, string | readonly string[]>> = {}): Promise<Answer> {
    return this.call('GET', '/jobs', {}, { query });
  }

  /** All pages. */
  async listAll(query: Readonly<Record<string, string>> = {}): Promise<string[][]> {
    const pages: string[][] = [];
    for (let nextToken: string | undefined; pages.length === 0 || nextToken !== undefined;) {
      const { statusCode, body } = await this.list({ ...query, ...nextToken === undefined ? {} : { nextToken } });
      expect(statusCode).toBe(200);
      pages.push(body.jobs.map(({ jobId }: { jobId: string }) => jobId));
      nextToken = body.nextToken;
    }
    return pages;
  }

  async trigger(body: unknown, idempotencyKey?: string): Promise<Answer> {
    const answer = await this.call('POST', '/trigger', {}, {
      body: typeof body === 'string' ? body : JSON.stringify(body), headers: idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey },
    });
    // What the document takes, the function takes.
    if (answer.statusCode === 202) expect(requestFaults(body)).toEqual([]);
    return answer;
  }

  async call(method: string, path: string, pathParameters: Readonly<Record<string, string>> = {}, more: Sent = {}): Promise<Answer> {
    const requestId = `request-${++this.requests}`;
    const { statusCode, headers, body: text } = await answerRequest({
      method,
      path,
      pathParameters,
      queryParameters: Object.fromEntries(Object.entries(more.query ?? {}).map(([name, value]) => [name, typeof value === 'string' ? [value] : value])),
      headers: more.headers ?? {},
      body: more.body,
      requestId,
    }, this.deps);
    const body = JSON.parse(text);
    const { answer, faults } = checkAnswer(method, path, statusCode, body);
    expect(faults).toEqual([]);
    answered.add(answer);
    expect(headers).toMatchObject({ 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    if (statusCode >= 400) expect(body.error.requestId).toBe(requestId);
    return { statusCode, headers, body };
  }

  /** Runs the executions that the API has started, under their names. */
  async follow(): Promise<Ended[]> {
    const ended: Ended[] = [];
    for (const { input, executionArn } of this.started.splice(0)) ended.push(await this.world.flow(input, executionArn, 1));
    return ended;
  }

  /** A file whose job has ended. */
  async process(key: string, content: string): Promise<string> {
    return (await this.world.execute(createdEvent(this.world.land(key, content)))).fileId!;
  }

  /** A file whose job was interrupted after it was planned. */
  async interrupt(key: string, content: string): Promise<string> {
    const put = jest.spyOn(this.world.output, 'openUpload').mockRejectedValueOnce(new Error('slow down'));
    const { fileId } = await this.world.execute(createdEvent(this.world.land(key, content)), 1);
    put.mockRestore();
    return fileId!;
  }

  /** An item as it may stand in the table. */
  async addJob(digit: string, status: JobStatus, more: Partial<JobItem> = {}): Promise<JobItem> {
    const job: JobItem = {
      file_id: digit.repeat(32),
      chunk_id: 'job',
      status,
      timestamp: 1000,
      revision: 1,
      file_name: 'a.csv',
      bucket: 'landing',
      key: 'incoming/a.csv',
      etag: 'e',
      size_bytes: 9,
      last_modified: '2026-11-21T00:00:00Z',
      execution_arn: `${ARN}of-${digit}-${status}`,
      schema_fingerprint: 'f',
      process_start_time: '2026-11-21T00:00:00.000Z',
      ingest_date: '2026-11-21',
      run: 1,
      ...more,
    };
    await this.world.jobs.claim(job, { event: 'claimed', at: job.timestamp });
    return job;
  }

  rerunIdOf(fileId: string, executionArn: string): string {
    return rerunIdOf(CONTRACT.pipelineId, { file_id: fileId }, executionArn);
  }
}
