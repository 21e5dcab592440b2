import { Duration } from 'aws-cdk-lib';

/**
 * How often a step of the workflow is tried again after a failure that is not the data's fault. Each wait is drawn at
 * random between 0 and `interval` x `backoffRate` ^ tries (full jitter), so that workers that failed together do not
 * come back together. Throttled invocations, where nothing has run, are tried again as long as `workflowTimeout`
 * allows, and failures of the Lambda service itself for some minutes: neither uses up a retry.
 */
export interface StepRetryPolicy {
  /**
   * Tries after the first one, 0 to 10.
   *
   * @default 3
   */
  readonly maxRetries?: number;

  /**
   * Longest wait before the first retry. Whole seconds, 1 or more.
   *
   * @default Duration.seconds(2)
   */
  readonly interval?: Duration;

  /**
   * The longest wait grows by this factor with each retry, 1 to 10.
   *
   * @default 2
   */
  readonly backoffRate?: number;

  /**
   * No wait is longer. Whole seconds, longer than `interval` and at most 1 day.
   *
   * @default Duration.minutes(1)
   */
  readonly maxDelay?: Duration;
}
