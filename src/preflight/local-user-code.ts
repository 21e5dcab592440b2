import { ModulePhase, Phase } from './module-phase';
import { isPromise } from '../engine/transform/module-transform';
import { UserCode, UserFunction } from '../ports/user-code';
import { loadUserFunction } from '../user-files/load-module';

/**
 * Loads the user's module from the file that the contract names, which in a local run is a copy of the user's file.
 *
 * @param phase is told what the module is doing; without a thread that watches it, the module has no time limit
 */
export function localUserCode(phase = new ModulePhase()): UserCode {
  const leave = () => phase.enter(Phase.OUTSIDE);
  return {
    load: async (module) => {
      phase.enter(Phase.LOAD);
      const userFunction = await loadUserFunction(module.file, module).finally(leave) as UserFunction;
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
        // A promise of another library may start its work in `then`: `Promise.resolve` calls that exactly once.
        const promise = Promise.resolve(returned);
        promise.then(leave, leave);
        return promise;
      };
    },
    invoke: async () => { throw new Error('expected a transform that is a module, got a Lambda function'); },
  };
}
