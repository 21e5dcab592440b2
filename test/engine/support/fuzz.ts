import { Parameters } from 'fast-check';
import { reportFailure } from './failure-report';

/** `FUZZ_MINUTES=10` lets each fuzz test go on for ten minutes. */
const MINUTES = Number(process.env.FUZZ_MINUTES ?? 0);
/** `FUZZ_RUNS=100` makes each fuzz test run a hundred times as often as usual. */
export const LONGER = Number(process.env.FUZZ_RUNS ?? 1);
const MINUTE_MS = 60_000;
const USUAL_TIMEOUT_MS = 120_000;

/** The timeout for jest: it cuts no run off. */
export const FUZZ_TIMEOUT_MS = MINUTES * MINUTE_MS + USUAL_TIMEOUT_MS * LONGER;

/**
 * Settings for fast-check.
 *
 * @param names of the property's arguments, for the report of a failure: see `reportFailure`
 */
export function fuzz<T>(usualRuns: number, ...names: readonly string[]): Parameters<T> {
  const reporter = reportFailure<T>(names);
  if (MINUTES === 0) return { reporter, numRuns: usualRuns * LONGER };
  return { reporter, numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: MINUTES * MINUTE_MS, markInterruptAsFailure: false };
}
