import { randomUUID } from 'node:crypto';
import { keyBufferBytes } from '../contract/key-buffer';
import { StepDeps } from '../ports/step-deps';

/**
 * What every thread of a local run gives the steps. Nothing is logged or measured: users see the report and a progress
 * bar.
 */
export const LOCAL_DEPS = {
  now: () => new Date(),
  timeLeft: () => Infinity,
  newId: randomUUID,
  slaFileSizeBytes: 0,
  keyBufferBytes: keyBufferBytes(),
  log: { info: () => undefined, warn: () => undefined },
  meter: { add: () => undefined, addByCode: () => undefined },
} satisfies Partial<StepDeps>;
