import { UserCode } from '../handlers/ports';
import { loadUserFunction } from '../handlers/transform-module';

/** The contract of a local run names the module's file itself. */
export const LOCAL_USER_CODE: UserCode = {
  load: async (module) => loadUserFunction(module.file, module),
  invoke: async () => { throw new Error('expected a transform that is a module, got a Lambda function'); },
};
