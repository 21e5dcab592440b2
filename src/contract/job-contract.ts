import { TransformContract } from './transform-contract';
import { Dialect } from '../spec/dialect';
import { InputSettings } from '../spec/input-settings';
import { OutputSettings } from '../spec/output-settings';
import { Schema } from '../spec/schema';

/** The contract's file name beside each handler's `index.js`. */
export const CONTRACT_FILE_NAME = 'contract.json';

/** Where the pipeline keeps what; each ends with `/`. */
export interface KeyPrefixes {
  readonly processed: string;
  readonly failed: string;
  readonly output: string;
  readonly quarantine: string;
  readonly reports: string;
  readonly manifests: string;
}

/**
 * The settings of one job. They travel inside each handler's code asset; PlanChunks copies them beside the manifest, and
 * every later step of the job reads that copy, so that a deployment in mid-job cannot mix two schemas.
 */
export interface JobContract {
  /** Stable over deployments and regions: stack name, path, environment suffix. Part of every `file_id`. */
  readonly pipelineId: string;
  readonly schema: Schema;
  readonly dialect: Dialect;
  readonly input: InputSettings;
  /** What becomes of valid records before they are published. Default: nothing. */
  readonly transform?: TransformContract;
  /** Default: plain JSON Lines. */
  readonly output?: OutputSettings;
  readonly chunkSizeBytes: number;
  readonly maxRecordSizeBytes: number;
  /** A job with more rejected records fails. Without this and the next, any rejected record fails the job. */
  readonly maxRejectedRecords?: number;
  /** 0 to 100. A job with a larger share of rejected records fails. */
  readonly maxRejectedPercentage?: number;
  /** How long after its claim a job may be resumed: until then its open uploads and work files are there. */
  readonly resumeWindowSeconds: number;
  readonly prefixes: KeyPrefixes;
  /** Metric namespace and service name. */
  readonly metricsNamespace: string;
  /** SHA-256 (hex) over all of the above: in every job item and report. */
  readonly fingerprint: string;
}
