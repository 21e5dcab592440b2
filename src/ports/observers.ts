import { METRICS, MetricName } from '../contract/metrics';
import { JobEndedDetail } from '../contract/payloads';
import { RejectCode } from '../spec/error-codes';

/** The event bus. */
export interface Events {
  announce(detail: JobEndedDetail): Promise<void>;
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
