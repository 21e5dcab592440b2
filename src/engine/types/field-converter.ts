import { compileType } from './compile-type';
import { compileConstraints } from './constraint-checks';
import { ValueType } from './value-type';
import { DEFAULT_MISSING_VALUES, Field } from '../../spec/schema';
import { withoutBlanks } from '../../spec/trim';

export interface FieldFault {
  readonly code: 'type' | 'required' | 'constraint';
  /** What was expected and what came. */
  readonly message: string;
}

/** Turns a field's text into the JSON text of its value, or says why not. `quoted`: the field stood in quotes. */
export type FieldConverter = (text: string, quoted: boolean) => string | FieldFault;

export const REQUIRED: FieldFault = { code: 'required', message: 'expected a value, got none' };

/**
 * Compiles all that a field asks for, once. Throws, naming the field, on a schema that cannot be compiled.
 *
 * Only an unquoted text can be a missing value, and a missing value meets `required` alone: `""` in a file is an empty
 * string, which is a value (and a fault of type wherever the type is not string).
 *
 * @param type reads the texts, where they are not written as the field says; limits and enumerations still are
 */
export function compileField(field: Field, schemaMissingValues: readonly string[] = DEFAULT_MISSING_VALUES, type?: ValueType): FieldConverter {
  try {
    const convert = compile(field, type ?? compileType(field), field.missingValues ?? schemaMissingValues);
    return field.trim === true ? (text, quoted) => convert(withoutBlanks(text), quoted) : convert;
  } catch (error) {
    throw new Error(`field ${JSON.stringify(field.name)}: ${(error as Error).message}`, { cause: error });
  }
}

function compile(field: Field, type: ValueType, missingValues: readonly string[]): FieldConverter {
  const checks = compileConstraints(field, type);
  const isMissing = compileMissing(missingValues);
  const whenMissing = field.constraints?.required === true ? REQUIRED : 'null';

  return (text, quoted) => {
    if (!quoted && isMissing(text)) {
      return whenMissing;
    }
    const json = type.read(text);
    if (json === undefined) {
      return { code: 'type', message: `expected ${type.expected}, got ${quote(text)}` };
    }
    for (let index = 0; index < checks.length; index++) {
      const fault = checks[index](text, json);
      if (fault !== undefined) {
        return { code: 'constraint', message: `must ${fault}, got ${quote(text)}` };
      }
    }
    return json;
  };
}

/** @returns whether an unquoted text stands for "no value" */
export function compileMissing(missingValues: readonly string[]): (text: string) => boolean {
  if (missingValues.length === 0) {
    return () => false;
  }
  if (missingValues.length === 1) {
    const [missing] = missingValues;
    return (text) => text === missing;
  }
  const all = new Set(missingValues);
  const longest = Math.max(...missingValues.map((text) => text.length));
  return (text) => text.length <= longest && all.has(text);
}

const MOST_CHARACTERS_TOLD = 60;

/** Keeps a message short, whatever the text is: the whole record stands beside it in the quarantine. */
export function quote(text: string): string {
  if (text.length <= MOST_CHARACTERS_TOLD) {
    return JSON.stringify(text);
  }
  const start = text.slice(0, MOST_CHARACTERS_TOLD).replace(/[\ud800-\udbff]$/, ''); // half a pair
  return `${JSON.stringify(start)}… (${text.length} UTF-16 units)`;
}
