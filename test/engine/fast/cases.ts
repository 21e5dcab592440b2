import * as fc from 'fast-check';
import { Encoding } from '../../../src/engine/text/decode-text';
import { compileField } from '../../../src/engine/types/field-converter';
import { Dialect } from '../../../src/spec/dialect';
import { OUTPUT_FORMATS, MetadataColumnName, OutputFormatName, OutputSettings } from '../../../src/spec/output-settings';
import { Constraints, Field, Schema } from '../../../src/spec/schema';
import { goTogether } from '../support/dialects';

/** A file, how it is to be read, and where. */
export interface Case {
  /** One schema in three has keys. */
  readonly schema: Schema;
  readonly dialect: Dialect;
  readonly encoding: Encoding;
  readonly maxRecordSize: number;
  readonly content: Buffer;
  /** Share of the file at which the chunk begins and ends. */
  readonly range: readonly [number, number];
  readonly readSize: number;
  readonly output: OutputSettings;
  /** For a schema with keys: the share of the records that are excluded in a second pass. */
  readonly excluded: number;
}

/** A field, and texts that it meets: most of them its own, near misses among them. */
interface FieldCase {
  readonly field: Omit<Field, 'name'>;
  readonly texts: fc.Arbitrary<string>;
}

const from = <T>(...values: T[]) => fc.constantFrom(...values);
const digits = (minLength: number, maxLength: number) => fc.string({ unit: from(...'0123456789'), minLength, maxLength });
const blanks = from('', '', ' ', '  ', '\t', '\u00a0', '\u202f', '\ufeff', '\u0085');
const joined = (...parts: Array<fc.Arbitrary<string>>) => fc.tuple(...parts).map((texts) => texts.join(''));
const sometimes = (text: fc.Arbitrary<string>) => fc.oneof(fc.constant(''), text);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });

const seldom = <T>(usual: T, unusual: T | fc.Arbitrary<T>) => fc.oneof(
  { weight: 19, arbitrary: fc.constant(usual) }, unusual instanceof fc.Arbitrary ? unusual : fc.constant(unusual));

const lengths = from(0, 1, 2, 14, 15, 16, 17, 30, 31, 32, 33, 47, 48, 49, 62, 63, 64, 65, 200);
const pieces = from('a', 'Zz', '0', ' ', 'é', '東', '😀', '\u00a0', '\u2028', '\ufeff', '"', "'", '""', '\\', '\t', '\r', '\n', '\r\n', '\u0001', '\u001f', '\u007f', ',', ';', '|', '#', 'NA');
const freeText = fc.oneof(
  { weight: 3, arbitrary: fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')) },
  { weight: 3, arbitrary: fc.tuple(lengths, from('x', 'é', 'ab1', '東😀')).map(([length, unit]) => unit.repeat(length).slice(0, length)) },
  { weight: 2, arbitrary: fc.tuple(lengths, pieces, fc.string({ unit: 'grapheme', maxLength: 4 })).map(([length, piece, end]) => 'y'.repeat(length) + piece + end) },
  { weight: 3, arbitrary: from('plain', 'Acme, Inc.', '27" monitor', 'say "hi"', 'Zoë 東京', '') },
);

const numberText = fc.oneof(
  { weight: 6, arbitrary: joined(from('', '', '', '-', '+'), from('', '', '0', '00'), digits(1, 7), sometimes(joined(from('.', '.', ','), digits(0, 4)))) },
  { weight: 2, arbitrary: joined(from('', '-', '+'), from('', '0', '000'), digits(0, 32), sometimes(joined(from('.', ','), digits(0, 32), sometimes(from('0', '000', '5'))))) },
  { weight: 1, arbitrary: joined(from('', '-'), digits(1, 3), sometimes(joined(fc.constant('.'), digits(0, 3))), from('e', 'E'), from('', '-', '+'), from('0', '2', '12', '400', '401')) },
  { weight: 3, arbitrary: from('0', '-0', '+0', '-0.0', '-00.000', '.5', '-.5', '5.', '.', '-', '+', '', '--1', '1-', '1.2.3', '1 ', ' 1', '1,000', '1 000', '1\u202f000\'000', '-1\'234\'567', '1 00', '$1', 'NaN', 'inf', '999999999999999999', '1000000000000000000', '-999999999999999999.999', '0.1', '10', '10.0', '10.00001', '10.50000', '9.99999', '-10.5', '-10.50001', '100') },
);
const limits = fc.record({
  minimum: optional(from<string | number>(-10.5, 0, '0.1', '10', '-999999999999999999', '-0.005', '123456789012345678901234567890')),
  maximum: optional(from<string | number>(10, '10.00', 0, '999999999999999999', '100.5', '0.001', 100)),
  exclusiveMinimum: seldom<string | number | undefined>(undefined, '0'),
  exclusiveMaximum: seldom<string | number | undefined>(undefined, '100'),
}) satisfies fc.Arbitrary<Constraints>;

const two = (low: number, high: number) => fc.integer({ min: low, max: high }).map((value) => String(value).padStart(2, '0'));
const year = from('2024', '2023', '1900', '2000', '0001', '0000', '9999', '1970', '2100');
const month = fc.oneof({ weight: 4, arbitrary: two(1, 12) }, from('00', '13', '1', '9', '02'));
const day = fc.oneof({ weight: 4, arbitrary: two(1, 28) }, from('00', '29', '30', '31', '32', '1', '9'));
const hour = fc.oneof({ weight: 4, arbitrary: two(0, 23) }, from('00', '23', '24', '5'));
const dayEnd = from('T24:00:00', 'T24:00:00.000', 'T24:00:00.5', ' 24:00:00', ' 24:00', ' 24');
const minute = fc.oneof({ weight: 4, arbitrary: two(0, 59) }, from('59', '60', '0'));
const fraction = sometimes(joined(from('.', '.', ','), digits(0, 12)));
const offset = from('', 'Z', 'Z', '+00:00', '-00:00', '+02:00', '-05:30', '+14:00', '-14:00', '+14:01', '+90:00', '+05:60', '+0200', '+02', 'z', '-23:59', '+1:00');
const isoText = fc.oneof(
  { weight: 5, arbitrary: joined(year, fc.constant('-'), month, fc.constant('-'), day, from('T', 'T', 'T', ' ', 't'), hour, fc.constant(':'), minute, fc.constant(':'), minute, fraction, offset) },
  { weight: 2, arbitrary: joined(from('0001-01-01', '9999-12-31', '2024-02-29', '2023-02-29', '2024-12-31', '2024-01-01', '2024-03-01'), fc.oneof(dayEnd, from('T00:00:00', 'T23:59:59', 'T00:30:00', 'T23:30:00.5')), offset) },
  { weight: 1, arbitrary: joined(year, month, day, from('', 'T120000Z', '120000')) },
);
const patternText = fc.oneof(
  joined(year, from('-', '/'), month, from('-', '/'), day, sometimes(joined(from(' ', 'T'), hour, fc.constant(':'), minute, sometimes(joined(fc.constant(':'), minute))))),
  joined(fc.oneof(month, day), from('/', '.', '-'), fc.oneof(day, month), from('/', '.', '-'), year, sometimes(joined(fc.constant(' '), hour, fc.constant(':'), minute))),
);
const epochText = fc.oneof(
  joined(from('', '', '-'), digits(1, 15), sometimes(joined(fc.constant('.'), digits(0, 5)))),
  joined(year, fc.constant('-'), month, fc.constant('-'), day, from(' 10:20 ', ' 24:00 '), from('CET', 'cest', 'EST', 'Z')),
  joined(day, fc.constant('.'), month, fc.constant('.'), year, from(' 01:05 ', ' 12:00 ', ' 13:00 '), from('am', 'P.M.', 'a. m.', 'm')),
);
const nameText = joined(day, fc.constant(' '), from('Jan', 'Mai', 'März', 'févr.', 'DEZ.', 'août', 'May'), fc.constant(' '), year);
const dateText = fc.oneof(nameText, year, joined(month, fc.constant('/'), year), joined(year, fc.constant('-'), month, fc.constant('-'), day), patternText, isoText, from('', '2024-02-30', 'today'));
const dateFormats = optional(fc.array(from('default', 'any', '%Y-%m-%d', '%m/%d/%Y', '%d.%m.%Y', '%Y%m%d', '%d %b %Y', '%d, %m, %Y'), { minLength: 1, maxLength: 3 }));
const datetimeFormats = optional(fc.array(
  from('default', 'default', 'any', '%Y-%m-%d %H:%M:%S', '%m/%d/%Y %H:%M', '%d.%m.%Y', '%Y-%m-%dT%H:%M', '%d/%m/%Y %H', '%Y%m%d', '%Y-%m-%d %H:%M:%S%z', '%d.%m.%Y %I:%M %p', '%Y-%m-%d %H:%M %Z', 'epoch', 'epochMillis'), { minLength: 1, maxLength: 3 }));

const codeText = fc.oneof(joined(fc.constant('TX'), fc.string({ unit: from(...'09AZ'), minLength: 10, maxLength: 10 })), joined(fc.constant('TX'), fc.string({ unit: from(...'09AZaé"'), maxLength: 12 })), digits(4, 4), digits(0, 40), freeText);
const words = from('USD', 'EUR', 'Zoë', 'a "b"', 'fifteen letters', 'sixteen letters!', 'a word of thirty-one characters', 'a word of thirty-two characters!', '', 'x,y', 'true', 'TRUE', '1', '0', 'false', 'yes', 'no', '10', '2024-05-01', '01');
const wordText = fc.oneof({ weight: 4, arbitrary: words }, freeText);

const constraintsOf = <T extends Constraints>(constraints: fc.Arbitrary<T>) => fc.tuple(constraints, fc.boolean())
  .map(([given, required]) => ({ ...given, required }) as Constraints);
const fieldCase = (texts: fc.Arbitrary<string>, field: fc.Arbitrary<Omit<Field, 'name'>>): fc.Arbitrary<FieldCase> => field.map((given) => ({ field: given, texts }));

const jsonText = from('{}', '{"a": 1.50, "b":[1,"x, y"]}', '[1, 2]', '[]', '[[1],{"k":null}]', '{"a":1', '{"a":1}x', 'null', '"text"', '{"é":"\\u00e9"}',
  '{"type":"Point","coordinates":[1,2]}', '[1.50, -2]', '{"lon":1,"lat":2}');
const clockText = joined(hour, fc.constant(':'), minute, from('', ':00', ':59', ':60'), fraction);
const otherText = fc.oneof(jsonText, clockText, year, joined(year, fc.constant('-'), month),
  from('P1Y', 'P12M', '-P1D', 'PT36H', 'PT0.5S', 'P', 'PT', '1;2', '1,2,3', ';', 'a', '1.50, -2', '181,0', '1, 2, 3'), freeText);
/** Those that have no op of their own. */
const otherTypes = from<Omit<Field, 'name'>>(
  { type: 'time', formats: ['default', 'any'], constraints: { minimum: '00:00:00.5' } }, { type: 'time', format: '%H:%M' },
  { type: 'year', constraints: { maximum: 2100 } }, { type: 'yearmonth' }, { type: 'duration', constraints: { minimum: 'P1D' } }, { type: 'object' },
  { type: 'array', constraints: { maxLength: 1 } }, { type: 'list', itemType: 'integer' }, { type: 'list', delimiter: ';', constraints: { minLength: 2 } },
  { type: 'geopoint' }, { type: 'geopoint', format: 'array' }, { type: 'geopoint', format: 'object' }, { type: 'geojson' },
  { type: 'any', constraints: { pattern: '.*' } }, { type: 'any', constraints: { enum: ['a', '1,2,3', 1] } }, { type: 'any' },
);

const fieldCases = fc.oneof(
  { weight: 2, arbitrary: fieldCase(otherText, otherTypes) },
  {
    weight: 4,
    arbitrary: fieldCase(freeText, fc.record({
      type: fc.constant('string' as const),
      constraints: constraintsOf(fc.record({ minLength: optional(from(0, 1, 2, 15, 16)), maxLength: optional(from(0, 5, 16, 31, 32, 33, 64, 100)) })),
    })),
  },
  {
    weight: 2,
    arbitrary: fieldCase(codeText, fc.record({
      type: fc.constant('string' as const),
      constraints: constraintsOf(fc.record({
        pattern: from('TX[0-9A-Z]{10}', '^TX[A-Z0-9]{10}$', '\\d{4}', '\\w{3}[^a]', '[0-9]{33}', '\\d{16}', '[\\d,;]{4}', '[a-z"]{2}', 'a|b', '\\d+', '.{4}', '[\\wé]{2}', 'x{15}', '[ -~]{5}', 'TX[A-Z0-9\\-]{10}\\Z', '(?i)tx[0-9a-z]{10}', '\\A[[:alnum:]]{4}'),
        maxLength: optional(from(4, 100)),
      })),
    })),
  },
  {
    weight: 2,
    arbitrary: fieldCase(wordText, fc.record({
      type: fc.constant('string' as const), constraints: constraintsOf(fc.record({ enum: fc.array(words, { minLength: 1, maxLength: 12 }), minLength: optional(from(1, 4)) })),
    })),
  },
  { weight: 1, arbitrary: fieldCase(wordText, fc.record({ type: fc.constant('string' as const), categories: fc.uniqueArray(words, { minLength: 1, maxLength: 12 }) })) },
  { weight: 1, arbitrary: fieldCase(freeText, fc.record({ type: fc.constant('string' as const), format: from('email', 'uuid', 'any') })) },
  {
    weight: 3,
    arbitrary: fieldCase(numberText, fc.record({
      type: fc.constant('integer' as const), groupChars: seldom<string[] | undefined>(undefined, [',', ' ', '\u202f', '\'']), constraints: constraintsOf(limits.map(integerLimits)),
    })),
  },
  {
    weight: 3,
    arbitrary: fieldCase(numberText, fc.record({
      type: fc.constant('number' as const),
      decimalChar: optional(from('.', ',')),
      negativeNotations: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constant(['dashes', 'parentheses'] as const) }),
      bareNumber: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, fc.constant(false)),
      constraints: constraintsOf(limits),
    })),
  },
  {
    weight: 3,
    arbitrary: fieldCase(numberText, fc.record({
      type: fc.constant('decimal' as const), precision: optional(from(3, 9, 18, 38)), scale: optional(from(0, 1, 2, 4, 18)), decimalChar: optional(from('.', ',')), groupChar: seldom<string | undefined>(undefined, ' '), constraints: constraintsOf(limits),
    })),
  },
  { weight: 1, arbitrary: fieldCase(numberText, fc.constant({ type: 'integer' as const, constraints: { enum: [1, 0, 10, '-5'] } })) },
  {
    weight: 2,
    arbitrary: fieldCase(wordText, fc.record({
      type: fc.constant('boolean' as const), trueValues: optional(fc.constant(['yes', 'true'])), constraints: constraintsOf(fc.record({ enum: optional(fc.constant([true])) })),
    })),
  },
  {
    weight: 2,
    arbitrary: fieldCase(dateText, fc.record({
      type: fc.constant('date' as const), formats: dateFormats, locale: optional(from('de', 'fr')), constraints: constraintsOf(fc.record({ minimum: optional(from('2000-01-01', '2024-02-29')), maximum: optional(from('2023-12-31', '2024-05-01')) })),
    })),
  },
  {
    weight: 3,
    arbitrary: fieldCase(fc.oneof(isoText, isoText, patternText, dateText, epochText), fc.record({
      type: fc.constant('datetime' as const),
      formats: datetimeFormats,
      zoneAbbreviations: fc.constant({ CET: '+01:00', CEST: '+02:00' }),
      locale: optional(from('de', 'es')),
      timezone: optional(from('UTC', '+02:00', '-0530', 'Europe/Berlin')),
      constraints: constraintsOf(fc.record({ minimum: optional(from('1970-01-01T00:00:00Z', '2024-02-29T12:00:00.5Z')), maximum: optional(from('2024-12-31T23:59:59.999Z', '2023-05-01T00:00:00+02:00')) })),
    })),
  },
);

/** The limits of an integer field are integers. */
function integerLimits({ minimum, maximum, ...exclusive }: Constraints): Constraints {
  const whole = (limit: number | string | undefined) => limit === undefined || String(limit).includes('.') ? undefined : limit;
  return { minimum: whole(minimum), maximum: whole(maximum), ...exclusive };
}

const metadataColumns: MetadataColumnName[] = ['_job_id', '_source_key', '_byte_offset', '_ingestion_time'];

const missingValues = optional(from<string[]>([''], [], ['', 'NA'], ['NA', '-', 'a missing value of 20'], ['', '0', 'null'], ['Zoë'], ['-', ' ', ',', '1'], ['\n', 'a|b']));

const dialects: fc.Arbitrary<Dialect & { delimiter: string }> = fc.record({
  delimiter: from(',', ',', ',', ';', '\t', '|', '-', '1', ' ', '||'),
  quoteChar: from<string | null>('"', '"', '"', "'", null, '-'),
  header: fc.boolean(),
  commentChar: from<string | null>(null, null, '#', 'x'),
  // Dialects that the fast path does not know are rare here: with them both runs take the exact path.
  doubleQuote: seldom(true, false),
  escapeChar: seldom<string | null>(null, '\\'),
  lineTerminator: fc.oneof({ weight: 19, arbitrary: from<string | null>(null, null, '\n', '\r\n') }, fc.constant('\r')),
  escapeSequences: from('literal' as const, 'mysql' as const, 'postgresql' as const),
  lazyQuotes: fc.boolean(),
  trailingDelimiter: from(false, false, true),
  allowShortRecords: fc.boolean(),
  allowLongRecords: fc.boolean(),
  skipBlankRecords: from(false, false, true),
  skipFooter: from(0, 0, 0, 1, 3),
  ctrlZ: fc.boolean(),
  nullSequence: from<string | null>(null, null, null, '\\N', 'NA', '0'),
  head: seldom('first', from('commentRows', 'headerRows', 'headerSearchLines')),
}).filter(({ delimiter, quoteChar }) => delimiter !== quoteChar).map(({ head, ...dialect }) => ({ ...dialect, ...headOf(head, dialect.header) }))
  .filter(goTogether);

/** What stands before the records; where the header is searched, it is not found. */
function headOf(head: string, header: boolean): Dialect {
  if (head === 'commentRows') return { commentRows: [header ? 2 : 1] };
  if (!header || head === 'first') return {};
  return head === 'headerRows' ? { headerRows: [1, 2] } : { headerSearchLines: 2 };
}

interface Written {
  /** Index of one of the field's texts. */
  readonly choice: number;
  /** Take a text that the field accepts, if there is one. */
  readonly accepted: boolean;
  /** Raw: the text as it is, whatever becomes of it. */
  readonly how: 'quoted' | 'asNeeded' | 'raw';
}

function writeField(text: string, how: Written['how'], { delimiter, quoteChar }: Dialect): string {
  const needed = quoteChar != null && (text.includes(delimiter!) || text.includes(quoteChar) || /[\r\n]/.test(text));
  if (how === 'raw' || quoteChar == null || (how !== 'quoted' && !needed)) return text;
  return quoteChar + text.replaceAll(quoteChar, quoteChar + quoteChar) + quoteChar;
}

const strayBytes = from<number[]>([0xff], [0xc3], [0x80], [0xed, 0xa0, 0x80], [0xf0, 0x9f], [0], [0x22], [0x0d], [0x0a], [0x2c], [0x30]);

/** Bytes that do not belong there; most files have none. */
const mutations = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), strayBytes, fc.boolean()), { minLength: 1, maxLength: 3 }),
);

function mutate(content: Buffer, changes: ReadonlyArray<readonly [number, number[], boolean]>): Buffer {
  let bytes = content;
  for (const [place, inserted, replaces] of changes) {
    const index = Math.floor(place * bytes.length);
    bytes = Buffer.concat([bytes.subarray(0, index), Buffer.from(inserted), bytes.subarray(index + (replaces ? inserted.length : 0))]);
  }
  return bytes;
}

const written: fc.Arbitrary<Written> = fc.record({
  choice: fc.nat(100),
  accepted: from(true, true, true, true, true, true, true, true, true, false),
  how: from<Written['how']>('quoted', 'asNeeded', 'asNeeded', 'asNeeded', 'asNeeded', 'asNeeded', 'asNeeded', 'raw'),
});

const mostFields = 5;
const trimming = seldom<boolean | undefined>(undefined, true);
const fieldTrims = fc.array(trimming, { minLength: mostFields, maxLength: mostFields });
const someFields = fc.array(fieldCases.filter(hasLimitsInOrder), { minLength: 1, maxLength: mostFields });

export const cases: fc.Arbitrary<Case> = fc.tuple(someFields, dialects, missingValues, missingValues, fieldTrims, trimming).chain(
  ([fields, dialect, ofSchema, ofField, trims, trim]) => {
    const named = fields.map(({ field }, index) => ({
      ...field, name: index === 0 ? 'é"1' : `f${index}`, missingValues: index === 1 ? ofField : undefined, trim: trims[index],
    }));
    const record = fc.tuple(
      fc.tuple(...fields.map(() => written)), from(...new Array<number>(20).fill(0), -1, 1),
      from('\n', '\n', '\n', '\n', '\n', '\r\n', '\r\n', '\n\n', '\r', ''));
    return fc.record({
      texts: fc.tuple(...fields.map(({ texts }, index) => {
        const all = fc.oneof({ weight: 8, arbitrary: texts }, from('', 'NA', '0', '-'));
        return fc.array(trims[index] ?? trim ? joined(blanks, all, blanks) : all, { minLength: 4, maxLength: 8 });
      })),
      records: fc.array(record, { minLength: 1, maxLength: 12 }),
      changes: mutations,
      maxRecordSize: from(30, 1000, 1000, 1000),
      range: fc.tuple(from(0, 0, 0, 0.3), from(1, 1, 1, 0.6)),
      readSize: from(1, 16, 100, 1000, 1000, 1000),
      bom: from('', '', '', '\ufeff'),
      // The content stays UTF-8, which in the other encodings is a text too, but a different one.
      encoding: fc.oneof({ weight: 6, arbitrary: fc.constant<Encoding>('utf-8') }, from<Encoding>('iso-8859-1', 'windows-1252')),
      repeats: from(1, 1, 3),
      uniqueKeys: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, someKeys(named)),
      quotedMissingValues: from(undefined, false),
      excluded: from(0.1, 0.5, 1),
      output: fc.record({
        format: from<OutputFormatName>(...OUTPUT_FORMATS.filter((format) => format !== 'parquet')),
        header: fc.boolean(),
        formulaSafe: seldom(false, true),
        metadataColumns: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.shuffledSubarray(metadataColumns)),
      }),
    }).map(({ texts, records, changes, bom, repeats, uniqueKeys, quotedMissingValues, ...how }) => {
      const accepted = texts.map((all, index) => acceptedOf({ ...named[index], trim: trims[index] ?? trim }, all));
      const lines = records.map(([choices, more, lineEnd]) => {
        const values = choices.map((choice, index) => {
          const all = choice.accepted && accepted[index].length > 0 ? accepted[index] : texts[index];
          return writeField(all[choice.choice % all.length], choice.how, dialect);
        });
        return (more > 0 ? [...values, 'more'] : values.slice(0, values.length + more)).join(dialect.delimiter)
          + (dialect.trailingDelimiter ? dialect.delimiter : '') + lineEnd;
      });
      const content = Buffer.from(bom + (dialect.header ? 'header\n' : '') + lines.join('').repeat(repeats));
      const schema = { fields: named, missingValues: ofSchema, quotedMissingValues, uniqueKeys, trim };
      return { schema, dialect, content: mutate(content, changes), ...how };
    });
  });

function someKeys(fields: readonly Field[]): fc.Arbitrary<string[][]> {
  return fc.array(fc.subarray(fields.map(({ name }) => name), { minLength: 1 }), { minLength: 1, maxLength: 3 });
}

/** The engine refuses other limits before it reads any record. */
function hasLimitsInOrder({ field }: FieldCase): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = field.constraints ?? {};
  const valueOf = (limit: string | number) => Number.isNaN(Number(limit)) ? Date.parse(String(limit)) : Number(limit);
  const given = (...each: Array<string | number | undefined>) => each.filter((limit) => limit !== undefined).map(valueOf);
  const isExclusive = exclusiveMinimum !== undefined || exclusiveMaximum !== undefined;
  return given(minimum, exclusiveMinimum).every((low) => given(maximum, exclusiveMaximum).every((high) => isExclusive ? low < high : low <= high));
}

function acceptedOf(field: Field, texts: readonly string[]): string[] {
  const convert = compileField({ ...field, missingValues: [] });
  return texts.filter((text) => typeof convert(text, true) === 'string');
}
