import { compileField } from '../../../src/engine/types/field-converter';
import { Field, missingTextsOf } from '../../../src/spec/schema';

/**
 * The JSON text of an unquoted field's value, or the fault's code: no value's JSON text is a bare word but `null`,
 * `true` and `false`.
 *
 * @param quoted in quotes, where such a text is always a value
 */
export function convert(field: Omit<Field, 'name'>, text: string, quoted = false): string {
  const result = read(field, text, quoted);
  return typeof result === 'string' ? result : result.code;
}

/** Like `convert`, but the fault's message. */
export function message(field: Omit<Field, 'name'>, text: string, quoted = false): string {
  const result = read(field, text, quoted);
  return typeof result === 'string' ? `no fault: ${result}` : result.message;
}

function read(field: Omit<Field, 'name'>, text: string, quoted: boolean) {
  return compileField({ name: 'field', ...field }, missingTextsOf(field, { quotedMissingValues: false }))(text, quoted);
}
