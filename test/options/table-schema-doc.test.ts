/** What `docs/table-schema.md` says, held against what the engine does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilePattern } from '../../src/engine/pattern/compile-pattern';
import { DATE_DIRECTIVES } from '../../src/spec/date-directives';
import { DATETIME_FORMATS, FIELD_TYPES, GEOJSON_FORMATS, GEOPOINT_FORMATS } from '../../src/spec/schema';
import { checkTableSchema, FIELD_NAMES, SCHEMA_NAMES } from '../../src/spec/schema-check';
import { LIMITS } from '../../src/spec/schema-constants';
import { uncheckedOf } from '../../src/spec/unchecked';
import { convert } from '../engine/types/convert';

type DateType = 'date' | 'datetime' | 'time';

const lines = readFileSync(join(__dirname, '../../docs/table-schema.md'), 'utf8').split('\n');

/** The cells of the rows below a table's head. */
function table(head: string): string[][] {
  const start = lines.indexOf(head) + 2;
  const end = lines.findIndex((line, index) => index >= start && !line.startsWith('|'));
  return lines.slice(start, end).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
}

/** The code in a cell. */
const codes = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code);
const code = (cell: string): string => codes(cell)[0];

/** The error of the check at synth; undefined: the schema is taken. */
function refusal(schema: object): string | undefined {
  try {
    checkTableSchema(schema);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const withField = (properties: object) => ({ fields: [{ name: 'a', ...properties }] });

describe('what is supported', () => {
  const [types, ofSchema, ofField, constraints] = table('| | taken | refused |').map(([, taken, refused]) => ({ taken: codes(taken), refused: codes(refused) }));
  const byType = table('| type | reads | `format` | properties of its own | constraints besides `required`, `unique`, `pattern`, `enum` |')
    .map(([type, , format, own, more]) => ({ type: code(type), formats: codes(format), own: codes(own), more: more.includes('limits') ? [...LIMITS] : codes(more) }));
  /** The check's own list, from what it says of a constraint that nobody knows. */
  const knownConstraints = () => /known constraints \(([^)]*)\)/.exec(refusal(withField({ constraints: { own: 1 } }))!)![1].split(', ').sort();

  test('the types', () => {
    expect([...types.taken].sort()).toEqual([...FIELD_TYPES].sort());
    expect(byType.map(({ type }) => type)).toEqual(types.taken);
    expect(types.refused.filter((type) => refusal(withField({ type })) === undefined)).toEqual([]);
  });

  test('the properties, and the constraints', () => {
    expect([...ofSchema.taken].sort()).toEqual([...SCHEMA_NAMES.enforced].sort());
    expect([...ofField.taken, ...new Set(byType.flatMap(({ own }) => own))].sort()).toEqual([...FIELD_NAMES.enforced, 'name'].sort());
    expect([...constraints.taken].sort()).toEqual(knownConstraints());
  });

  test('constraints that are refused by name, unless they ask for nothing', () => {
    for (const [value, expected] of [[['x'], expect.stringContaining('would not be checked')], [[], undefined], [false, undefined]] as const) {
      for (const name of constraints.refused) expect([name, refusal(withField({ constraints: { [name]: value } }))]).toEqual([name, expected]);
    }
  });

  const ofOthers = table('| what | becomes of it | for example |');
  const rowOf = (what: string) => ofOthers.find(([first]) => first.startsWith(what))!;

  test('names that are refused for their likeness, and types', () => {
    for (const name of codes(rowOf('a name that is much like')[2])) {
      expect([refusal({ ...withField({}), [name]: 'x' }), refusal(withField({ [name]: 'x' }))].map((text) => text?.includes('most likely meant'))).toContain(true);
    }
    for (const type of codes(rowOf('another type')[2])) expect(refusal(withField({ type }))).toContain('most likely');
  });

  test('what is told', () => {
    const names = codes(rowOf('of a field:')[0]).filter((name) => name !== 'constraints' && !name.includes(':'));
    expect(names.length).toBe(10);
    for (const name of names) expect(uncheckedOf(checkTableSchema(withField({ [name]: 'x' })))).toEqual([`${name}: a`]);
    expect(uncheckedOf(checkTableSchema(withField({ nullable: false })))).toEqual(['nullable: a']);
  });

  test('patterns of other engines', () => {
    const patterns = table('| written | read as |').flatMap(([written]) => codes(written)).filter((pattern) => !pattern.includes('…') && !pattern.includes('(?P='));
    for (const pattern of patterns) expect([pattern, refusal(withField({ constraints: { pattern } }))]).toEqual([pattern, undefined]);
    const refused = codes(lines.find((line) => line.startsWith('Refused: `a++`'))!);
    for (const pattern of refused) expect([pattern, refusal(withField({ constraints: { pattern } }))]).toEqual([pattern, expect.stringContaining('regular expression')]);
  });

  test('patterns and time', () => {
    const [ofJavaScript, ofOurs, refused] = table('| what it is | who matches | what a value takes |').map(([what]) => codes(what));
    for (const pattern of [...ofJavaScript, ...ofOurs]) expect(() => compilePattern(pattern)).not.toThrow();
    for (const pattern of refused) expect(() => compilePattern(pattern)).toThrow('must have one way');
    expect([ofJavaScript.length, ofOurs.length, refused.length]).toEqual([4, 5, 3]);
  });

  test.each(byType)('$type', ({ type, formats, own, more }) => {
    const limit = { date: '2024-05-01', datetime: '2024-05-01T00:00:00Z', time: '10:20:30', year: '2024', yearmonth: '2024-05', duration: 'P1D' }[type] ?? 1;
    const properties = { jsonText: true, decimalChar: ',', groupChar: ' ', groupChars: [' ', '\u00a0'], bareNumber: false, negativeNotations: ['dashes'], precision: 5, scale: 2, trueValues: ['y'], falseValues: ['n'], timezone: 'UTC', locale: 'de', zoneAbbreviations: { CET: '+01:00' }, itemType: 'integer', delimiter: ';' };
    const ofAll = { required: true, unique: true, pattern: '.', enum: [type === 'string' ? '1' : type === 'boolean' ? true : limit] };
    const ofSome = { minLength: 1, maxLength: 1, ...Object.fromEntries(LIMITS.map((name) => [name, limit])) };
    // These are only for certain formats.
    const formatOf: Readonly<Record<string, string>> = { locale: type === 'time' ? '%I %p' : '%d %b %Y', zoneAbbreviations: '%Y-%m-%d %H %Z' };
    const takes = (name: string, given: object) => refusal(withField({ type, format: formatOf[name], ...given })) === undefined;
    const taken = (entries: object, field: (entry: object) => object) => Object.entries(entries)
      .filter(([name, value]) => takes(name, field({ [name]: value }))).map(([name]) => name);

    expect(taken(properties, (property) => property)).toEqual(own);
    expect(taken(ofSome, (constraint) => ({ constraints: constraint }))).toEqual(more);
    expect(refusal(withField({ type, constraints: ofAll }))).toBeUndefined();
    expect([...DATETIME_FORMATS, 'email', 'uri', 'uuid', 'binary', ...GEOPOINT_FORMATS.slice(1), ...GEOJSON_FORMATS.slice(1)].filter((format) => refusal(withField({ type, format })) === undefined)).toEqual(formats);
  });

  test('what no JSON number can be is rejected, or a missing value', () => {
    for (const text of ['NaN', 'INF', '-INF']) {
      expect(convert({ type: 'number' }, text)).toBe('type');
      expect(convert({ type: 'number', missingValues: ['NaN', 'INF', '-INF'] }, text)).toBe('null');
    }
  });
});

describe('formats of dates and times', () => {
  const named = table('| type | `format` | reads | refuses |').map((cells) => [code(cells[0]) as DateType, code(cells[1]), codes(cells[2]), codes(cells[3])] as const);
  const directives = table('| directive | reads | format | for example | is |').map((cells) => [code(cells[0]), ...cells.slice(2).map(code)]);

  test('all that are no patterns have their rows', () => {
    expect(named.map(([type, format]) => `${type} ${format}`)).toEqual(['date default', 'date any', ...DATETIME_FORMATS.map((format) => `datetime ${format}`), 'time default', 'time any']);
  });

  test.each(named)('%s %s', (type, format, reads, refuses) => {
    for (const text of reads) expect([text, convert({ type, format }, text)]).toEqual([text, expect.stringMatching(/^"/)]);
    for (const text of refuses) expect([text, convert({ type, format }, text)]).toEqual([text, 'type']);
  });

  test('each directive has its row, with an example that holds it', () => {
    expect(directives.map(([directive]) => directive)).toEqual(Object.keys(DATE_DIRECTIVES).map((letter) => `%${letter}`));
    expect(directives.filter(([directive, format]) => !format.includes(directive))).toEqual([]);
  });

  test.each(directives)('%s: %s', (_, format, text, value) => {
    const zoneAbbreviations = format.includes('%Z') ? { CET: '+01:00', CEST: '+02:00' } : undefined;
    expect(convert({ type: value.includes('T') ? 'datetime' : 'date', format, zoneAbbreviations }, text)).toBe(`"${value}"`);
  });
});
