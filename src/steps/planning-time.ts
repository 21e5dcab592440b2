import { StepDeps } from '../ports/step-deps';
import { toRaise } from '../spec/throughput';

/** Of a run's time: what is left is for the abort of an upload, and for saying why. */
export const SHARE_OF_TIMEOUT = 0.95;

/** The time of a run of PlanChunks, which cannot go on in another one: before it is cut off, it says what to set. */
export class PlanningTime {
  private readonly start: number;
  private readonly seconds: number;
  private readonly toRaise: string;

  constructor(private readonly deps: Pick<StepDeps, 'contract' | 'now'>) {
    this.start = deps.now().getTime();
    const { timeoutSeconds, memoryMebibytes } = deps.contract.capacity?.planChunks ?? { timeoutSeconds: Infinity, memoryMebibytes: Infinity };
    this.seconds = timeoutSeconds * SHARE_OF_TIMEOUT;
    this.toRaise = toRaise('steps.planChunks', timeoutSeconds, memoryMebibytes);
  }

  /**
   * @param goal what the run has to do
   * @param done how far it is
   * @param remedy what helps beside more memory or time
   * @throws Error where the time is up
   */
  check(goal: string, done: () => string, remedy: string): void {
    if (this.deps.now().getTime() - this.start <= this.seconds * 1000) return;
    throw new Error(`expected to ${goal} in ${this.seconds} s, got ${done()} in that time: ${this.toRaise}${remedy}`);
  }
}
