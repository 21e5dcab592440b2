/**
 * Compiles a format to the program of the fast path: one op a field. A field that no op covers is left to the host,
 * which converts its text by the exact path; a dialect that the module does not know has no program at all.
 */
import { placeDateFormats } from './date-formats';
import { Image } from './image';
import { canHash, placeKeys } from './key-program';
import {
  BLOCK, DATE_MAX, DATE_MIN, DATE_ZONE, EMPTY_IS_MISSING, EMPTY_IS_VALUE, FORM_DECIMAL, FORM_INTEGER, FORM_NUMBER, KIND_CSV_TEXT, KIND_DATE,
  KIND_DATETIME, KIND_HOST, KIND_NUMBER, KIND_PATTERN, KIND_TEXT, KIND_WORD, LARGEST_SCALE, LIMIT_DIGITS, MISSING_LENGTH, MISSING_LONGEST,
  MISSING_MASK, MISSING_SIZE, MISSING_TEXT, NO_SCALE, NUMBER_FORM, NUMBER_HAS_MAX, NUMBER_HAS_MIN, NUMBER_LIMIT_SCALE, NUMBER_MAX, NUMBER_MIN,
  NUMBER_POINT, NUMBER_PRECISION, NUMBER_SCALE, OP_EMPTY, OP_KIND, OP_MISSING, OP_MISSING_COUNT, OP_PREFIX, OP_PREFIX_LENGTH, OP_QUOTED_EMPTY,
  OP_QUOTED_MISSING_COUNT, OP_REQUIRED, OP_SIZE, OP_WITHOUT_QUOTES, PATTERN_LENGTH, PATTERN_LONGEST, PATTERN_RANGES, PATTERN_RANGE_COUNT,
  TEXT_MAX, TEXT_MIN, UNLIMITED, VALUE_OVERHEAD,
} from './layout';
import { LineForm, lineFormOf, placeLine } from './line-form';
import { patternRanges, Range } from './pattern-ranges';
import { placeWords, wordsFit } from './words';
import { javaScriptPattern } from '../../spec/pattern-syntax';
import {
  allowedValuesOf, booleanWords, Field, FieldTypeName, formatsOf, groupCharsOf, MissingTexts, missingTextsOf,
} from '../../spec/schema';
import { isTrimmed } from '../../spec/trim';
import { Format } from '../format/format';
import { DialectBytes } from '../grammar/dialect-bytes';
import { CR, LF, SPACE } from '../grammar/grammar';
import { CsvField } from '../output/csv-encoder';
import { JobMetadata } from '../output/metadata-columns';
import { limitOf } from '../types/constraint-checks';
import { FieldConverter } from '../types/field-converter';
import { fixedOffset } from '../types/time-zone';

export interface Program {
  /** Goes to `PROGRAM` in the memory. */
  readonly image: Uint8Array;
  /** Where the first op lies. */
  readonly ops: number;
  readonly fieldCount: number;
  readonly form: LineForm;
  /** Where the form of a line lies. */
  readonly line: number;
  /** Where the first key lies. */
  readonly keys: number;
  /** Most bytes of a line beside those that the bytes of the record become. */
  readonly lineOverhead: number;
}

const NUL = 0;
const COMMA = 0x2c;

const programs = new WeakMap<Format['settings'], { readonly program: Program | undefined }>();

/** @returns undefined where the module cannot read the file, or not write what is asked for */
export function programOf(format: Format, job?: JobMetadata): Program | undefined {
  // Metadata columns hold values of one job: such a program is not kept.
  if ((format.settings.output?.metadataColumns ?? []).length > 0) return compileProgram(format, job);
  let known = programs.get(format.settings);
  if (known === undefined) {
    known = { program: compileProgram(format) };
    programs.set(format.settings, known);
  }
  return known.program;
}

function compileProgram(format: Format, job?: JobMetadata): Program | undefined {
  const { settings: { schema, dialect: { nullSequence } }, converters } = format;
  const form = lineFormOf(format, job);
  if (form === undefined || !canRead(format) || schema.fields.length === 0 || !hasKnownKeys(format)) return undefined;
  const image = new Image();
  const ops = image.allocate(schema.fields.length * OP_SIZE);
  const line = placeLine(image, form);
  const prefixes = form.prefixes.map((prefix) => Buffer.from(prefix));
  schema.fields.forEach((field, index) => {
    const op = ops + index * OP_SIZE;
    image.word(op + OP_PREFIX, image.place(prefixes[index]));
    image.word(op + OP_PREFIX_LENGTH, prefixes[index].length);
    const compiler = new OpCompiler(image, op, field, missingTextsOf(field, schema, nullSequence), format, converters[index],
      form.isCsv ? form.write[index] : undefined);
    compiler.compile();
  });
  const keys = placeKeys(image, ops, format.keys);
  return {
    image: image.finish(),
    ops,
    form,
    line,
    keys,
    fieldCount: schema.fields.length,
    lineOverhead: [...form.prefixes, form.tail, form.end].reduce((sum, text) => sum + Buffer.byteLength(text) + VALUE_OVERHEAD, 0),
  };
}

/** The file has the schema's columns in its order, in a dialect that the module knows. */
function canRead({ settings: { recordFormat = 'csv' }, layout, grammar: { dialect } }: Format): boolean {
  return recordFormat === 'csv' && layout.isIdentity && knowsDialect(dialect);
}

/** In other encodings only the ASCII characters have the bytes that the module knows them by. */
export function isUtf8Text({ settings: { encoding = 'utf-8' } }: Format): boolean {
  return encoding === 'utf-8';
}

function knowsDialect({ delimiter, quote, doubleQuote, escape, skipInitialSpace, lineEnds }: DialectBytes): boolean {
  return delimiter.length === 1 && doubleQuote && escape < 0 && !skipInitialSpace && lineEnds !== 'cr'
    && delimiter[0] !== quote && ![NUL, LF, CR].includes(delimiter[0]) && ![NUL, LF, CR].includes(quote);
}

/** Whether a type's values are strings in JSON. */
const IN_QUOTES: Readonly<Record<FieldTypeName, boolean>> = {
  string: true,
  integer: false,
  number: false,
  decimal: true,
  boolean: false,
  date: true,
  datetime: true,
  any: true,
  time: true,
  yearmonth: true,
  duration: true,
  geopoint: true,
  year: false,
  object: false,
  array: false,
  list: false,
  geojson: false,
};

/** The types that the module knows. `any` is text, in a file of separated fields. */
const KNOWN_TYPES: readonly FieldTypeName[] = ['string', 'integer', 'number', 'decimal', 'boolean', 'date', 'datetime', 'any'];

/** Keys are hashed as they are in JSON, and read from the line that was written: of a type that the module does not know, it cannot tell how. */
function hasKnownKeys({ keys, settings: { schema } }: Format): boolean {
  return keys.every((key) => canHash(key) && key.indices.every((index) => KNOWN_TYPES.includes(schema.fields[index]?.type ?? 'string')));
}

class OpCompiler {
  constructor(private readonly image: Image, private readonly op: number, private readonly field: Field,
    private readonly missing: MissingTexts, private readonly format: Format,
    private readonly converter: FieldConverter, private readonly writeCsv: CsvField | undefined) {}

  compile(): void {
    this.set(OP_WITHOUT_QUOTES, this.writeCsv !== undefined && IN_QUOTES[this.field.type ?? 'string'] ? 1 : 0);
    // The host takes care of missing values and of blanks around a text too.
    if (isTrimmed(this.field, this.format.settings.schema) || !this.canCompareMissing() || !this.compileValue()) {
      this.set(OP_KIND, KIND_HOST);
      return;
    }
    this.compileMissing();
  }

  /** @returns whether there is an op for the type and its constraints; words that were set before `false` do no harm */
  private compileValue(): boolean {
    const { type = 'string', constraints = {} } = this.field;
    if (!KNOWN_TYPES.includes(type)) return false;
    if (type === 'boolean') {
      const { trueValues, falseValues } = booleanWords(this.field);
      return this.words([...trueValues, ...falseValues]);
    }
    const allowed = allowedValuesOf(this.field);
    if (allowed !== undefined) return this.words(allowed.values.map(String));
    if (type === 'string' || type === 'any') return this.string();
    // The ops of numbers and dates include their limits.
    if (constraints.exclusiveMinimum !== undefined || constraints.exclusiveMaximum !== undefined) return false;
    // These check the original text, which the ops of other types do not look at.
    if (constraints.pattern !== undefined || constraints.minLength !== undefined || constraints.maxLength !== undefined) return false;
    return type === 'date' || type === 'datetime' ? this.date(type) : this.number(type as 'integer' | 'number' | 'decimal');
  }

  private words(texts: readonly string[]): boolean {
    const outputs = new Map<string, string>();
    for (const text of texts) {
      // Left out of the closed set, such a text is a surprise.
      if (!this.hasKnownBytes(text)) continue;
      const json = this.converter(text, true);
      if (typeof json === 'string') outputs.set(text, this.writeCsv?.(json) ?? json);
    }
    if (!wordsFit(outputs)) return false;
    this.set(OP_KIND, KIND_WORD);
    placeWords(this.image, this.op, outputs);
    return true;
  }

  private string(): boolean {
    const { pattern, minLength = 0, maxLength = UNLIMITED } = this.field.constraints ?? {};
    if (!formatsOf(this.field).some((name) => name === 'default' || name === 'any')) return false;
    if (!isSize(minLength) || !isSize(maxLength)) return false;
    if (pattern !== undefined) return this.pattern(pattern, minLength, maxLength);
    this.set(OP_KIND, this.writeCsv === undefined ? KIND_TEXT : KIND_CSV_TEXT);
    this.set(TEXT_MIN, minLength);
    this.set(TEXT_MAX, maxLength);
    return true;
  }

  private pattern(pattern: string, minLength: number, maxLength: number): boolean {
    const { source, flags } = javaScriptPattern(pattern);
    const bytes = flags === 'u' ? patternRanges(source, PATTERN_LONGEST) : undefined;
    if (bytes === undefined || bytes.length < Math.max(minLength, 1) || bytes.length > maxLength) return false;
    if (bytes.some((ranges) => ranges.some((range) => !this.isPlain(range) || !this.isPlainOutput(range)))) return false;
    const rangeCount = Math.max(...bytes.map((ranges) => ranges.length));
    const blocks = Math.ceil(bytes.length / BLOCK);
    const address = this.image.allocate(blocks * rangeCount * 2 * BLOCK);
    for (let index = 0; index < blocks * BLOCK; index++) {
      // Behind the end of the text any byte fits.
      const ranges = bytes[index] ?? [{ lowest: 0, highest: 0xff }];
      for (let range = 0; range < rangeCount; range++) {
        const { lowest, highest } = ranges[range] ?? ranges[0];
        const lane = address + (Math.floor(index / BLOCK) * rangeCount + range) * 2 * BLOCK + index % BLOCK;
        this.image.copy(lane, Uint8Array.of(lowest));
        this.image.copy(lane + BLOCK, Uint8Array.of(highest));
      }
    }
    this.set(OP_KIND, KIND_PATTERN);
    this.set(PATTERN_LENGTH, bytes.length);
    this.set(PATTERN_RANGES, address);
    this.set(PATTERN_RANGE_COUNT, rangeCount);
    return true;
  }

  private number(type: 'integer' | 'number' | 'decimal'): boolean {
    const { bareNumber, negativeNotations = [], decimalChar = '.', precision, scale } = this.field;
    if (groupCharsOf(this.field).length > 0 || bareNumber === false || negativeNotations.length > 0) return false;
    const point = type === 'integer' ? '.' : decimalChar;
    if (point.length !== 1 || !this.isPlainText(`+-0123456789${point}`) || /[0-9eE+-]/.test(point)) return false;
    if (scale !== undefined && (!isSize(scale) || scale > LARGEST_SCALE)) return false;
    if (precision !== undefined && !isSize(precision)) return false;
    if (!this.numberLimits()) return false;
    const isDecimal = type === 'decimal';
    this.set(OP_KIND, KIND_NUMBER);
    this.set(NUMBER_FORM, isDecimal ? FORM_DECIMAL : type === 'number' ? FORM_NUMBER : FORM_INTEGER);
    this.set(NUMBER_POINT, point.charCodeAt(0));
    this.set(NUMBER_SCALE, isDecimal ? scale ?? NO_SCALE : NO_SCALE);
    this.set(NUMBER_PRECISION, precision ?? UNLIMITED);
    return true;
  }

  private numberLimits(): boolean {
    const limits = (['minimum', 'maximum'] as const).map((constraint) => limitOf(this.field, constraint)?.replaceAll('"', ''));
    const fractionDigits = (limit = '') => limit.split('.')[1]?.length ?? 0;
    const scale = Math.max(...limits.map(fractionDigits));
    for (const [index, limit] of limits.entries()) {
      if (limit === undefined) continue;
      const digits = limit.replace('.', '') + '0'.repeat(scale - fractionDigits(limit));
      if (digits.length > LIMIT_DIGITS) return false;
      this.set(index === 0 ? NUMBER_HAS_MIN : NUMBER_HAS_MAX, 1);
      this.image.wide(this.op + (index === 0 ? NUMBER_MIN : NUMBER_MAX), BigInt(digits));
    }
    this.set(NUMBER_LIMIT_SCALE, scale);
    return true;
  }

  private date(type: 'date' | 'datetime'): boolean {
    const zone = type === 'date' ? 0 : fixedOffset(this.field.timezone ?? 'UTC');
    if (zone === undefined) return false;
    if (!placeDateFormats(this.image, this.op, type, formatsOf(this.field), (text) => this.isPlainText(text))) return false;
    this.set(OP_KIND, type === 'date' ? KIND_DATE : KIND_DATETIME);
    this.set(DATE_ZONE, zone / 60);
    for (const [constraint, offset] of [['minimum', DATE_MIN], ['maximum', DATE_MAX]] as const) {
      const limit = limitOf(this.field, constraint)?.replace(/^"|Z?"$/g, '');
      if (limit === undefined) continue;
      this.image.words(this.op + offset, [this.image.place(Buffer.from(limit)), limit.length]);
    }
    return true;
  }

  /** A text is compared by its bytes and what follows them, so that it must hold nothing that would end the field. */
  private canCompareMissing(): boolean {
    const { delimiter, quote } = this.format.grammar.dialect;
    return this.missing.plain.every((text) => {
      const bytes = Buffer.from(text);
      return bytes.length <= MISSING_LONGEST && ![NUL, LF, CR, delimiter[0], quote].some((byte) => bytes.includes(byte)) && this.hasKnownBytes(text);
    });
  }

  private hasKnownBytes(text: string): boolean {
    return isUtf8Text(this.format) || Buffer.byteLength(text) === text.length;
  }

  private compileMissing(): void {
    const { plain, quoted } = this.missing;
    const isText = (text: string) => text !== '';
    // Those that count in quotes are the first of them.
    const texts = plain.filter(isText).map((text) => Buffer.from(text));
    const address = this.image.allocate(texts.length * MISSING_SIZE);
    texts.forEach((text, index) => {
      const missing = address + index * MISSING_SIZE;
      this.image.copy(missing + MISSING_TEXT, text);
      this.image.copy(missing + MISSING_MASK, Buffer.alloc(text.length, 0xff));
      this.image.word(missing + MISSING_LENGTH, text.length);
    });
    this.set(OP_MISSING, address);
    this.set(OP_MISSING_COUNT, texts.length);
    this.set(OP_QUOTED_MISSING_COUNT, quoted.filter(isText).length);
    this.set(OP_EMPTY, plain.includes('') ? EMPTY_IS_MISSING : EMPTY_IS_VALUE);
    this.set(OP_QUOTED_EMPTY, quoted.includes('') ? EMPTY_IS_MISSING : EMPTY_IS_VALUE);
    this.set(OP_REQUIRED, this.field.constraints?.required === true ? 1 : 0);
  }

  /** Bytes that mean themselves in the file and in JSON. */
  private isPlain({ lowest, highest }: Range): boolean {
    const { delimiter, quote } = this.format.grammar.dialect;
    return lowest >= 0x20 && highest < 0x7f
      && [delimiter[0], quote, 0x22, 0x5c].every((byte) => byte < lowest || byte > highest);
  }

  /** Bytes that mean themselves in the output too. */
  private isPlainOutput({ lowest, highest }: Range): boolean {
    return this.writeCsv === undefined || [SPACE, COMMA].every((byte) => byte < lowest || byte > highest);
  }

  private isPlainText(text: string): boolean {
    return [...Buffer.from(text)].every((byte) => this.isPlain({ lowest: byte, highest: byte }));
  }

  private set(offset: number, value: number): void {
    this.image.word(this.op + offset, value);
  }
}

function isSize(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= UNLIMITED;
}
