/** Memory and time of each step's function. */
import { Duration, Size } from 'aws-cdk-lib';
import { MIN_MEBIBYTES_WITH_KEYS } from '../contract/key-buffer';
import { FunctionSettings, StepSettings } from '../options/step-settings';
import { checkSeconds, checkSize, formatSize } from '../synth/prop-checks';

type StepName = keyof StepSettings;

/** By the name that its handler has. */
const STEMS: Readonly<Record<StepName, string>> = {
  validateFile: 'validate-file',
  planChunks: 'plan-chunks',
  processChunk: 'process-chunk',
  finalizeJob: 'finalize-job',
  moveSource: 'move-source',
  closeJob: 'close-job',
  sweepJobs: 'sweep-jobs',
};

/** FinalizeJob merges the keys. */
const MIN_MEMORY_WITH_KEYS = Size.mebibytes(MIN_MEBIBYTES_WITH_KEYS);

export interface StepChecks {
  readonly workflowTimeout: Duration;
  /** Whether the published records have keys. */
  readonly hasKeys: boolean;
}

/** @returns the settings of each step, by the stem of its handler */
export function resolveStepSettings(steps: StepSettings, defaults: Required<FunctionSettings>,
  { workflowTimeout, hasKeys }: StepChecks): Readonly<Record<string, Required<FunctionSettings>>> {
  const names = Object.keys(STEMS) as StepName[];
  return Object.fromEntries(names.map((name) => {
    const { memorySize, timeout } = steps[name] ?? {};
    const prop = (setting: keyof FunctionSettings) => steps[name]?.[setting] === undefined ? setting : `steps.${name}.${setting}`;
    const resolved = {
      memorySize: memorySize === undefined ? defaults.memorySize : checkMemorySize(prop('memorySize'), memorySize),
      timeout: timeout === undefined ? defaults.timeout : checkTimeout(prop('timeout'), timeout),
    };
    if (resolved.timeout.toSeconds() >= workflowTimeout.toSeconds()) {
      throw new Error(`workflowTimeout must be longer than ${prop('timeout')} (${resolved.timeout.toHumanString()}), got ${workflowTimeout.toHumanString()}`);
    }
    if (name === 'finalizeJob' && hasKeys && resolved.memorySize.toBytes() < MIN_MEMORY_WITH_KEYS.toBytes()) {
      throw new Error(`${prop('memorySize')} must be at least ${formatSize(MIN_MEMORY_WITH_KEYS)} where the schema of the published records has keys, `
        + `got ${formatSize(resolved.memorySize)}`);
    }
    return [STEMS[name], resolved];
  }));
}

export function checkMemorySize(prop: string, memorySize: Size): Size {
  checkSize(prop, memorySize, { min: Size.mebibytes(512), max: Size.mebibytes(10_240) });
  if (memorySize.toBytes() % Size.mebibytes(1).toBytes() !== 0) throw new Error(`${prop} must be whole MiB, got ${formatSize(memorySize)}`);
  return memorySize;
}

export function checkTimeout(prop: string, timeout: Duration): Duration {
  return checkSeconds(prop, timeout, { min: Duration.minutes(1), max: Duration.minutes(15) });
}
