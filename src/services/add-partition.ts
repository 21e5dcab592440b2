/**
 * One partition of the catalog's table for each job that was published: added when the job's event comes, and, where no
 * event came, by a repair that looks for such jobs once a day.
 */
import { catalogStorageOf, columnsFault, formFault, RepairRequest } from '../contract/catalog-table';
import { JobItem } from '../contract/job-item';
import { JobMessage } from '../contract/job-message';
import { Catalog, PartitionId } from '../ports/catalog';
import { JobTable } from '../ports/jobs';
import { Log } from '../ports/observers';
import { OutputStore } from '../ports/output';
import { PublishedForm } from '../spec/output-columns';

/** What the event of a job that has succeeded brings, or the schedule. */
export type AddPartitionInput = { readonly detail: Pick<JobMessage, 'fileId'> } | RepairRequest;

export interface AddPartitionOutput {
  readonly added: number;
}

export interface AddPartitionDeps {
  readonly jobs: Pick<JobTable, 'job' | 'jobsByStatus'>;
  readonly output: Pick<OutputStore, 'getJson'>;
  readonly catalog: Catalog;
  /** Where the part files lie. */
  readonly bucket: string;
  /** What the table was made for. */
  readonly table: PublishedForm;
  readonly now: () => Date;
  readonly log: Log;
}

/** What it reads of a job's report. */
interface PublishedReport {
  readonly outputPrefix: string;
  readonly published: PublishedForm;
}

const DAY_MILLISECONDS = 24 * 3600 * 1000;
/** Jobs that the catalog is asked for at a time. */
const BATCH = 100;

export async function addPartition(input: AddPartitionInput, deps: AddPartitionDeps): Promise<AddPartitionOutput> {
  if ('repairDays' in input) return repair(input, deps);
  const { fileId } = input.detail;
  const job = await deps.jobs.job(fileId);
  if (job === undefined) throw new Error(`expected a job ${fileId} in the job table, got none`);
  return { added: await addPartitionOf(job, deps) ? 1 : 0 };
}

/** A job without a part file has nothing to read. */
function hasParts({ status, records_written: recordsWritten = 0 }: JobItem): boolean {
  return status === 'SUCCEEDED' && recordsWritten > 0;
}

/** The job's own report says where its parts lie, and how they were written: the settings may be others by now. */
async function addPartitionOf(job: JobItem, { output, catalog, bucket, table, log }: AddPartitionDeps): Promise<boolean> {
  if (!hasParts(job)) return false;
  const { file_id: fileId, report_key: reportKey, schema_fingerprint: schemaFingerprint } = job;
  if (reportKey === undefined) throw new Error(`internal: expected job ${fileId}, which has succeeded, to have a report, got none`);
  const { outputPrefix, published } = await output.getJson<PublishedReport>(reportKey);
  const fault = formFault(published, table);
  if (fault !== undefined) throw new Error(`job ${fileId} must be read by another table (tableName): ${fault}`);
  const added = await catalog.addPartition({
    ...partitionIdOf(job),
    location: `s3://${bucket}/${outputPrefix}`,
    storage: catalogStorageOf(published),
    parameters: { schema_fingerprint: schemaFingerprint },
  });
  log.info(added ? 'the partition was added' : 'the partition was there', { fileId });
  return added;
}

function partitionIdOf({ ingest_date: ingestDate, file_id: fileId }: JobItem): PartitionId {
  return { ingestDate, fileId };
}

/** One job that cannot be added keeps no other one from it; the repair fails in the end: somebody must hear of it. */
async function repair({ repairDays }: RepairRequest, deps: AddPartitionDeps): Promise<AddPartitionOutput> {
  const since = deps.now().getTime() - repairDays * DAY_MILLISECONDS;
  const faults = deps.table.format === 'csv' ? await misreadPartitions(deps) : [];
  let added = 0;
  for await (const jobs of batches(deps.jobs.jobsByStatus('SUCCEEDED', since))) {
    const missing = new Set((await deps.catalog.withoutPartition(jobs.map(partitionIdOf))).map(({ fileId }) => fileId));
    for (const job of jobs.filter(({ file_id: fileId }) => missing.has(fileId))) {
      try {
        if (await addPartitionOf(job, deps)) added++;
      } catch (error) {
        faults.push((error as Error).message);
      }
    }
  }
  if (faults.length > 0) throw new Error(`${faults.length} partitions are missing or misread, ${added} were added; the first: ${faults[0]}`);
  return { added };
}

/** After a deployment with other columns: partitions that are there already, and that the table reads wrongly now. */
async function misreadPartitions({ catalog, table }: AddPartitionDeps): Promise<string[]> {
  const names = table.columns.map(({ name }) => name);
  const faults: string[] = [];
  for await (const { fileId, columns } of catalog.partitions()) {
    const fault = columnsFault(columns, names);
    if (fault !== undefined) faults.push(`the partition of job ${fileId} is misread, make another table (tableName): ${fault}`);
  }
  return faults;
}

/** Jobs with part files, some at a time. */
async function* batches(jobs: AsyncIterable<JobItem>): AsyncIterable<JobItem[]> {
  let batch: JobItem[] = [];
  for await (const job of jobs) {
    if (!hasParts(job)) continue;
    batch.push(job);
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
