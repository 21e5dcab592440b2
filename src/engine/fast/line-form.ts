import { Image } from './image';
import { LINE_END, LINE_END_LENGTH, LINE_HAS_OFFSET, LINE_IS_CSV, LINE_MISSING, LINE_MISSING_LENGTH, LINE_SIZE, LINE_TAIL, LINE_TAIL_LENGTH } from './layout';
import { metadataColumnsOf } from '../../spec/output-columns';
import { DEFAULT_OUTPUT_FORMAT } from '../../spec/output-settings';
import { Format } from '../format/format';
import { JSON_ESCAPES } from '../json/json-escapes';
import { compileCsvField, csvColumns, CsvField } from '../output/csv-encoder';
import { jsonLinePrefixes } from '../output/json-lines';
import { JobMetadata } from '../output/metadata-columns';
import { metadataLiterals } from '../output/metadata-encoder';
import { compileFit } from '../output/part-formats';

/** How a line of the output is put together. */
export interface LineForm {
  readonly isCsv: boolean;
  /** What comes before the value, for each column. */
  readonly prefixes: readonly string[];
  /** How the JSON of a value is written, for each column. */
  readonly write: readonly CsvField[];
  /** How each byte is written within the quotes of a string. */
  readonly escapes: readonly Uint8Array[];
  readonly missing: string;
  /** What comes behind the last value. */
  readonly tail: string;
  /** The record's byte offset stands between `tail` and `end`. */
  readonly hasOffset: boolean;
  readonly end: string;
}

const QUOTE = 0x22;
const CSV_ESCAPES = Array.from({ length: 256 }, (_, byte) => byte === QUOTE ? Uint8Array.of(QUOTE, QUOTE) : Uint8Array.of(byte));

/** @returns undefined where the module cannot write what is wanted */
export function lineFormOf(format: Format, job?: JobMetadata): LineForm | undefined {
  const { settings: { schema, output = {} }, outputSchema, recordColumns, fieldNames } = format;
  const { metadataColumns = [], formulaSafe = false } = output;
  if (metadataColumns.length > 0 && job === undefined) return undefined;
  if (outputSchema !== schema || recordColumns.length !== fieldNames.length || compileFit(format) !== undefined) return undefined;
  const columns = [...recordColumns, ...metadataColumnsOf(output)];
  const literals = job === undefined ? [] : metadataLiterals(metadataColumns, job);
  switch (output.format ?? DEFAULT_OUTPUT_FORMAT) {
    case 'jsonl': {
      const prefixes = jsonLinePrefixes(columns.map(({ name }) => name));
      const tail = tailOf(literals, prefixes.slice(fieldNames.length), '}\n');
      return { isCsv: false, prefixes, write: columns.map(() => (json) => json), escapes: JSON_ESCAPES, missing: 'null', ...tail };
    }
    case 'csv': {
      const forCsv = csvColumns(columns, schema);
      // An offset that would be read as a missing value has to stand in quotes, which the module cannot write.
      const needsQuotes = literals.includes(undefined) && forCsv.at(-1)!.missingValues.some((text) => /^\d+$/.test(text));
      if (formulaSafe || needsQuotes) return undefined;
      const write = forCsv.map((column) => compileCsvField(column, false));
      const prefixes = columns.map((_, index) => index === 0 ? '' : ',');
      const fields = literals.map((literal, index) => literal === undefined ? undefined : write[fieldNames.length + index](literal));
      return { isCsv: true, prefixes, write, escapes: CSV_ESCAPES, missing: '', ...tailOf(fields, prefixes.slice(fieldNames.length), '\n') };
    }
    case 'parquet':
      return undefined;
  }
}

/** @param values of the metadata columns; undefined: the byte offset */
function tailOf(values: ReadonlyArray<string | undefined>, prefixes: readonly string[],
  lineEnd: string): Pick<LineForm, 'tail' | 'hasOffset' | 'end'> {
  const textOf = (from: number, to: number) => values.slice(from, to).map((value, index) => prefixes[from + index] + value).join('');
  const offset = values.indexOf(undefined);
  if (offset < 0) return { tail: '', hasOffset: false, end: textOf(0, values.length) + lineEnd };
  return { tail: textOf(0, offset) + prefixes[offset], hasOffset: true, end: textOf(offset + 1, values.length) + lineEnd };
}

/** Places what assembly/index.ts reads. @returns where it lies */
export function placeLine(image: Image, { isCsv, missing, tail, hasOffset, end }: LineForm): number {
  const line = image.allocate(LINE_SIZE);
  const texts = [tail, end].map((text) => Buffer.from(text));
  const [tailAddress, endAddress] = texts.map((text) => image.place(text));
  image.word(line + LINE_IS_CSV, isCsv ? 1 : 0);
  image.copy(line + LINE_MISSING, Buffer.from(missing));
  image.word(line + LINE_MISSING_LENGTH, missing.length);
  image.word(line + LINE_TAIL, tailAddress);
  image.word(line + LINE_TAIL_LENGTH, texts[0].length);
  image.word(line + LINE_HAS_OFFSET, hasOffset ? 1 : 0);
  image.word(line + LINE_END, endAddress);
  image.word(line + LINE_END_LENGTH, texts[1].length);
  return line;
}
