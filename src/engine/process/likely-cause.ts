/** What most likely is wrong with a file of which records are rejected for one reason. */
import { USUAL_DELIMITERS } from '../../spec/dialect';
import { RejectCode } from '../../spec/error-codes';
import { Field } from '../../spec/schema';
import { visibleJson } from '../../spec/visible-text';
import { Format } from '../format/format';
import { compileGrammar } from '../grammar/grammar';
import { FieldFlag, ParseStatus, RecordParser } from '../grammar/record-parser';
import { decodeStrictly } from '../text/decode-strictly';
import { textCodec } from '../text/decode-text';
import { compileField } from '../types/field-converter';

export interface CommonFault {
  readonly code: RejectCode;
  /** Nearly every record has it. Otherwise only what would change no record that is right is told. */
  readonly isCommon: boolean;
  /** The field's name; undefined for a fault of the record as a whole. */
  readonly column: string | undefined;
  /** Some of the records, as they came. */
  readonly records: readonly Buffer[];
}

/** A sentence's end that says what to declare; undefined where nothing would read all of these records. */
export function likelyCause(format: Format, fault: CommonFault): string | undefined {
  if (fault.records.length === 0) return undefined;
  if (format.settings.recordFormat === 'json') return fault.code === 'record_size' ? gluedObjects(fault.records) : undefined;
  return fault.isCommon ? causeOfAll(format, fault) : causeOfSome(format, fault);
}

function causeOfAll(format: Format, fault: CommonFault): string | undefined {
  switch (fault.code) {
    case 'encoding':
      return otherEncoding(format, fault.records);
    case 'field_count':
      return otherShape(format, fault.records);
    case 'quote':
      return otherQuotes(format, fault.records);
    case 'type':
      return inField(format, fault, otherNotation);
    case 'record_size':
    case 'required':
    case 'constraint':
    case 'unique':
    case 'transform':
      return undefined;
  }
}

/** What nothing else in the file would be read by in another way. */
function causeOfSome(format: Format, fault: CommonFault): string | undefined {
  if (fault.code === 'field_count') return ctrlZ(format, fault.records);
  return fault.code === 'type' ? inField(format, fault, otherSign) : undefined;
}

function inField(format: Format, { column, records }: CommonFault,
  cause: (field: Field, values: readonly string[]) => string | undefined): string | undefined {
  const { fields } = format.settings.schema;
  const index = fields.findIndex(({ name }) => name === column);
  const values = index < 0 ? undefined : valuesOf(format, index, records);
  return values === undefined ? undefined : cause(fields[index], values);
}

function ctrlZ({ settings: { dialect } }: Format, records: readonly Buffer[]): string | undefined {
  if (dialect.ctrlZ === true || !records.every((record) => record.equals(CTRL_Z))) return undefined;
  return 'it is Ctrl-Z alone: declare ctrlZ true in the dialect';
}

/** Where most characters have two bytes, those beyond ASCII stand side by side. */
const MULTI_BYTE = ['shift_jis', 'gb18030', 'big5', 'euc-kr', 'euc-jp'];

/** Only where bytes are read as UTF-8 that may be something else: a single byte says nothing, and text was transcoded. */
function otherEncoding({ settings: { encoding = 'utf-8', transcodedFrom } }: Format, records: readonly Buffer[]): string | undefined {
  if (encoding !== 'utf-8' || transcodedFrom !== undefined || !records.every(hasHighByte)) return undefined;
  const isText = (name: string) => records.every((record) => decodeStrictly(record, name, false) !== undefined);
  const fitting = records.every(hasHighPairs) ? MULTI_BYTE.filter(isText) : [];
  if (fitting.length > 0) return `the bytes fit the encoding ${fitting.join(', or ')}: declare the one that the sender writes`;
  const isWindows = records.every((record) => textCodec('windows-1252').isValid(record));
  return isWindows ? 'all bytes are characters of Windows-1252: if the sender writes that, declare encoding windows-1252' : undefined;
}

function hasHighByte(record: Buffer): boolean {
  return record.some((byte) => byte > LAST_ASCII);
}

function hasHighPairs(record: Buffer): boolean {
  const high = [...record.keys()].filter((index) => record[index] > LAST_ASCII);
  const paired = high.filter((index) => record[index - 1] > LAST_ASCII || record[index + 1] > LAST_ASCII);
  return paired.length * 2 >= high.length;
}

const LAST_ASCII = 0x7f;
const GLUED = /\}\s*\{\s*"/;

function gluedObjects(records: readonly Buffer[]): string | undefined {
  const isGlued = records.every((record) => GLUED.test(record.toString('latin1')));
  return isGlued ? 'JSON objects one after the other, without line ends: declare inputFormat concatenated-json' : undefined;
}

const CTRL_Z = Buffer.from([0x1a]);

function otherShape(format: Format, records: readonly Buffer[]): string | undefined {
  const expected = format.layout.fieldOf.length;
  const { trailingDelimiter, allowShortRecords, allowLongRecords } = format.grammar.dialect;
  if (endWithCr(format, records)) return 'CR stands where records may end: declare lineTerminator "\\r" in the dialect';
  const shapes = records.map((record) => shapeOf(format, record));
  if (!trailingDelimiter && shapes.every(({ count, endsEmpty }) => endsEmpty && count === expected + 1)) {
    return 'each has a delimiter behind its last field: declare trailingDelimiter true in the dialect';
  }
  if (!allowLongRecords && shapes.every(({ count, extrasEmpty }) => count > expected && extrasEmpty)) {
    return 'what is too much is empty: allowLongRecords true in the dialect reads that';
  }
  if (shapes.every(({ count }) => count === 1) && expected > 1) {
    const delimiter = USUAL_DELIMITERS.find((text) => records.every((record) => record.toString('latin1').split(text).length === expected));
    if (delimiter !== undefined) return `the delimiter is ${visibleJson(delimiter)}: declare it in the dialect`;
  }
  if (!allowShortRecords && expected > 2 && shapes.every(({ count }) => count > 1 && count < expected)) {
    return 'fields are missing at the end of each: allowShortRecords true in the dialect takes them as no value';
  }
  return undefined;
}

/** Whether each would begin with a record of the right width if a CR ended one. */
function endWithCr({ grammar: { dialect }, layout: { fieldOf } }: Format, records: readonly Buffer[]): boolean {
  const parser = new RecordParser(compileGrammar({ ...dialect, lineEnds: 'cr' }));
  return dialect.lineEnds !== 'cr' && records.every((record) =>
    parser.parse(record, 0, record.length, true) === ParseStatus.record && parser.end < record.length && parser.fieldCount === fieldOf.length);
}

interface Shape {
  readonly count: number;
  readonly endsEmpty: boolean;
  /** Whether nothing stands in the fields behind the last column. */
  readonly extrasEmpty: boolean;
}

function shapeOf(format: Format, record: Buffer): Shape {
  const { fieldCount: count, fieldStart, fieldEnd, fieldFlags } = parsed(format, record);
  const isEmpty = (field: number) => fieldStart[field] === fieldEnd[field];
  const extras = Array.from({ length: Math.max(count - format.layout.fieldOf.length, 0) }, (_, index) => count - 1 - index);
  return { count, endsEmpty: isEmpty(count - 1) && fieldFlags[count - 1] === 0, extrasEmpty: extras.every(isEmpty) };
}

function otherQuotes(format: Format, records: readonly Buffer[]): string | undefined {
  const lazy = records.every((record) => {
    const { fieldCount, fieldFlags } = parsed(format, record);
    return fieldFlags.subarray(0, fieldCount).some((flags) => flags & FieldFlag.textAfterQuote);
  });
  const { dialect } = format.grammar;
  const escaped = Buffer.from(`\\${String.fromCharCode(dialect.quote)}`);
  if (dialect.escape < 0 && records.every((record) => record.includes(escaped))) return 'quotes stand behind a backslash: declare escapeChar "\\" in the dialect';
  return lazy ? 'quotes stand within quoted fields without being doubled: lazyQuotes true in the dialect reads that' : undefined;
}

function parsed(format: Format, record: Buffer): RecordParser {
  const parser = new RecordParser(format.grammar);
  if (record.length > 0) parser.parse(record, 0, record.length, true);
  return parser;
}

/** The texts of a field; undefined where a record has other columns than the file. */
function valuesOf(format: Format, field: number, records: readonly Buffer[]): string[] | undefined {
  const { layout: { fieldOf }, codec } = format;
  const column = fieldOf.indexOf(field);
  const values = records.map((record) => {
    const { fieldCount, fieldStart, fieldEnd, fieldFlags } = parsed(format, record);
    if (fieldCount !== fieldOf.length) return undefined;
    const text = codec.decode(record, fieldStart[column], fieldEnd[column]);
    const flags = fieldFlags[column];
    return flags & FieldFlag.escaped ? format.unescape(text, (flags & FieldFlag.quoted) !== 0) : text;
  });
  return values.includes(undefined) ? undefined : values as string[];
}

/** What a plain number never has: to declare it changes no other one. */
const SIGNS: ReadonlyArray<Partial<Field>> = [
  { negativeNotations: ['trailingMinus'] },
  { negativeNotations: ['parentheses'] },
  { negativeNotations: ['dashes'] },
  { negativeNotations: ['triangles'] },
  { negativeNotations: ['debit'] },
];
const BLANK_GROUPS: ReadonlyArray<Partial<Field>> = [{ groupChar: ' ' }, { groupChar: '\u00a0' }, { groupChar: '\u202f' }, { groupChar: '\'' }];
/** Properties that may be missing in the schema: what says least first, then the most usual ones. */
const NUMBER_NOTATIONS: ReadonlyArray<Partial<Field>> = [
  { decimalChar: ',' },
  { groupChar: ',' },
  ...BLANK_GROUPS,
  { decimalChar: ',', groupChar: '.' },
  { decimalChar: ',', groupChar: ' ' },
  { decimalChar: ',', groupChar: '\u00a0' },
  { decimalChar: ',', groupChar: '\u202f' },
  ...SIGNS,
];
const USUAL_DATES = ['default', '%d.%m.%Y', '%d/%m/%Y', '%m/%d/%Y', '%Y/%m/%d', '%Y%m%d', '%d-%m-%Y', '%m-%d-%Y', '%d.%m.%y', '%d/%m/%y', '%m/%d/%y', '%d-%b-%Y', '%d %b %Y'];
const TIMES = [' %H:%M:%S', 'T%H:%M:%S', ' %H:%M', ' %I:%M:%S %p', ' %I:%M %p'];
const USUAL_DATETIMES = [
  'any', ...USUAL_DATES.flatMap((date) => date === 'default' ? [] : TIMES.map((time) => date + time)), ...USUAL_DATES.slice(1), 'epoch', 'epochMillis',
];
const NO_VALUES = ['NULL', 'null', 'Null', 'NA', 'N/A', 'n/a', '#N/A', 'NaN', 'nan', 'None', 'none', '-', '--', '\\N', '.', '?'];
const MOST_WORDS = 4;
const LONGEST_WORD = 30;

function areRead(values: readonly string[], field: Field, other: Partial<Field>): boolean {
  const convert = compileField({ ...field, constraints: undefined, ...other });
  return values.every((text) => typeof convert(text, false) === 'string');
}

/** Beside what the field has already. */
function otherSign(field: Field, values: readonly string[]): string | undefined {
  if (!['integer', 'number', 'decimal'].includes(field.type ?? 'string')) return undefined;
  const { groupChar, negativeNotations = [] } = field;
  const signs = SIGNS.map((sign): Partial<Field> => ({ negativeNotations: [...negativeNotations, ...sign.negativeNotations!] }));
  const others = groupChar === undefined ? [...BLANK_GROUPS, ...signs] : signs;
  const found = others.find((other) => areRead(values, field, other));
  return found && declareOfNumbers(found);
}

function declareOfNumbers(notation: Partial<Field>): string {
  const also = notation.negativeNotations?.includes('debit') ? ' (or "credit": it depends on whose account it is)' : '';
  return `all are numbers with ${described(notation)}${also}: declare that of the field`;
}

function otherNotation(field: Field, values: readonly string[]): string | undefined {
  const reads = (other: Partial<Field>) => areRead(values, field, other);
  if (field.type !== undefined && values.every((text) => NO_VALUES.includes(text))) {
    return `the values say that there is none: declare ${[...new Set(values)].map((text) => visibleJson(text)).join(', ')} as missingValues`;
  }
  if (reads({ trim: true })) return 'blanks stand around the values: declare trim true of the field, or of the schema';
  switch (field.type) {
    case 'integer':
    case 'number':
    case 'decimal': {
      const bare = NUMBER_NOTATIONS.map((notation) => field.type === 'integer' ? { ...notation, decimalChar: undefined } : notation);
      const found = [{ bareNumber: false }, ...bare, ...bare.map((notation) => ({ ...notation, bareNumber: false }))].find(reads);
      return found && declareOfNumbers(found);
    }
    case 'date':
    case 'datetime': {
      const found = (field.type === 'date' ? USUAL_DATES : USUAL_DATETIMES).filter((format) => reads({ format, formats: undefined }));
      if (found.length === 0) return undefined;
      const also = found.length === 1 ? '' : ` (or ${found.slice(1).map((format) => visibleJson(format)).join(', ')}: the values do not tell)`;
      return `all fit the format ${visibleJson(found[0])}${also}: declare it of the field`;
    }
    case 'boolean': {
      const words = [...new Set(values)];
      if (words.length > MOST_WORDS || words.some((word) => word.length > LONGEST_WORD)) return undefined;
      return `the words are ${words.map((word) => visibleJson(word)).join(', ')}: declare them as trueValues and falseValues of the field`;
    }
    case 'string':
    case 'time':
    case 'year':
    case 'yearmonth':
    case 'duration':
    case 'object':
    case 'array':
    case 'list':
    case 'geopoint':
    case 'geojson':
    case 'any':
    case undefined:
      return undefined;
  }
}

function described(notation: Partial<Field>): string {
  return Object.entries(notation).filter(([, value]) => value !== undefined).map(([name, value]) => `${name} ${visibleJson(value)}`).join(' and ');
}
