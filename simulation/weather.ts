/** What goes wrong in a run, and how often. */
import { Random } from './random';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Probabilities, unless the name says otherwise. */
export interface Weather {
  /** Of each call to a store or service. */
  readonly call: {
    /** It fails before it has its effect: the connection is lost, or the caller is throttled. */
    readonly refused: number;
    /** It has its effect, and fails. */
    readonly answerLost: number;
    /** It has its effect minutes or days later, and the function goes on then. */
    readonly parked: number;
    /** It has its effect at once; the function gets the answer minutes or days later. */
    readonly answerParked: number;
    /** It never returns: the function is gone. Half of these calls have their effect all the same. */
    readonly crashed: number;
  };
  /** Calls that meet this far more often than others: a fault that needs two of a kind would hardly be found. */
  readonly hotCall: { readonly name: string | undefined; readonly fate: keyof Weather['call']; readonly probability: number };
  /** The number of the one call at which a step gets stuck, in an otherwise calm run. */
  readonly stuckAt?: number;
  /** Of each call of a function. */
  readonly invocation: {
    readonly throttled: number;
    /** It runs to its end, and nobody hears of it. */
    readonly answerLost: number;
    /** It survives its timeout: what it waits for goes on whenever the answer comes. */
    readonly undead: number;
  };
  readonly event: { readonly never: number; readonly twice: number; readonly late: number };
  readonly execution: {
    readonly stopped: number;
    /** By an operator who sees that it gets no further. */
    readonly stoppedWhenStuck: number;
  };
  /** How many of each in a run, at most. */
  readonly operator: {
    readonly resumes: number;
    readonly sweeps: number;
    readonly deployments: number;
    readonly repeatedStarts: number;
    readonly reruns: number;
    readonly apiCalls: number;
  };
  /** Of each file. */
  readonly source: { readonly overwritten: number; readonly sentAgain: number; readonly deleted: number };
  /** Messages in the intake queue that are about no file of the pipeline. */
  readonly strangers: number;
  /** Files that somebody knows of who starts files by hand. */
  readonly known: number;
  /** Open uploads are aborted by the bucket's rules in the middle of a run. */
  readonly uploadsExpire: number;
  /** All calls to this service fail for a while. */
  readonly outage: number;
  /** So little that a step has to go on in another call. */
  readonly shortTime: number;
}

/** Nothing goes wrong. */
export const CALM: Weather = {
  call: { refused: 0, answerLost: 0, parked: 0, answerParked: 0, crashed: 0 },
  hotCall: { name: undefined, fate: 'refused', probability: 0 },
  invocation: { throttled: 0, answerLost: 0, undead: 0 },
  event: { never: 0, twice: 0, late: 0 },
  execution: { stopped: 0, stoppedWhenStuck: 0 },
  operator: { resumes: 0, sweeps: 0, deployments: 0, repeatedStarts: 0, reruns: 0, apiCalls: 0 },
  source: { overwritten: 0, sentAgain: 0, deleted: 0 },
  strangers: 0,
  known: 1,
  uploadsExpire: 0,
  outage: 0,
  shortTime: 0,
};

const BUSY_OPERATOR: Weather['operator'] = { resumes: 1, sweeps: 3, deployments: 0, repeatedStarts: 1, reruns: 1, apiCalls: 1 };

const FATES = ['refused', 'answerLost', 'parked', 'answerParked', 'crashed'] as const;
/** Those that change what others see. */
const HOT_CALLS = [
  'jobs.claim', 'jobs.claimForClosed', 'jobs.changeJob', 'jobs.closeExecution', 'jobs.execution', 'jobs.startChunk', 'jobs.finishChunk', 'output.put',
  'output.completeUpload', 'output.uploadPart', 'events.announce', 'queue.send', 'topic.publish', 'executions.start', 'executions.start', 'refused.keep', 'catalog.addPartition', 'messages.send', 'source.head', 'source.copy', 'source.delete',
];

/** Whether a call, a function or an execution may fail: what people do, and when events come, is no fault. */
export function hasFaults({ call, hotCall, stuckAt, invocation, execution, uploadsExpire, outage, shortTime }: Weather): boolean {
  const chances = [...Object.values(call), hotCall.name === undefined ? 0 : 1, ...Object.values(invocation), ...Object.values(execution)];
  return stuckAt !== undefined || uploadsExpire + outage + shortTime > 0 || chances.some((chance) => chance > 0);
}

/** Most runs have few faults, for a fault is found best where it stands alone. */
export function weatherOf(random: Random): Weather {
  if (random.chance(0.05)) return { ...CALM, event: { never: random.pick([0, 0.4]), twice: 0.5, late: 0.2 }, operator: BUSY_OPERATOR };
  if (random.chance(0.15)) return { ...CALM, execution: { stopped: 0, stoppedWhenStuck: 1 }, stuckAt: 1 + random.below(120) };
  const rare = () => random.chance(0.5) ? 0 : random.pick([0.002, 0.01, 0.03]);
  const often = () => random.chance(0.5) ? 0 : random.pick([0.1, 0.3, 0.6]);
  return {
    call: { refused: rare(), answerLost: rare(), parked: rare(), answerParked: rare(), crashed: rare() },
    hotCall: { name: random.chance(0.3) ? random.pick(HOT_CALLS) : undefined, fate: random.pick(FATES), probability: random.pick([0.1, 0.4]) },
    invocation: { throttled: rare(), answerLost: rare(), undead: often() },
    event: { never: random.pick([0, 0, 0.1, 0.4]), twice: random.pick([0, 0.3]), late: random.pick([0, 0.2]) },
    execution: { stopped: random.pick([0, 0, 0.3]), stoppedWhenStuck: random.pick([0, 0, 0.7]) },
    operator: {
      resumes: random.below(4),
      sweeps: random.below(4),
      deployments: random.chance(0.4) ? 1 + random.below(2) : 0,
      repeatedStarts: random.chance(0.3) ? 1 : 0,
      reruns: random.chance(0.15) ? 1 : 0,
      apiCalls: random.chance(0.3) ? 1 + random.below(3) : 0,
    },
    source: { overwritten: random.pick([0, 0, 0.3]), sentAgain: random.pick([0, 0, 0.4]), deleted: random.pick([0, 0, 0, 0.2]) },
    strangers: random.pick([0, 0, 1, 2]),
    known: random.pick([1, 1, 0.5]),
    uploadsExpire: random.chance(0.15) ? 1 : 0,
    outage: random.chance(0.1) ? 1 : 0,
    shortTime: random.chance(0.15) ? 1 : 0,
  };
}

/** How much later something comes: mostly minutes, sometimes after everything else is over. */
export function longDelay(random: Random): number {
  return random.pick([
    () => random.between(SECOND, MINUTE),
    () => random.between(MINUTE, 30 * MINUTE),
    () => random.between(30 * MINUTE, 6 * HOUR),
    () => random.between(6 * HOUR, 6 * DAY),
  ])();
}
