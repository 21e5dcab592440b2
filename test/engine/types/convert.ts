import { compileField } from '../../../src/engine/types/field-converter';
import { Field } from '../../../src/spec/schema';

/**
 * The JSON text of an unquoted field's value, or the fault's code: no value's JSON text is a bare word but `null`,
 * `true` and `false`.
 */
export function convert(field: Omit<Field, 'name'>, text: string, quoted = false): string {
  const result = compileField({ name: 'field', ...field }, [''])(text, quoted);
  return typeof result === 'string' ? result : result.code;
}

/** Like `convert`, but the fault's message. */
export function message(field: Omit<Field, 'name'>, text: string, quoted = false): string {
  const result = compileField({ name: 'field', ...field }, [''])(text, quoted);
  return typeof result === 'string' ? `no fault: ${result}` : result.message;
}
