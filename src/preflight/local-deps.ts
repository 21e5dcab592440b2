import { randomUUID } from 'node:crypto';
import { StepDeps } from '../ports/step-deps';

/** What the steps have in every thread of a local run. Its user has the report and the progress bar: nothing is logged or measured. */
export const LOCAL_DEPS = {
  now: () => new Date(),
  newId: randomUUID,
  log: { info: () => undefined, warn: () => undefined },
  meter: { add: () => undefined },
} satisfies Partial<StepDeps>;
