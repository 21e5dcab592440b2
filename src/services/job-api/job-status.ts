/** GET /status/{jobId}: all that is known of a job, with links to what it has left. */
import { ApiResponse, json } from './api-messages';
import { knownJob } from './known-job';
import { figuresOf } from './list-page';
import { JobItem } from '../../contract/job-item';
import { ObjectKeys } from '../../contract/object-keys';
import { resumeFault, resumeWindowEnd } from '../../contract/resume-and-rerun';
import { stepTimes } from '../../contract/step-times';
import { JobObjects } from '../../ports/job-objects';
import { JobTable } from '../../ports/jobs';
import { regionOf, Regions } from '../../ports/regions';
import { failureOf } from '../../spec/error-codes';
import { summaryOf } from '../job-summary';

export interface JobStatusDeps {
  readonly jobs: Pick<JobTable, 'job' | 'events'>;
  readonly objects: JobObjects;
  readonly linkExpirySeconds: number;
  readonly resumeWindowSeconds: number;
  readonly regions?: Regions;
  readonly now: () => Date;
}

/** Addresses that anybody may read for a while, of what is there. */
interface JobLinks {
  readonly report?: string;
  readonly rejected?: string;
  /** The other files of the rejected records, where one has no room for all. */
  readonly furtherRejected?: readonly string[];
  readonly manifest?: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

export async function jobStatus(jobId: string, deps: JobStatusDeps): Promise<ApiResponse> {
  const job = await knownJob(jobId, deps);
  const { errorCode, errorMessage, ...summary } = summaryOf(job);
  return json(200, {
    jobId,
    ...summary,
    versionId: job.version_id,
    sizeBytes: job.size_bytes,
    startTime: job.process_start_time,
    endTime: job.process_end_time,
    chunkCount: job.chunk_count,
    counts: figuresOf(job),
    rejectsByCode: job.rejects_by_code,
    rejectsByColumn: job.rejects_by_column,
    steps: stepTimes(await deps.jobs.events(jobId), endOf(job)),
    error: errorCode && { code: errorCode, message: errorMessage, whatToDo: whatToDo(job, deps) },
    links: await linksOf(job, deps),
  });
}

function endOf({ process_end_time: end }: JobItem): number | undefined {
  return end === undefined ? undefined : Date.parse(end);
}

function whatToDo(job: JobItem, { resumeWindowSeconds, regions }: JobStatusDeps): string {
  if (resumeFault(job) === 'OPEN') return 'wait: the job is about to end with this error';
  switch (failureOf(job).remedy) {
    case 'RESUME': {
      const end = resumeWindowEnd(job, resumeWindowSeconds);
      const until = end === undefined ? '' : ` until ${end.toISOString()}`;
      const isOfOther = regions !== undefined && regionOf(job) !== regions.own;
      const where = isOfOther ? ` to the API of ${regionOf(job)}, if that is the active region; else the sweep processes the file once more` : '';
      return `nothing is wrong with the file: mend the cause and POST /trigger ${asked('resume', job)}${until}${where}`;
    }
    case 'RERUN': return `nothing is wrong with the file: POST /trigger ${asked('rerun', job)} processes it once more`;
    case 'SEND_AGAIN': return 'upload the file again; one that came in its place has a job of its own';
    case 'CORRECT':
      return `correct the file and upload it again; or, where the schema or the settings were wrong, deploy them and POST /trigger ${asked('rerun', job)}`;
    case 'NOTHING': return 'nothing: the file is processed once more, as a job of its own, whose rerunOf is this one';
  }
}

function asked(action: 'resume' | 'rerun', { file_id: jobId }: JobItem): string {
  return JSON.stringify({ action, jobId });
}

/** Of a report. */
interface ReportedPlaces {
  readonly rejectedKey?: string;
  readonly furtherRejectedKeys?: readonly string[];
  readonly outputPrefix?: string;
}

/** What a job has left lies where its own report says, whatever prefixes are in force by now. */
async function linksOf({ report_key: reportKey }: JobItem, deps: JobStatusDeps): Promise<JobLinks | undefined> {
  const text = reportKey === undefined ? undefined : await deps.objects.text(reportKey);
  if (reportKey === undefined || text === undefined) return undefined;
  const { rejectedKey, furtherRejectedKeys = [], outputPrefix } = JSON.parse(text) as ReportedPlaces;
  const manifestKey = outputPrefix && ObjectKeys.publishedManifestIn(outputPrefix);
  // Before the links are made: they live at least until then.
  const expiresAt = new Date(deps.now().getTime() + deps.linkExpirySeconds * 1000).toISOString();
  const [report, rejected, manifest] = await Promise.all([reportKey, rejectedKey, manifestKey].map(async (key) => linkTo(key, deps)));
  const further = (await Promise.all(furtherRejectedKeys.map(async (key) => linkTo(key, deps)))).filter((link) => link !== undefined);
  return { report, rejected, furtherRejected: further.length > 0 ? further : undefined, manifest, expiresAt };
}

async function linkTo(key: string | undefined, { objects, linkExpirySeconds }: JobStatusDeps): Promise<string | undefined> {
  return key !== undefined && await objects.has(key) ? objects.link(key, linkExpirySeconds) : undefined;
}
