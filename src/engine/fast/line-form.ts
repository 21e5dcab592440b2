import { Format } from '../format';
import { compileCsvField, csvColumns, CsvField } from '../output/csv-encoder';
import { jsonLinePrefixes } from '../output/json-lines';

/** How a line of the output is put together. */
export interface LineForm {
  readonly isCsv: boolean;
  /** Of each field, what stands before its value. */
  readonly prefixes: readonly string[];
  readonly missing: string;
  readonly end: string;
  /** Of each field, how its JSON is written. */
  readonly write: readonly CsvField[];
}

/** @returns undefined where the module cannot write what is wanted */
export function lineFormOf(format: Format): LineForm | undefined {
  const { settings: { schema, output = {} }, outputSchema, recordColumns, fieldNames, fit } = format;
  const { metadataColumns = [], formulaSafe = false } = output;
  if (outputSchema !== schema || metadataColumns.length > 0 || recordColumns.length !== fieldNames.length || fit !== undefined) return undefined;
  switch (output.format ?? 'jsonl') {
    case 'jsonl':
      return { isCsv: false, prefixes: jsonLinePrefixes(fieldNames), missing: 'null', end: '}\n', write: fieldNames.map(() => (json) => json) };
    case 'csv':
      return formulaSafe ? undefined : {
        isCsv: true,
        prefixes: fieldNames.map((_, index) => index === 0 ? '' : ','),
        missing: '',
        end: '\n',
        write: csvColumns(recordColumns, schema).map((column) => compileCsvField(column, false)),
      };
    default:
      return undefined;
  }
}
