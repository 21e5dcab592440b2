import { StepDeps } from '../ports/step-deps';

/**
 * For work that may take longer than a step lives: it stops when half of the time is over, and the next call of the step
 * goes on. The other half is for what remains to be done, and for a slow answer.
 *
 * @returns whether the time is up
 */
export function halfTime({ timeLeft }: Pick<StepDeps, 'timeLeft'>): () => boolean {
  const enough = timeLeft() / 2;
  return () => timeLeft() < enough;
}
