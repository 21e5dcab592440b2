import { fail } from './descriptor-check';
import { DEFAULT_DIALECT, DESCRIPTIVE_PROPERTIES, Dialect } from './dialect';
import { InputFormatName, InputSettings, isJson } from './input-settings';
import { JSON_DIALECT_NAMES } from './json-properties';
import { fieldsMatchOf, Schema } from './schema';
import { isSingleByte, SingleByteEncodingName } from './text-encodings';

/** Throws where schema, dialect and input settings, each right by itself, do not go together. */
export function checkAgreement(
  schema: Schema, dialect: Dialect, { inputFormat, encoding }: Pick<InputSettings, 'inputFormat' | 'encoding'>,
): void {
  if (inputFormat !== undefined) checkDialectOf(inputFormat, dialect);
  const fieldsMatch = fieldsMatchOf(schema);
  if (dialect.header === false && fieldsMatch !== 'exact') {
    fail('schema.fieldsMatch', 'be exact where dialect.header is false: without a header there are no names to go by', fieldsMatch);
  }
  if ((dialect.headerSearchLines ?? 0) > 0 && fieldsMatch === 'partial') {
    fail('dialect.headerSearchLines', 'be left out where fieldsMatch is partial: a line of the preamble that has one name would be taken for the header', dialect.headerSearchLines);
  }
  if (isSingleByte(encoding) && !hasCharacters(encoding, dialect.delimiter ?? DEFAULT_DIALECT.delimiter)) {
    fail('dialect.delimiter', `be characters of ${encoding}, which is the encoding`, dialect.delimiter);
  }
}

/** Where files are of one format, the dialect is one of that format. */
function checkDialectOf(inputFormat: InputFormatName, dialect: Dialect): void {
  for (const [name, value] of Object.entries(dialect)) {
    if (value === undefined || DESCRIPTIVE_PROPERTIES.includes(name)) continue;
    const ofJson = JSON_DIALECT_NAMES.includes(name);
    if (ofJson !== isJson(inputFormat)) {
      fail(`dialect.${name}`, `be left out where inputFormat is ${inputFormat}: it is how ${ofJson ? 'JSON is' : 'CSV and TSV are'} written`, value);
    }
    if (name === 'property' && inputFormat !== 'json') {
      fail('dialect.property', `be left out where inputFormat is ${inputFormat}: only a file of one JSON value (json) has it`, value);
    }
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
