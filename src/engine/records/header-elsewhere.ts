/** A header that does not fit may stand further down, or fit where the file is read otherwise. */
import { NO_VISITOR, RecordVisitor } from './record-visitor';
import { walkRecords } from './walk-records';
import { USUAL_DELIMITERS } from '../../spec/dialect';
import { Field, fieldsMatchOf, Schema } from '../../spec/schema';
import { TEXT_ENCODINGS, TextEncodingName } from '../../spec/text-encodings';
import { visibleJson } from '../../spec/visible-text';
import { compileFormat, FormatSettings } from '../format/format';
import { namesOf } from '../header/header-layout';
import { decodeStrictly } from '../text/decode-strictly';

/** Lines that are looked at. */
const MOST_LINES = 50;
/** Encodings that are told beside the first one. */
const MOST_NAMED = 3;
/** Those of Windows first, because they are the most usual ones. TextDecoder takes ISO-8859-1 for Windows-1252. */
const ENCODINGS = [...TEXT_ENCODINGS.filter((name) => name.startsWith('windows-')),
  ...TEXT_ENCODINGS.filter((name) => !/^(?:windows-|utf-|iso-8859-1$)/.test(name))];

/** Where a header that fits was found, and how the file has to be read for it. */
interface Place {
  /** From 1, behind the lines that are skipped. */
  readonly line: number;
  /** Undefined: the dialect's own. */
  readonly delimiter?: string;
}

/**
 * What to declare, so that a line of the file's beginning is a header that fits the schema.
 *
 * @param beginning of the file, up to any byte
 * @returns what messages put after "expected a header line with the fields …;"; undefined where nothing helps
 */
export async function headerElsewhere(beginning: Uint8Array, declared: FormatSettings): Promise<string | undefined> {
  // Several rows make no header that one line could be.
  if (declared.dialect.headerRows !== undefined) return undefined;
  const settings = { ...declared, schema: namesAlone(declared.schema), outputSchema: undefined };
  const place = await findHeader(beginning, settings);
  if (place !== undefined) return describe(place, settings);
  const isUtf8 = (settings.encoding ?? 'utf-8') === 'utf-8' && decodeStrictly(beginning, 'utf-8', true) !== undefined;
  // Of a text that was transcoded the file's own bytes are not here.
  if (isUtf8 || settings.transcodedFrom !== undefined) return undefined;
  const found: Array<Place & { readonly encoding: TextEncodingName }> = [];
  for (const encoding of ENCODINGS) {
    const text = decodeStrictly(beginning, encoding, true);
    if (text === undefined || !hasForeignName(text, settings.schema)) continue;
    const other = await findHeader(Buffer.from(text), { ...settings, encoding: 'utf-8' });
    if (other !== undefined) found.push({ ...other, encoding });
  }
  if (found.length === 0) return undefined;
  const [first, ...others] = found;
  return describe(first, settings, first.encoding, alsoFits(others.map(({ encoding }) => encoding)));
}

function alsoFits(encodings: readonly string[]): string {
  if (encodings.length === 0) return '';
  const more = encodings.length > MOST_NAMED ? ` and ${encodings.length - MOST_NAMED} more` : '';
  return ` (encoding ${encodings.slice(0, MOST_NAMED).join(', ')}${more} would fit, too: the header does not tell)`;
}

function describe({ line, delimiter }: Place, settings: FormatSettings, encoding?: TextEncodingName, also = ''): string {
  const declared = [
    ...encoding === undefined ? [] : [`encoding ${encoding}`],
    ...delimiter === undefined ? [] : [`delimiter ${visibleJson(delimiter)}`],
    ...line === 1 ? [] : [placeOf(line, settings)],
  ];
  return `line ${line} is one, if it is read with ${declared.join(' and ')}: declare that${also}`;
}

function placeOf(line: number, { schema, dialect: { skipLines = 0 } }: FormatSettings): string {
  // One name makes a header there, which a line of the preamble may have too.
  if (fieldsMatchOf(schema) === 'partial') return `skipLines ${skipLines + line - 1}`;
  return `headerSearchLines ${line} (more where its place varies)`;
}

/** All of a schema that a header can fit or not: it is compiled for each try. */
function namesAlone({ fields, fieldsMatch, headerCase, trim }: Schema): Schema {
  const required = (constraints: Field['constraints']) => ({ required: constraints?.required });
  const named = fields.map(({ name, aliases, constraints }) => ({ name, aliases, constraints: required(constraints) }));
  return { fields: named, fieldsMatch, headerCase, trim };
}

/** With the dialect's delimiter, else with another one. */
async function findHeader(text: Uint8Array, settings: FormatSettings): Promise<Place | undefined> {
  const { quoteChar = '"', escapeChar, commentChar } = settings.dialect;
  const others = USUAL_DELIMITERS.filter((delimiter) => ![quoteChar, escapeChar, commentChar].includes(delimiter));
  for (const delimiter of [undefined, ...others]) {
    const line = await findLine(text, delimiter === undefined ? settings : { ...settings, dialect: { ...settings.dialect, delimiter } });
    if (line !== undefined) return { line, delimiter };
  }
  return undefined;
}

/** The first line that fits. Where rows are counted it is not looked for further down: they would be others. */
async function findLine(text: Uint8Array, settings: FormatSettings): Promise<number | undefined> {
  const { commentRows, skipLines = 0, headerSearchLines = 0, ...others } = settings.dialect;
  const dialect = { ...others, skipLines, headerSearchLines: commentRows === undefined ? Math.max(headerSearchLines, MOST_LINES) : 1 };
  const source = { size: text.length, read: async (start: number, end: number) => Uint8Array.from(text.subarray(start, end)) };
  const seeker = new Seeker();
  const { lines } = await walkRecords(source, compileFormat({ ...settings, dialect }), { start: 0, end: 0 }, seeker);
  return seeker.hasHeader ? lines - skipLines : undefined;
}

/** Of a walk that looks for the header by its names, and ends before the records. */
class Seeker implements RecordVisitor {
  hasHeader = false;
  readonly record = NO_VISITOR.record;
  readonly broken = NO_VISITOR.broken;

  header(): void {
    this.hasHeader = true;
  }
}

/** Whether a name that tells encodings from each other is there. */
function hasForeignName(text: string, { fields }: Schema): boolean {
  const lower = text.toLowerCase();
  return fields.flatMap(namesOf).some((name) => /[^\0-\x7f]/.test(name) && lower.includes(name.toLowerCase()));
}
