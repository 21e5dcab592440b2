import { JobMessage, MessageGrouping } from '../contract/job-message';
import { METRICS, MetricName } from '../contract/metrics';
import { RejectCode } from '../spec/error-codes';

/** The event bus. */
export interface Events {
  announce(detail: JobMessage): Promise<void>;
}

/** Who hears of a job's end besides the event bus, where JobNotifications stands beside the pipeline. */
export interface Notifications {
  readonly queue: JobQueue;
  readonly topic: FailureTopic;
  readonly grouping: MessageGrouping;
}

/** A first-in first-out queue of the jobs that have ended. */
export interface JobQueue {
  /** Adds the message, unless one with the same deduplication id was added within 5 minutes. */
  send(message: QueuedMessage): Promise<void>;
}

export interface QueuedMessage {
  readonly body: string;
  /** Messages of one group are received in order. Letters, digits and punctuation, at most 128, as the next. */
  readonly groupId: string;
  readonly deduplicationId: string;
}

/** Tells people of the jobs that have failed. */
export interface FailureTopic {
  publish(notice: FailureNotice): Promise<void>;
}

export interface FailureNotice {
  /** Printable ASCII, less than 100 characters. */
  readonly subject: string;
  readonly text: string;
  /** What a subscription can filter by. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Takes ids, names and counts only, never a record or a field's value. */
export interface Log {
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
}

export interface Meter {
  add(metric: MetricName, value: number): void;
  /** Beside the sum of all codes, which is a metric of its own. */
  addByCode(metric: typeof METRICS.recordsRejected, code: RejectCode, value: number): void;
}
