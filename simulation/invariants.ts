/** What the pipeline promises, whatever happens. */
import { Announcement, Listener, LISTENERS, QualityCheckCall } from './functions';
import { LandedFile } from './landing-zone';
import { MemoryBucket } from './memory-bucket';
import { MemoryCatalog } from './memory-catalog';
import { People } from './people';
import { Pipeline } from './pipeline';
import { LONGEST_LAG } from './recorded-job-table';
import { INCOMING } from './scenario';
import { DAY, MINUTE } from './weather';
import { catalogStorageOf } from '../src/contract/catalog-table';
import { hasEnded, JobItem, JobStatus } from '../src/contract/job-item';
import { ObjectKeys } from '../src/contract/object-keys';
import { readS3Message } from '../src/contract/s3-messages';
import { Partition } from '../src/ports/catalog';
import { ApiRequest } from '../src/services/job-api/api-messages';
import { JobReport } from '../src/steps/report';

/** What came of one file under one contract, where nothing went wrong. */
export interface Outcome {
  readonly status: JobStatus;
  readonly errorCode?: string;
  readonly published: string;
  readonly rejected: string | undefined;
  readonly counts: ReadonlyArray<number | undefined>;
}

/** Statuses that can follow each other; a job that failed for good stays so, one that is published goes forward only. */
const FORWARD: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  PLANNING: ['PLANNING', 'PROCESSING', 'FAILED'],
  PROCESSING: ['PROCESSING', 'PUBLISHING', 'FAILED'],
  PUBLISHING: ['PUBLISHING', 'SUCCEEDED'],
  SUCCEEDED: ['SUCCEEDED'],
  FAILED: ['FAILED', 'PLANNING', 'PROCESSING'],
};

/** Watches what must hold at every moment. */
export function watch(pipeline: Pipeline): void {
  pipeline.table.onChange = (before, after) => {
    if (before === undefined) return;
    const isReopened = before.status === 'FAILED' && after.status !== 'FAILED';
    if (!FORWARD[before.status].includes(after.status) || (isReopened && before.resumable !== true)) {
      pipeline.violations.push(`job ${after.file_id} went from ${before.status} to ${after.status}`);
    }
  };
  pipeline.outputStore.onAppear = (key) => {
    const fileId = ObjectKeys.jobOf(key);
    if (fileId === undefined || !/(?:^|\/)(?:part-\d+[^/]*|_manifest\.json)$/.test(key)) return;
    const status = pipeline.table.all.find((job) => job.file_id === fileId)?.status;
    if (status !== 'PUBLISHING' && status !== 'SUCCEEDED') pipeline.violations.push(`${key} became visible while its job was ${status}`);
  };
}

/** Once events have stopped, the sweep has run and nobody is at work. */
export async function check(pipeline: Pipeline, people: People, outcomesOf: (file: string) => Promise<readonly Outcome[]>): Promise<string[]> {
  const found = [
    ...pipeline.violations, ...checkFiles(pipeline, people), ...checkIntake(pipeline), ...checkUploads(pipeline), ...checkAnnouncements(pipeline),
    ...checkFailures(pipeline), ...checkApi(pipeline), ...checkCatalog(pipeline), ...checkQualityChecks(pipeline),
  ];
  for (const job of pipeline.table.all) {
    if (!hasEnded(job) && !isBeyondHelp(pipeline, people, job)) found.push(`job ${job.file_id} is ${job.status} for ever`);
    found.push(...await checkChunks(pipeline, job), ...checkSource(pipeline, job), ...await checkOutcome(pipeline, people, job, outcomesOf));
  }
  return found;
}

/**
 * While it was being published its uploads were aborted by the bucket's rules, and somebody else took the file away or put
 * another one in its place: nobody can finish it, and it only goes forward. It says so each time that the sweep tries.
 */
export function isBeyondHelp(pipeline: Pipeline, people: People, job: JobItem): boolean {
  return job.status === 'PUBLISHING' && people.haveUploadsExpired && fileOf(pipeline, job)?.wasReplaced === true;
}

/**
 * Every file that landed, and was not replaced before anybody could see it, has a job; and each file is somewhere. Where
 * files are started by hand, those that somebody has started.
 */
function checkFiles(pipeline: Pipeline, people: People): string[] {
  const found: string[] = [];
  const known = pipeline.table.all;
  for (const object of pipeline.landing.bucket.list(INCOMING)) {
    const { key, versionId, etag, lastModified } = object;
    const isSame = (job: JobItem) => job.etag === etag && job.last_modified === lastModified.toISOString();
    const isOf = (job: JobItem) => job.version_id === undefined ? isSame(job) : job.version_id === versionId;
    // Started while another version lay over it, which has been moved away since: whoever did so was told that it had changed.
    const wasCovered = known.some((job) => job.key === key && job.etag === etag && job.error_code === 'source_changed');
    const isMeant = pipeline.intake !== 'manual' || (people.haveStarted(object) && !wasCovered);
    if (isMeant && !known.some((job) => job.key === key && isOf(job))) found.push(`${key} (version ${versionId}) has no job`);
  }
  return found;
}

/** What has become of each message of the queue, and who has started files. */
function checkIntake({ queue, starts, intake }: Pipeline): string[] {
  const found = starts
    .filter(({ name, input }) => intake === 'manual' && 'detail' in input && !/^(?:by-hand|again|api)-/.test(name))
    .map(({ name }) => `${name} was started, and files are started by hand`);
  if (queue.size > 0) found.push(`${queue.size} messages are in the intake queue for ever`);
  const byQueue = starts.filter(({ name }) => name.startsWith('file-')).map(({ input }) => JSON.stringify(input));
  if (new Set(byQueue).size < byQueue.length) found.push('a file was started twice by the queue');
  for (const body of queue.sent) {
    const dead = queue.deadLetters.filter((letter) => letter.body === body);
    const event = readS3Message(body);
    const isFile = event.kind === 'CREATED' && event.events.every(({ detail }) => detail.object.key.endsWith('.csv'));
    const isStarted = isFile && byQueue.includes(JSON.stringify(event.events[0]));
    if (!isStarted && dead.length === 0) found.push(`a message has started nothing, and is in no queue any more: ${body}`);
    if (isFile && dead.some(({ reason }) => reason !== undefined)) found.push(`a file was refused: ${body}`);
  }
  return found;
}

/** The file that a job is about, or that the job was about whose file it processes once more. */
function fileOf({ landing, table }: Pick<Pipeline, 'landing' | 'table'>, job: JobItem): LandedFile | undefined {
  const first = table.all.find(({ file_id: fileId }) => fileId === job.rerun_of);
  if (first !== undefined) return fileOf({ landing, table }, first);
  return landing.files.find(({ key, versionId, etag, lastModified }) => (
    key === job.key && (job.version_id === undefined ? etag === job.etag && lastModified === job.last_modified : versionId === job.version_id)
  )) ?? landing.files.find(({ key, etag }) => key === job.key && etag === job.etag);
}

/** What is being published, or can be resumed, has the items of its chunks, however long ago they were written. */
async function checkChunks({ table }: Pipeline, job: JobItem): Promise<string[]> {
  if (job.status !== 'PUBLISHING') return [];
  let count = 0;
  for await (const _ of table.chunks(job.file_id)) count++;
  // A worker of a plan that does not count may have left more.
  return count >= (job.chunk_count ?? 0) ? [] : [`job ${job.file_id} is ${job.status}, and has ${count} of its ${job.chunk_count} chunk items`];
}

/** By content: a copy of the same bytes in the place of another job will do. */
function checkSource(pipeline: Pipeline, job: JobItem): string[] {
  const found: string[] = [];
  const contents = pipeline.landing.bucket.allVersions().map(({ bytes }) => bytes.toString());
  const file = fileOf(pipeline, job);
  if (file !== undefined && !file.wasTakenAway && !contents.includes(file.content)) {
    found.push(`the file of job ${job.file_id} (${job.status}) is nowhere any more`);
  }
  if (job.status === 'FAILED' && job.resumable === true && file !== undefined && !file.wasReplaced) {
    const inPlace = pipeline.landing.bucket.head(job.read_key ?? job.key, job.version_id)?.etag === job.etag;
    if (!inPlace) found.push(`job ${job.file_id} is to be resumed, and its source is not in place`);
  }
  if (hasEnded(job) && job.resumable !== true && job.source_state === undefined) found.push(`the source of job ${job.file_id} was never moved`);
  return found;
}

function checkUploads({ output, landing, table }: Pipeline): string[] {
  return [...output.openUploads(), ...landing.bucket.openUploads()].flatMap(({ key }) => {
    const job = table.all.find(({ file_id: fileId }) => fileId === ObjectKeys.jobOf(key));
    return job?.resumable === true || job?.status === 'PUBLISHING' ? [] : [`the upload of ${key} is open for ever`];
  });
}

/**
 * For each end that was told the job had come to it, and the last end of each job was told: to the bus and the queue, and
 * to the topic where the job has failed. Where nothing went wrong each end was told once.
 */
function checkAnnouncements({ functions: { announced }, table, hadFaults }: Pipeline): string[] {
  const found: string[] = [];
  const times = new Map<string, number>();
  for (const { to, fileId, run, status, at } of announced) {
    const history = table.histories.get(fileId) ?? [];
    const hadCome = history.some((moment) => moment.at <= at && moment.job.run === run && moment.job.status === status);
    if (!hadCome) found.push(`${to}: job ${fileId} was told to be ${status} in run ${run}, and was not`);
    const end = `${to}: job ${fileId} was told to be ${status} in run ${run}`;
    times.set(end, (times.get(end) ?? 0) + 1);
  }
  for (const [end, count] of times) if (count > 1 && !hadFaults) found.push(`${end} ${count} times, and nothing went wrong`);
  for (const job of table.all) {
    for (const to of LISTENERS) found.push(...checkTold(job, to, announced.filter((told) => told.to === to && told.fileId === job.file_id), table));
  }
  return found;
}

function checkTold(job: JobItem, to: Listener, told: readonly Announcement[], table: Pipeline['table']): string[] {
  const found: string[] = [];
  const isOfEnd = ({ status, run, resumable }: Announcement) => (
    status === job.status && run <= job.run && resumable === (job.resumable ?? false)
  );
  const isTold = hasEnded(job) && (to !== 'topic' || job.status === 'FAILED');
  if (isTold && !told.some(isOfEnd)) found.push(`${to}: the end of job ${job.file_id} (${job.status}) was never told`);
  if (to === 'topic' && told.some(({ status }) => status !== 'FAILED')) found.push(`${to}: job ${job.file_id} was told to have succeeded`);
  const firstSuccess = table.histories.get(job.file_id)!.find((moment) => moment.job.status === 'SUCCEEDED');
  if (firstSuccess !== undefined && told.some(({ status, run }) => status === 'FAILED' && run >= firstSuccess.job.run)) {
    found.push(`${to}: job ${job.file_id} was published, and told to have failed`);
  }
  return found;
}

/** What no quality check has looked at for longer than that stays so. */
const LONGEST_PERIOD = 31 * DAY;
/** Of the services that are called: see `Invocation`. */
export const SERVICE_FAULT = /: (?:throttled, or the connection was lost|the answer was lost|the service is down)$/;

/** What stands around the pipeline fails only with a service. @param but what may fail otherwise, too */
export function checkFailures({ functions: { failures } }: Pipeline, but: readonly string[] = []): string[] {
  return failures.filter(({ of, message }) => !but.includes(of) && !SERVICE_FAULT.test(message)).map(({ of, message }) => `${of} failed by itself: ${message}`);
}

/** Each published job that has records has one partition, with its day, its folder and the form that its report tells. */
function checkCatalog({ catalog, output, table }: Pipeline): string[] {
  const found = checkFolders(catalog, output);
  for (const job of table.all) {
    const isRead = job.status === 'SUCCEEDED' && job.records_written! > 0;
    const partitions = catalog.added.filter(({ fileId }) => fileId === job.file_id);
    const expected = isRead ? 1 : 0;
    if (partitions.length !== expected) found.push(`job ${job.file_id} (${job.status}, ${job.records_written} records) has ${partitions.length} partitions`);
    for (const partition of partitions) if (isRead) found.push(...checkPartition(partition, job, output));
  }
  return found;
}

/** Readers find something where a partition leads them. */
export function checkFolders({ added }: MemoryCatalog, output: MemoryBucket): string[] {
  const hasManifest = (location: string) => output.head(ObjectKeys.publishedManifestIn(location.replace(`s3://${output.name}/`, ''))) !== undefined;
  return added.filter(({ location }) => !hasManifest(location))
    .map(({ fileId, location }) => `the partition of job ${fileId} names ${location}, where no manifest is`);
}

export function checkPartition({ fileId, ingestDate, location, storage }: Partition, job: JobItem, output: MemoryBucket): string[] {
  const { outputPrefix, published } = JSON.parse(output.text(job.report_key!)!) as Required<JobReport>;
  const told = JSON.stringify([job.ingest_date, `s3://${output.name}/${outputPrefix}`, catalogStorageOf(published)]);
  const got = JSON.stringify([ingestDate, location, storage]);
  return got === told ? [] : [`the partition of job ${fileId} is ${got}, and its report tells ${told}`];
}

/** Each check tells of the jobs that wait while it looks, of none that had ended for good, and begins where the last one ends. */
function checkQualityChecks({ functions: { checks }, table }: Pipeline): string[] {
  const found: string[] = [];
  for (const { since, told, answeredAt } of checks) {
    const stuck = new Set([...(told ?? '').matchAll(/^\d+\. JOB_(?:OPEN|WAITING) .* \(job (\w+)\)$/mg)].map(([, fileId]) => fileId));
    for (const [fileId, moments] of table.histories) {
      const isOver = moments.findLast(({ at }) => at <= since)?.job;
      if (stuck.has(fileId) && isOver !== undefined && hasEnded(isOver) && isOver.resumable !== true) {
        found.push(`job ${fileId} had ended for good (${isOver.status}), and a quality check told that it is stuck`);
      }
      if (answeredAt === undefined || stuck.has(fileId)) continue;
      const before = moments.findLastIndex(({ at }) => at <= since - LONGEST_LAG);
      const meanwhile = moments.slice(Math.max(before, 0)).filter(({ at }) => at <= answeredAt);
      if (before >= 0 && meanwhile.every(({ job }) => job.status === 'FAILED' && job.resumable === true)) {
        found.push(`job ${fileId} waited to be resumed, and a quality check did not tell of it`);
      }
    }
  }
  return [...found, ...checkPeriods(checks)];
}

function checkPeriods(checks: readonly QualityCheckCall[]): string[] {
  const written = checks.flatMap(({ writtenAt, report }) => writtenAt === undefined ? [] : [{ writtenAt, from: report!.from, to: report!.to }]);
  return checks.flatMap(({ since, writtenAt, report }) => {
    if (writtenAt === undefined) return [];
    const { from, to } = report!;
    const others = written.filter((other) => other.to < to && Date.parse(other.to) > Date.parse(to) - LONGEST_PERIOD);
    const hasGap = others.some((other) => other.writtenAt < since && other.to > from);
    const isEnd = others.some((other) => other.writtenAt <= writtenAt && other.to === from);
    // By the clock, which shows minutes.
    const dayBefore = Math.floor(Date.parse(to) / MINUTE) * MINUTE - DAY;
    const isFirst = others.every((other) => other.writtenAt >= since) && Date.parse(from) === dayBefore;
    return !hasGap && (isEnd || isFirst) ? [] : [`the quality check up to ${to} begins at ${from}, which is not where the last one ends`];
  });
}

/** What the API has told of a job was so, and what it has said to have started is what came. */
function checkApi(pipeline: Pipeline): string[] {
  const { apiCalls, table } = pipeline;
  const found: string[] = [];
  const accepted = new Map<string, string>();
  for (const { request, response, at } of apiCalls) {
    const body = JSON.parse(response.body) as ApiAnswer;
    const told = [...body.jobs ?? [], ...body.status === undefined ? [] : [body], ...body.error?.job === undefined ? [] : [body.error.job]];
    for (const { jobId, status, run } of told) {
      const wasSo = table.histories.get(jobId!)?.some((moment) => moment.at <= at && moment.job.status === status && moment.job.run === run);
      if (wasSo !== true) found.push(`the API told that job ${jobId} was ${status} in run ${run}, and it was not`);
    }
    if (response.statusCode !== 202) continue;
    found.push(...checkStarted(request, body, pipeline));
    const key = request.headers['idempotency-key'];
    if (key !== undefined && (accepted.get(key) ?? body.executionArn) !== body.executionArn) found.push(`the key ${key} has started two executions`);
    if (key !== undefined) accepted.set(key, body.executionArn!);
  }
  return found;
}

interface ApiAnswer {
  readonly jobId?: string;
  readonly status?: JobStatus;
  readonly run?: number;
  readonly executionArn?: string;
  readonly jobs?: readonly ApiAnswer[];
  readonly error?: { readonly job?: ApiAnswer };
}

function checkStarted(request: ApiRequest, { jobId, executionArn }: ApiAnswer, pipeline: Pipeline): string[] {
  const { table, landing, intake } = pipeline;
  const { action, key } = JSON.parse(request.body!) as { readonly action: string; readonly key?: string };
  const claimed = [...table.histories.values()].map(([{ job }]) => job).find((job) => job.execution_arn === executionArn);
  if (jobId !== undefined && action !== 'resume' && claimed !== undefined && claimed.file_id !== jobId) {
    return [`the API told of a job ${jobId}, and its execution ${executionArn} has claimed ${claimed.file_id}`];
  }
  // Of an execution that came to nothing, and of whose end no event tells, the sweep finds no file any more, or starts none.
  const isFound = intake !== 'manual' && landing.files.every((file) => file.key !== key || !file.wasReplaced);
  const wasLost = pipeline.statusOf(executionArn!) !== 'SUCCEEDED' && !isFound;
  const isMissing = action === 'start' && jobId !== undefined && !table.histories.has(jobId) && !wasLost;
  return isMissing ? [`the API told of a job ${jobId} of ${key}, and there is none`] : [];
}

/** Bytes, rejects and counts are those of an undisturbed run under one of the contracts that were deployed. */
async function checkOutcome(pipeline: Pipeline, people: People, job: JobItem,
  outcomesOf: (file: string) => Promise<readonly Outcome[]>): Promise<string[]> {
  const outcome = outcomeOf(pipeline, job);
  if (isBeyondHelp(pipeline, people, job)) return [];
  if (job.status !== 'SUCCEEDED' && outcome.published !== '') return [`parts of job ${job.file_id} are visible, which is ${job.status}`];
  if (!hasEnded(job) || job.resumable === true) return [];
  const file = fileOf(pipeline, job);
  if (file === undefined) return [`job ${job.file_id} is of no file that landed`];
  if (job.error_code === 'resumed_too_late') return [];
  if (job.error_code === 'source_changed') {
    return file.wasReplaced ? [] : [`job ${job.file_id} failed because its file was gone, which nobody else has touched`];
  }
  const possible = await outcomesOf(file.content);
  const same = JSON.stringify(outcome);
  return possible.some((expected) => JSON.stringify(expected) === same) ? []
    : [`job ${job.file_id} came to ${same}, expected one of ${possible.map((expected) => JSON.stringify(expected)).join(' or ')}`];
}

export function outcomeOf({ output }: Pipeline, job: JobItem): Outcome {
  const objects = output.list();
  const parts = objects.filter(({ key }) => key.includes(`file_id=${job.file_id}/part-`));
  const rejected = objects.find(({ key }) => key.endsWith(`file_id=${job.file_id}/rejected.csv`));
  return {
    status: job.status,
    errorCode: job.error_code,
    published: parts.map(({ bytes }) => bytes.toString()).join(''),
    rejected: rejected?.bytes.toString(),
    counts: [job.records_read, job.records_written, job.records_rejected],
  };
}

