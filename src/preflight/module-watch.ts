import { ModulePhase, Phase } from './module-phase';

const MILLISECONDS_BETWEEN_LOOKS = 100;

/** The user's module takes too long. This fails the run, not a record. */
export class TransformFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TransformFailure';
  }
}

/**
 * Limits the time that a module takes, as Lambda's timeout does. It runs in another thread, and checks from time to
 * time whether the module has stayed in the same phase for longer than the limit.
 */
export class ModuleWatch {
  private readonly timer: NodeJS.Timeout;

  /**
   * @param name of the module
   * @param limitSeconds for the module to load, for each call, and for each promise that it returns
   * @param late called at most once, when the limit is exceeded
   */
  constructor(phase: ModulePhase, name: string, limitSeconds: number, late: (failure: TransformFailure) => void) {
    let stamp = phase.stamp;
    let since = performance.now();
    this.timer = setInterval(() => {
      const now = performance.now();
      if (stamp !== phase.stamp || ModulePhase.phaseOf(stamp) === Phase.OUTSIDE) {
        stamp = phase.stamp;
        since = now;
      } else if (now - since > limitSeconds * 1000) {
        this.stop();
        late(new TransformFailure(describe(ModulePhase.phaseOf(stamp), name, `within ${limitSeconds} s (--transform-timeout)`)));
      }
    }, MILLISECONDS_BETWEEN_LOOKS);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

function describe(phase: Phase, name: string, limit: string): string {
  switch (phase) {
    case Phase.LOAD: return `expected the transform module ${name} to load ${limit}, it is still pending`;
    case Phase.PROMISE: return `expected the promise that the transform module ${name} returned to settle ${limit}, it is still pending`;
    case Phase.CALL: return `expected the call of the transform module ${name} to return ${limit}, it is still running`;
    case Phase.OUTSIDE: throw new Error('internal: expected a module that is at work');
  }
}
