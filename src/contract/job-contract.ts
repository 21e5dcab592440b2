import * as crypto from 'crypto';
import { ChunkItemTimes } from './job-item';
import { RecordSettings } from './record-settings';

/** The contract's file name beside each handler's `index.js`. */
export const CONTRACT_FILE_NAME = 'contract.json';

/** Where the pipeline keeps what; each ends with `/`. */
export interface JobPrefixes {
  readonly processed: string;
  readonly failed: string;
  readonly output: string;
  readonly quarantine: string;
  readonly reports: string;
  readonly work: string;
}

/** What every function of a pipeline, and of what stands around it, tells with its logs and metrics. */
export interface PipelineIdentity {
  /** Stable over deployments and regions: stack name, path, environment suffix. Part of every `file_id`. */
  readonly pipelineId: string;
  /** Metric namespace and service name. */
  readonly metricsNamespace: string;
}

/** Memory and time of a step's function. */
export interface FunctionCapacity {
  readonly memoryMebibytes: number;
  readonly timeoutSeconds: number;
}

/** What a deployed pipeline has for a job. */
export interface JobCapacity {
  readonly workflowTimeoutSeconds: number;
  readonly maxConcurrency: number;
  readonly planChunks: FunctionCapacity;
  readonly processChunk: FunctionCapacity;
  readonly finalizeJob: FunctionCapacity;
}

/**
 * The settings of one job. They travel inside each handler's code asset; PlanChunks copies them beside the manifest,
 * and every later step of the job reads that copy, so that a deployment in mid-job cannot mix two schemas.
 */
export interface JobContract extends RecordSettings, PipelineIdentity, ChunkItemTimes {
  /** How long after its claim a job may be resumed: until then its open uploads and work files are there. */
  readonly resumeWindowSeconds: number;
  readonly prefixes: JobPrefixes;
  /** What is expected of a file is measured by it. The command has none: a machine is not cut off. */
  readonly capacity?: JobCapacity;
  /** SHA-256 (hex) over all of the above but `capacity`, which changes no record: in every job item and report. */
  readonly fingerprint: string;
}

/** @param settings the contract but for its fingerprint; what is undefined is left out */
export function sealContract({ capacity, ...settings }: Omit<JobContract, 'fingerprint'>): JobContract {
  const json = JSON.stringify(settings);
  const known = JSON.parse(json) as typeof settings;
  const fingerprint = crypto.createHash('sha256').update(json).digest('hex');
  return { ...known, ...capacity === undefined ? {} : { capacity }, fingerprint };
}
