import { isPromise } from '../engine/transform/module-transform';
import { TransformFailure } from '../engine/transform/transform';
import { UserCode } from '../handlers/ports';
import { loadUserFunction } from '../handlers/transform-module';

/**
 * The contract of a local run names the file of the module's copy. Lambda ends a call that waits for ever; here each wait has a limit.
 *
 * @param timeoutSeconds of each promise
 */
export function localUserCode(timeoutSeconds: number): UserCode {
  return {
    load: async (module) => {
      const userFunction = await within(timeoutSeconds, loadUserFunction(module.file, module), `the transform module ${module.name} to load`);
      return (record, context) => {
        const returned = userFunction(record, context);
        return isPromise(returned) ? within(timeoutSeconds, returned, `the promise that the transform module ${module.name} returned to settle`) : returned;
      };
    },
    invoke: async () => { throw new Error('expected a transform that is a module, got a Lambda function'); },
  };
}

async function within<T>(seconds: number, promise: PromiseLike<T>, expected: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const fail = () => reject(new TransformFailure(`expected ${expected} within ${seconds} s (--transform-timeout), it is still pending`));
    timer = setTimeout(fail, seconds * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
