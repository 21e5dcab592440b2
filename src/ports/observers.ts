import { METRICS } from '../contract/metrics';
import { JobEndedDetail } from '../contract/payloads';

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
  add(metric: (typeof METRICS)[keyof typeof METRICS], value: number): void;
}
