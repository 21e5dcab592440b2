import { checkBoolean, fail, Properties } from './descriptor-check';
import { Field, Schema } from './schema';

/** `trim` (ours): blanks around a text are not part of it. */

/** What Unicode calls White_Space, and U+FEFF: a byte order mark that has strayed into the text. */
const BLANK = /^[\p{White_Space}\ufeff]$/u;

/** All of them are one UTF-16 unit. */
function isBlank(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  // The blanks of ASCII are up to U+0020, the others from U+0085 on.
  return (code <= 0x20 || code >= 0x85) && BLANK.test(text[index]);
}

/** Not done by a regular expression, which would take quadratic time on a long run of blanks within the text. */
export function withoutBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text, start)) start++;
  while (end > start && isBlank(text, end - 1)) end--;
  return text.slice(start, end);
}

/** Whether blanks around a field's text are not part of it. */
export function isTrimmed(field: Pick<Field, 'trim'>, schema: Pick<Schema, 'trim'>): boolean {
  return field.trim ?? schema.trim ?? false;
}

/** A text of the schema that is to be found in the file, and no trimmed text can be. Of fields that have been checked. */
export function checkTrim(schema: Properties, fields: readonly Properties[]): void {
  checkBoolean('schema.trim', schema.trim);
  fields.forEach((field, index) => {
    const path = `schema.fields[${index}]`;
    checkBoolean(`${path}.trim`, field.trim);
    const { name, aliases, missingValues, trueValues, falseValues, format, formats, constraints } = field;
    if (schema.trim === true) checkBare(path, { name, aliases });
    if (!isTrimmed(field as Pick<Field, 'trim'>, schema as Pick<Schema, 'trim'>)) return;
    checkBare('schema', { missingValues: missingValues === undefined ? schema.missingValues : undefined });
    checkBare(path, { missingValues, trueValues, falseValues, format, formats });
    checkBare(`${path}.constraints`, { enum: (constraints as Properties | undefined)?.enum });
  });
}

/** @param words texts, or lists of texts and other values */
function checkBare(path: string, words: Properties): void {
  for (const [name, value] of Object.entries(words)) {
    const texts = Array.isArray(value) ? value.map((text: unknown, index) => [`${name}[${index}]`, text] as const) : [[name, value] as const];
    for (const [place, text] of texts) {
      if (typeof text === 'string' && withoutBlanks(text) !== text) {
        fail(`${path}.${place}`, 'have no blanks around it: trim takes them off what it is compared with', text);
      }
    }
  }
}
