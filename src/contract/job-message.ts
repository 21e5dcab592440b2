/**
 * How a job ended, as it is told to others: the detail of the event on the bus, and the body of the message in the queue
 * of JobNotifications. A documented contract, see docs/notifications.md: fields are added to a version, never renamed.
 */
import { EndedJobStatus } from './job-item';
import { FailureKind, JobErrorCode } from '../spec/error-codes';

export const JOB_MESSAGE_VERSION = '1';

/** What orders the messages of the queue among each other. */
export const MESSAGE_GROUPINGS = ['SOURCE_KEY', 'PIPELINE'] as const;
export type MessageGrouping = (typeof MESSAGE_GROUPINGS)[number];

/** @throws Error the environment says another word */
export function messageGroupingOf(word: string): MessageGrouping {
  const grouping = MESSAGE_GROUPINGS.find((one) => one === word);
  if (grouping === undefined) throw new Error(`expected the environment variable NOTIFICATION_GROUPING to be ${MESSAGE_GROUPINGS.join(' or ')}, got ${JSON.stringify(word)}`);
  return grouping;
}

export interface JobMessage {
  readonly version: typeof JOB_MESSAGE_VERSION;
  readonly pipelineId: string;
  readonly fileId: string;
  /** 1, and one more with each resume: of two messages of one job, which may come in any order, the greater run tells. */
  readonly run: number;
  readonly status: EndedJobStatus;

  /** The file as it landed. */
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly sizeBytes: number;
  /** Where the file is moved, once this is told: the key in the same bucket. */
  readonly moveTo?: string;

  /** ISO 8601: from the claim of the file to the end of the job. */
  readonly startedAt: string;
  readonly endedAt: string;

  /** Left out where not all chunks were processed. */
  readonly recordsRead?: number;
  readonly recordsWritten?: number;
  readonly recordsRejected?: number;
  readonly recordsFiltered?: number;

  /** All keys below are of this bucket. */
  readonly outputBucket: string;
  /** Of a job that succeeded. */
  readonly outputPrefix?: string;
  readonly manifestKey?: string;
  /** Of a job that has ended for good. */
  readonly rejectedKey?: string;
  readonly reportKey?: string;

  /** Of a job that failed. */
  readonly failureKind?: FailureKind;
  readonly errorCode?: JobErrorCode;
  readonly errorMessage?: string;
  readonly resumable?: boolean;
  /** ISO 8601. A later resume ends the job for good. Left out where it can be resumed at any time. */
  readonly resumableUntil?: string;
}
