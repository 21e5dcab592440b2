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

/**
 * The settings of one job. They travel inside each handler's code asset; PlanChunks copies them beside the manifest,
 * and every later step of the job reads that copy, so that a deployment in mid-job cannot mix two schemas.
 */
export interface JobContract extends RecordSettings, PipelineIdentity, ChunkItemTimes {
  /** How long after its claim a job may be resumed: until then its open uploads and work files are there. */
  readonly resumeWindowSeconds: number;
  readonly prefixes: JobPrefixes;
  /** SHA-256 (hex) over all of the above: in every job item and report. */
  readonly fingerprint: string;
}

/** @param settings the contract but for its fingerprint; what is undefined is left out */
export function sealContract(settings: Omit<JobContract, 'fingerprint'>): JobContract {
  const json = JSON.stringify(settings);
  const known = JSON.parse(json) as typeof settings;
  return { ...known, fingerprint: crypto.createHash('sha256').update(json).digest('hex') };
}
