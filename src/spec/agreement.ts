import { fail } from './descriptor-check';
import { DEFAULT_DIALECT, Dialect } from './dialect';
import { InputSettings, isJson } from './input-settings';
import { fieldsMatchOf, Schema } from './schema';
import { isSingleByte, SingleByteEncodingName } from './text-encodings';

/** Throws where schema, dialect and input settings, each right by itself, do not go together. */
export function checkAgreement(
  schema: Schema, dialect: Dialect, { inputFormat, encoding }: Pick<InputSettings, 'inputFormat' | 'encoding'>,
): void {
  if (isJson(inputFormat) && Object.keys(dialect).length > 0) {
    fail('dialect', `be left out where inputFormat is ${inputFormat}: it is how CSV and TSV are written`, dialect);
  }
  const fieldsMatch = fieldsMatchOf(schema);
  if (dialect.header === false && fieldsMatch !== 'exact') {
    fail('schema.fieldsMatch', 'be exact where dialect.header is false: without a header there are no names to go by', fieldsMatch);
  }
  if (isSingleByte(encoding) && !hasCharacters(encoding, dialect.delimiter ?? DEFAULT_DIALECT.delimiter)) {
    fail('dialect.delimiter', `be characters of ${encoding}, which is the encoding`, dialect.delimiter);
  }
}

/** What Windows-1252 has where ISO-8859-1 has control characters. */
const WINDOWS_CHARACTERS = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';

function hasCharacters(encoding: SingleByteEncodingName, text: string): boolean {
  const isControl = (char: string) => char >= '\u0080' && char <= '\u009f';
  return [...text].every((char) => encoding === 'iso-8859-1'
    ? char <= '\u00ff'
    : (char <= '\u00ff' && !isControl(char)) || WINDOWS_CHARACTERS.includes(char));
}
