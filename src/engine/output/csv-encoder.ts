/**
 * CSV by RFC 4180, but that lines end with LF, as in JSON Lines: no reader minds, and a line end within quotes stays what it was.
 *
 * fast-csv's formatter drops NUL characters, has no quoting by value and works on object streams; what is needed is no more than this.
 */
import { LineBuffer } from './json-lines';
import { OutputEncoder } from './output-encoder';
import { OutputSettings } from './output-settings';
import { compileMissing } from '../field-converter';
import { OutputColumn } from '../format';
import { jsonToString } from '../types/string-type';

export interface CsvColumn extends Pick<OutputColumn, 'name' | 'type'> {
  /** Unquoted texts that a reader with the same schema takes for no value. */
  readonly missingValues: readonly string[];
}

/** Turns a value's JSON literal into a field with its quotes. */
type CsvField = (json: string) => string;

/** A missing value is nothing between two commas, an empty string is `""`: a reader that takes `""` for a text, and nothing for a missing value, gets both back. */
export class CsvEncoder implements OutputEncoder {
  private readonly fields: readonly CsvField[];
  private readonly headerLine: string;
  private isEmpty = true;

  constructor(columns: readonly CsvColumn[], { header = true, formulaSafe = false }: OutputSettings, private readonly lines: LineBuffer) {
    this.fields = columns.map((column) => compileField(column, formulaSafe));
    this.headerLine = header ? columns.map(({ name }) => writeName(formulaSafe ? withoutFormula(name) : name)).join(',') + '\n' : '';
  }

  get full(): boolean {
    return this.lines.full;
  }

  append(values: readonly string[]): void {
    if (this.isEmpty) {
      this.isEmpty = false;
      this.lines.append(this.headerLine);
    }
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

function compileField({ type, missingValues }: CsvColumn, formulaSafe: boolean): CsvField {
  // What would come back as no value stands in quotes.
  const isMissing = compileMissing(missingValues);
  if (type === 'object') return (json) => json === 'null' ? '' : writeText(json, isMissing);
  if (type === 'string') {
    const disarm = formulaSafe ? withoutFormula : (text: string) => text;
    return (json) => json === 'null' ? '' : writeText(disarm(jsonToString(json)), isMissing);
  }
  // Numbers, dates and the like have nothing that would need quotes.
  return (json) => {
    if (json === 'null') return '';
    const text = json.charCodeAt(0) === QUOTE ? json.slice(1, -1) : json;
    return isMissing(text) ? quoted(text) : text;
  };
}

const QUOTE = 0x22;

function writeText(text: string, isMissing: (text: string) => boolean): string {
  return needsQuotes(text) || isMissing(text) ? quoted(text) : text;
}

// There are readers that drop blanks around a text without quotes; U+FEFF at the start of a file would be its byte order mark.
const NEEDS_QUOTES = /^$|^\s|\s$|[",\r\n]/;

function writeName(name: string): string {
  return needsQuotes(name) ? quoted(name) : name;
}

function needsQuotes(text: string): boolean {
  return NEEDS_QUOTES.test(text);
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** What spreadsheets read as a formula, or as blanks before one (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r\n]/;

/** Lossy on purpose: `-` and `'-` become the same text. */
function withoutFormula(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}
