import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateQuery, paginateScan, ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import { EmulatedAccount } from './emulator';
import { CHUNK_PREFIX, ChunkItem, EVENT_PREFIX, JOB_SORT_KEY, JobItem, PARTITION_KEY, SORT_KEY } from '../src/contract/job-item';

/** All that the job table holds on one job. */
export interface JobRecord {
  readonly job: JobItem;
  readonly chunks: readonly ChunkItem[];
  /** The audit entries, in the order in which they were written. */
  readonly events: ReadonlyArray<Record<string, unknown>>;
}

/** Reads a pipeline's job table. */
export class JobTableReader {
  private readonly client: DynamoDBDocumentClient;

  constructor(emulator: Pick<EmulatedAccount, 'clientConfig'>, private readonly tableName: string) {
    this.client = DynamoDBDocumentClient.from(new DynamoDBClient(emulator.clientConfig));
  }

  /** The jobs of one source key, oldest first. One object version is one job. */
  async jobsOf(key: string): Promise<JobItem[]> {
    return this.scan({
      FilterExpression: '#sort = :job and #key = :key',
      ExpressionAttributeNames: { '#sort': SORT_KEY, '#key': 'key' },
      ExpressionAttributeValues: { ':job': JOB_SORT_KEY, ':key': key },
    });
  }

  /** All of them, oldest first. */
  async allJobs(): Promise<JobItem[]> {
    return this.scan({
      FilterExpression: '#sort = :job',
      ExpressionAttributeNames: { '#sort': SORT_KEY },
      ExpressionAttributeValues: { ':job': JOB_SORT_KEY },
    });
  }

  async read(fileId: string): Promise<JobRecord> {
    const items: Array<Record<string, unknown>> = [];
    for await (const page of paginateQuery({ client: this.client }, {
      TableName: this.tableName,
      ConsistentRead: true,
      KeyConditionExpression: '#file = :file',
      ExpressionAttributeNames: { '#file': PARTITION_KEY },
      ExpressionAttributeValues: { ':file': fileId },
    })) {
      items.push(...page.Items ?? []);
    }
    const startingWith = (prefix: string) => items.filter((item) => String(item[SORT_KEY]).startsWith(prefix));
    const [job] = startingWith(JOB_SORT_KEY);
    if (job === undefined) throw new Error(`The table ${this.tableName} has no job ${fileId}.`);
    return { job: job as unknown as JobItem, chunks: startingWith(CHUNK_PREFIX) as unknown as ChunkItem[], events: startingWith(EVENT_PREFIX) };
  }

  private async scan(filter: Pick<ScanCommandInput, 'FilterExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'>): Promise<JobItem[]> {
    const jobs: JobItem[] = [];
    for await (const page of paginateScan({ client: this.client }, { TableName: this.tableName, ConsistentRead: true, ...filter })) {
      jobs.push(...(page.Items ?? []) as JobItem[]);
    }
    return jobs.sort((a, b) => a.process_start_time.localeCompare(b.process_start_time));
  }
}

/**
 * Asks again until there is an answer.
 *
 * @throws Error when there is none within the time limit: `waited 60 s for …`.
 */
export async function waitFor<T>(what: string, ask: () => Promise<T | undefined>, timeoutMs = 60_000, intervalMs = 100): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}
