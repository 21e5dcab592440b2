import { compileType } from './compile-type';
import { compileConstraints } from './constraint-checks';
import { stringToJson } from './string-type';
import { ValueType } from './value-type';
import { Field, MissingTexts, missingTextsOf } from '../../spec/schema';
import { withoutBlanks } from '../../spec/trim';
import { beginning, visible, visibleJson } from '../../spec/visible-text';
import { holdsHalfPair } from '../json/half-pair';

export interface FieldFault {
  readonly code: 'type' | 'required' | 'constraint' | 'encoding';
  /** What was expected and what came. */
  readonly message: string;
}

/**
 * Turns a field's text into the JSON text of its value, or says why not. `quoted`: the field stood in quotes.
 * `written`: the text as the file has it, where it has escapes; missing values are compared with that.
 */
export type FieldConverter = (text: string, quoted: boolean, written?: string) => string | FieldFault;

const REQUIRED: FieldFault = { code: 'required', message: 'expected a value, got none' };

/** What a field is where there is nothing that could be a value. */
export function absentValue({ constraints }: Pick<Field, 'constraints'>): 'null' | FieldFault {
  return constraints?.required === true ? REQUIRED : 'null';
}

/**
 * Compiles all that a field asks for, once. Throws, naming the field, on a schema that cannot be compiled.
 *
 * A missing value meets `required` alone.
 *
 * @param type reads the texts, where they are not written as the field says; limits and enumerations still are
 */
export function compileField(field: Field, missing: MissingTexts = missingTextsOf(field, {}), type?: ValueType): FieldConverter {
  try {
    const convert = compile(field, type ?? compileType(field), missing);
    if (field.trim !== true) return convert;
    return (text, quoted, written = text) => convert(withoutBlanks(text), quoted, withoutBlanks(written));
  } catch (error) {
    throw new Error(`field ${visibleJson(field.name)}: ${(error as Error).message}`, { cause: error });
  }
}

function compile(field: Field, type: ValueType, missing: MissingTexts): FieldConverter {
  const checks = compileConstraints(field, type);
  const isMissing = compileMissing(missing);
  const whenMissing = absentValue(field);

  return (text, quoted, written = text) => {
    if (isMissing(written, quoted)) {
      return whenMissing;
    }
    const json = type.read(text);
    if (json === undefined) {
      return { code: 'type', message: `expected ${type.expected}, got ${quote(text)}` };
    }
    if (type.holdsTexts === true && holdsHalfPair(json)) {
      return { code: 'encoding', message: halfPairMessage(text) };
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

/** @returns whether a text stands for "no value" */
export function compileMissing({ plain, quoted }: MissingTexts): (text: string, inQuotes: boolean) => boolean {
  const isPlainMissing = compileOneOf(plain);
  if (plain === quoted) return isPlainMissing;
  const isQuotedMissing = compileOneOf(quoted);
  return (text, inQuotes) => inQuotes ? isQuotedMissing(text) : isPlainMissing(text);
}

/** @returns whether a text is one of these */
export function compileOneOf(texts: readonly string[]): (text: string) => boolean {
  if (texts.length === 0) {
    return () => false;
  }
  if (texts.length === 1) {
    const [only] = texts;
    return (text) => text === only;
  }
  const all = new Set(texts);
  const longest = Math.max(...texts.map((text) => text.length));
  return (text) => text.length <= longest && all.has(text);
}

/** What the faults of code `encoding` say that are about half a surrogate pair. */
export function halfPairMessage(text: string): string {
  return `expected Unicode text, got half a surrogate pair in ${quote(text)}`;
}

const MOST_CHARACTERS_TOLD = 60;

/** A text in a message: short, and nothing in it that cannot be seen. The whole record stands beside it in the quarantine. */
export function quote(text: string): string {
  if (text.length <= MOST_CHARACTERS_TOLD) {
    return visible(stringToJson(text));
  }
  const start = beginning(text, MOST_CHARACTERS_TOLD);
  return `${visibleJson(start)}… (${text.length} UTF-16 units)`;
}
