import { Parameters } from 'fast-check';

/**
 * `FUZZ_MINUTES=10` lets each fuzz test go on for ten minutes; `FUZZ_RUNS=100` makes it run a hundred times as often as
 * usual.
 */
const MINUTES = Number(process.env.FUZZ_MINUTES ?? 0);
const LONGER = Number(process.env.FUZZ_RUNS ?? 1);
const MINUTE_MS = 60_000;
const USUAL_TIMEOUT_MS = 120_000;

/** The timeout for jest: it cuts no run off. */
export const FUZZ_TIMEOUT_MS = MINUTES * MINUTE_MS + USUAL_TIMEOUT_MS * LONGER;

/** For fast-check, which prints the seed of a failure. */
export function fuzz<T>(usualRuns: number): Parameters<T> {
  if (MINUTES === 0) return { numRuns: usualRuns * LONGER };
  return { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: MINUTES * MINUTE_MS, markInterruptAsFailure: false };
}
