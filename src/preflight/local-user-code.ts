import { ModulePhase, Phase } from './module-phase';
import { isPromise } from '../engine/transform/module-transform';
import { UserCode } from '../ports/user-code';
import { loadUserFunction } from '../steps/load-module';

/**
 * The contract of a local run names the file of the module's copy.
 *
 * @param phase is told what the module is at; without a thread that watches it nothing limits the module
 */
export function localUserCode(phase = new ModulePhase()): UserCode {
  const leave = () => phase.enter(Phase.OUTSIDE);
  return {
    load: async (module) => {
      phase.enter(Phase.LOAD);
      const userFunction = await loadUserFunction(module.file, module).finally(leave);
      return (record, context) => {
        phase.enter(Phase.CALL);
        let returned: unknown;
        try {
          returned = userFunction(record, context);
        } finally {
          leave();
        }
        if (!isPromise(returned)) return returned;
        phase.enter(Phase.PROMISE);
        // What is not a promise of JavaScript's own may begin its work in `then`: only one is called.
        const promise = Promise.resolve(returned);
        promise.then(leave, leave);
        return promise;
      };
    },
    invoke: async () => { throw new Error('expected a transform that is a module, got a Lambda function'); },
  };
}
