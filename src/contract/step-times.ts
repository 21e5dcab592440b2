import { EventItem } from './job-item';

export interface StepTime {
  readonly step: string;
  readonly seconds: number;
}

/** Each step ends with its audit entry; a step that a retry or a resume did again counts until its last one. */
const STEP_ENDS = [['ValidateFile', 'validated'], ['PlanChunks', 'planned'], ['ProcessChunks', 'processed']] as const;

/**
 * How long each step took that has ended.
 *
 * @param events all of the job
 * @param endedAt epoch milliseconds: when FinalizeJob has ended the job; undefined while it is open
 */
export function stepTimes(events: readonly EventItem[], endedAt: number | undefined): StepTime[] {
  const ends = STEP_ENDS.map(([step, end]) => ({ step, at: events.filter(({ event }) => event === end).at(-1)?.at }));
  const steps: StepTime[] = [];
  let from = events.find(({ event }) => event === 'claimed')?.at ?? endedAt;
  for (const { step, at } of [...ends, { step: 'FinalizeJob', at: endedAt }]) {
    if (at === undefined || from === undefined) continue;
    steps.push({ step, seconds: secondsBetween(from, at) });
    from = at;
  }
  return steps;
}

/** Clocks of two machines may differ: never less than none. */
export function secondsBetween(from: number, to: number): number {
  return Math.max(0, to - from) / 1000;
}
