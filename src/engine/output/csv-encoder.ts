/**
 * CSV by RFC 4180, except that lines end with LF, as in JSON Lines: no reader minds, and a line end within quotes stays
 * what it was.
 *
 * fast-csv's formatter drops NUL characters, has no quoting by value and works on object streams; what is needed is no
 * more than this.
 */
import { LineBuffer } from './line-buffer';
import { OutputEncoder } from './output-encoder';
import { FitCheck, FitFault, PartFormat } from './part-format';
import { OutputColumn } from '../../spec/output-columns';
import { OutputSettings } from '../../spec/output-settings';
import { FieldTypeName, missingTextsOf, Schema } from '../../spec/schema';
import { compileOneOf } from '../types/field-converter';
import { jsonToString, jsonToText } from '../types/string-type';

export interface CsvColumn extends Pick<OutputColumn, 'name' | 'type'> {
  /** Unquoted texts that a reader with the same schema takes for no value. */
  readonly missingValues: readonly string[];
}

export function csvColumns(columns: readonly OutputColumn[], schema: Schema): CsvColumn[] {
  return columns.map((column, index) => ({ ...column, missingValues: missingTextsOf(schema.fields[index] ?? {}, schema).plain }));
}

/** Turns a value's JSON literal into a field with its quotes. */
export type CsvField = (json: string) => string;

/**
 * A missing value is written as nothing, an empty string as `""`: a reader that takes nothing for a missing value, and
 * `""` for a text, gets both back.
 */
export class CsvEncoder implements OutputEncoder {
  private readonly fields: readonly CsvField[];

  /** @param lines the fast path may write to it too: one buffer keeps the lines in order */
  constructor(columns: readonly CsvColumn[], { header = true, formulaSafe = false }: OutputSettings, private readonly lines: LineBuffer) {
    this.fields = columns.map((column) => compileCsvField(column, formulaSafe));
    if (header) lines.beginWith(columns.map(({ name }) => name).map(compileText(formulaSafe)).join(',') + '\n');
  }

  get full(): boolean {
    return this.lines.full;
  }

  append(values: readonly string[]): void {
    const { fields } = this;
    let line = fields[0](values[0]);
    for (let index = 1; index < fields.length; index++) line += ',' + fields[index](values[index]);
    this.lines.append(line + '\n');
  }

  take(): Uint8Array {
    return this.lines.take();
  }

  finish(): Uint8Array {
    return this.lines.take();
  }
}

export function compileCsvField({ type, missingValues }: CsvColumn, formulaSafe: boolean): CsvField {
  // A text that would be read back as a missing value is put in quotes.
  const isMissing = compileOneOf(missingValues);
  const writeText = compileText(formulaSafe, isMissing);
  if (TEXTS.has(type)) return (json) => json === 'null' ? '' : writeText(jsonToText(json));
  // Its digits are four, which its number need not have.
  if (type === 'year') return (json) => json === 'null' ? '' : writeText(json.padStart(4, '0'));
  if (type === 'string') return (json) => json === 'null' ? '' : writeText(jsonToString(json));
  // Numbers, dates and the like have nothing that would need quotes.
  return (json) => {
    if (json === 'null') return '';
    const text = json.charCodeAt(0) === QUOTE ? json.slice(1, -1) : json;
    return isMissing(text) ? quoted(text) : text;
  };
}

const QUOTE = 0x22;

/** Types whose values may hold any character. A duration may begin with a minus, as a formula does. */
const TEXTS: ReadonlySet<FieldTypeName> = new Set<FieldTypeName>(['object', 'array', 'list', 'geopoint', 'geojson', 'any', 'duration']);

/** Whether a spreadsheet would take the text for a formula. */
export function isFormula(text: string): boolean {
  return FORMULA.test(text);
}

/** Turns a text into a field: in quotes where it needs them, or where it `isMissing` without them. */
export function compileText(formulaSafe: boolean, isMissing: (text: string) => boolean = () => false): (text: string) => string {
  const needsQuotes = formulaSafe ? SPREADSHEET_NEEDS_QUOTES : NEEDS_QUOTES;
  const write = (text: string) => needsQuotes.test(text) || isMissing(text) ? quoted(text) : text;
  return formulaSafe ? (text) => write(withoutFormula(text)) : write;
}

// There are readers that drop blanks around a text without quotes; U+FEFF at the start of a file would be its byte
// order mark.
const NEEDS_QUOTES = /^$|^\s|\s$|[",\r\n]/;
// There are spreadsheets that split at semicolons and tabs as well: what follows one would begin a cell.
const SPREADSHEET_NEEDS_QUOTES = /^$|^\s|\s$|[",;\t\r\n]/;

export function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/**
 * What spreadsheets read as a formula, or as nothing before one (OWASP, "CSV Injection"; NUL: its ASVS, 1.2.10). The
 * full-width signs ＝＋－＠ are read as their ASCII twins where East Asian text is typed.
 */
const FORMULA = /^[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n\0]/;

/** Lossy on purpose: `-` and `'-` become the same text. */
export function withoutFormula(text: string): string {
  return isFormula(text) ? `'${text}` : text;
}

/** The text that `withoutFormula` was given, as a rule: what began with an apostrophe and a formula itself loses the one. */
export function withFormula(text: string): string {
  return text.startsWith('\'') && isFormula(text.slice(1)) ? text.slice(1) : text;
}

/** A record of one missing value would be a blank line, and readers skip those. */
function onlyValueFit(column: string): FitCheck {
  const fault: FitFault = { column, message: 'must be a value where it is the only column (CSV), got none' };
  return ([json]) => json === 'null' ? fault : undefined;
}

export const CSV: PartFormat = {
  suffix: '.csv',
  contentType: 'text/csv; charset=utf-8',
  encoder: (columns, schema, settings, lines) => new CsvEncoder(csvColumns(columns, schema), settings, lines),
  fit: (columns, { metadataColumns = [] }) => columns.length + metadataColumns.length === 1 ? onlyValueFit(columns[0].name) : undefined,
};
