import { WARNED } from './expected-time';
import { JSON_TYPE, JobPlan } from './job-plan';
import { columnsOf } from './reject-columns';
import { ChunkItem, chunkIndex, EndedJobStatus, EventItem, JobItem, RecordCounts } from '../contract/job-item';
import { ObjectKeys } from '../contract/object-keys';
import { publishedSchema, RecordSettings, uncheckedBy } from '../contract/record-settings';
import { secondsBetween, StepTime, stepTimes } from '../contract/step-times';
import { needsStaging } from '../engine/staging/resolved-input';
import { PinnedObject } from '../ports/source';
import { StepDeps } from '../ports/step-deps';
import { Counts, countsOf } from '../spec/counts';
import { PublishedForm, publishedFormOf } from '../spec/output-columns';
import { eachStage, Stage, Stages } from '../spec/stages';
import { visibleDocument } from '../spec/visible-text';

/** The job's report: figures only, never a record; a field's value only where `errorMessage` tells what came. */
export interface JobReport extends Counts {
  readonly status: EndedJobStatus;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly fileId: string;
  readonly fileName: string;
  readonly fileSize: number;
  /** Where the file was staged: the size of its text, in which offsets and chunks are counted. */
  readonly textSize?: number;
  readonly source: Pick<PinnedObject, 'bucket' | 'key' | 'versionId' | 'etag' | 'lastModified'>;
  readonly schemaFingerprint: string;
  /** What the schema asks for and no record was checked for, such as foreign keys. Left out where there is nothing. */
  readonly notChecked?: readonly string[];
  /** What was expected to go wrong with a file of this size, and what to set. Left out where there is nothing. */
  readonly warnings?: readonly string[];
  readonly rejectsByCode: Readonly<Record<string, number>>;
  readonly rejectsByColumn: Readonly<Record<string, number>>;
  readonly chunks: readonly ChunkReport[];
  /** How the part files are written, and their columns. Left out where nothing is published. */
  readonly published?: PublishedForm;
  /** Where the published parts lie, and the rejected records. */
  readonly outputPrefix?: string;
  readonly rejectedKey: string;
  /** The other files of the rejected records, where one has no room for all. */
  readonly furtherRejectedKeys?: readonly string[];
  /** ISO 8601. */
  readonly startTime: string;
  readonly endTime: string;
  readonly seconds: number;
  /** How long each step took. */
  readonly steps: readonly StepTime[];
  /**
   * Within ProcessChunks: how many records each stage was given, and its seconds, of all workers together. `transform` only
   * where there is one. Left out where the chunks were not processed.
   */
  readonly timings?: { readonly [Name in Stage]?: StageTiming };
}

export interface StageTiming {
  readonly records: number;
  readonly seconds: number;
}

export interface ChunkReport extends Counts {
  readonly chunk: string;
  readonly start: number;
  /** First byte after the chunk's last record. */
  readonly end: number;
  /**
   * How its start was found: proved by the record grammar alone, or guessed by the schema and proved by the chain of
   * chunks.
   */
  readonly boundary: 'exact' | 'guess';
  /** The guess was wrong: this is the start that the repair found. */
  readonly repaired?: true;
  readonly status: string;
  readonly attempt: number;
}

/** What a report says of a chunk's item. */
export type ReportedChunk = Omit<ChunkItem, 'part_etags' | 'rejects_by_code' | 'rejects_by_column'>;

export interface ReportInput {
  readonly job: JobItem;
  readonly status: EndedJobStatus;
  readonly plan?: JobPlan;
  readonly chunks: readonly ReportedChunk[];
  /** Undefined for a job that has not processed its chunks. */
  readonly totals?: RecordCounts;
}

/** @returns the report's key */
export async function writeReport(input: ReportInput, deps: Pick<StepDeps, 'output' | 'jobs' | 'contract' | 'now'>): Promise<string> {
  const { job, plan, totals } = input;
  const contract = plan?.contract ?? deps.contract;
  const keys = new ObjectKeys(contract.prefixes, job.file_id);
  // The job's, because its item knows where all columns are; the same are those of the chunks that are published.
  const exact = totals && { ...totals, rejects_by_column: await columnsOf(job.reject_columns_key === undefined ? totals : job, deps.output) };
  const report = composeReport({ ...input, totals: exact }, keys, contract, await deps.jobs.events(job.file_id), deps.now());
  await deps.output.put(keys.report(), visibleDocument(report), JSON_TYPE);
  return keys.report();
}

function composeReport({ job, status, plan, chunks, totals }: ReportInput, keys: ObjectKeys, records: RecordSettings,
  events: readonly EventItem[], now: Date): JobReport {
  const notChecked = uncheckedBy(records);
  const warnings = [...new Set(events.flatMap(({ event, message }) => event === WARNED && message !== undefined ? [message] : []))];
  return {
    status,
    errorCode: job.error_code,
    errorMessage: job.error_message,
    fileId: job.file_id,
    fileName: job.file_name,
    fileSize: job.size_bytes,
    textSize: plan !== undefined && needsStaging(plan.input) ? plan.source.sizeBytes : undefined,
    source: { bucket: job.bucket, key: job.key, versionId: job.version_id, etag: job.etag, lastModified: job.last_modified },
    schemaFingerprint: job.schema_fingerprint,
    notChecked: notChecked.length > 0 ? notChecked : undefined,
    warnings: warnings.length > 0 ? warnings : undefined,
    ...countsOf(totals ?? {}),
    rejectsByCode: totals?.rejects_by_code ?? {},
    rejectsByColumn: totals?.rejects_by_column ?? {},
    chunks: chunks.map((chunk) => chunkReport(chunk, plan?.chunks[chunkIndex(chunk.chunk_id)])),
    published: status === 'SUCCEEDED' ? publishedFormOf(publishedSchema(records), records.output) : undefined,
    outputPrefix: status === 'SUCCEEDED' ? keys.outputPrefix(job.ingest_date) : undefined,
    rejectedKey: keys.rejected(),
    furtherRejectedKeys: job.rejected_files === undefined ? undefined : keys.furtherRejected(job.rejected_files),
    startTime: job.process_start_time,
    endTime: now.toISOString(),
    seconds: secondsBetween(Date.parse(job.process_start_time), now.getTime()),
    steps: stepTimes(events, now.getTime()),
    timings: totals?.stages && stageTimings(totals.stages, records),
  };
}

function chunkReport(chunk: ReportedChunk, planned: JobPlan['chunks'][number] | undefined): ChunkReport {
  return {
    chunk: chunk.chunk_id,
    start: chunk.start,
    end: chunk.actual_end ?? chunk.end,
    boundary: planned?.boundary ?? 'guess',
    ...(planned !== undefined && planned.start !== chunk.start ? { repaired: true as const } : {}),
    status: chunk.chunk_status,
    attempt: chunk.result_attempt ?? chunk.attempt,
    ...countsOf(chunk),
  };
}

function stageTimings(stages: Stages, { transform }: RecordSettings): JobReport['timings'] {
  const timings = eachStage((stage) => ({ records: stages[stage].records, seconds: stages[stage].milliseconds / 1000 }));
  return { ...timings, transform: transform === undefined ? undefined : timings.transform };
}
