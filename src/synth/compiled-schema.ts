import { bundlePath } from './handler-code';
import { Schema } from '../spec/schema';

interface SchemaCheck {
  checkSchema(schema: Schema): void;
}

/**
 * Asks the engine, as it runs in the handlers, whether it can compile a schema: only it knows whether `31.02.2024` is a
 * date by a field's format, or `1.234` a decimal of its scale.
 *
 * @throws Error that names the field, what was expected and what came
 */
export function checkCompiles(schema: Schema): void {
  // The bundle, because constructs do not see the engine's sources, and jsii would not compile them.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { checkSchema } = require(bundlePath('check-schema')) as SchemaCheck;
  try {
    checkSchema(schema);
  } catch (error) {
    // Another error, because Node.js prints the line that an uncaught one comes from: all of the bundle is one.
    throw new Error((error as Error).message);
  }
}
