import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { CsvDialect, FieldsMatch, InputFormat, NegativeNotation, TableField, FieldType, TableSchema } from '../../src';
import { NEGATIVE_NOTATIONS } from '../../src/spec/number-notation';
import { FIELD_TYPES, FIELDS_MATCH } from '../../src/spec/schema';
import { synthesize } from '../synthesize';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'schemas-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));

function file(name: string, content: string): string {
  fs.writeFileSync(path.join(directory, name), content);
  return path.join(directory, name);
}

test('FieldType, FieldsMatch and NegativeNotation have all words of the spec', () => {
  expect(Object.values(FieldType).sort()).toEqual([...FIELD_TYPES].sort());
  expect(Object.values(FieldsMatch).sort()).toEqual([...FIELDS_MATCH].sort());
  expect(Object.values(NegativeNotation).sort()).toEqual([...NEGATIVE_NOTATIONS].sort());
});

test('a schema from a Frictionless file is that of the same fields', () => {
  const schema = { fields: [{ name: 'id', type: 'integer', constraints: { required: true, unique: true } }, { name: 'a' }], missingValues: ['', 'NA'], primaryKey: ['id'], uniqueKeys: [['id', 'a']] };
  const fromFile = TableSchema.fromFile(file('schema.json', JSON.stringify(schema)));
  expect(synthesize({ schema: fromFile }).contract().schema).toEqual(schema);

  const fromFields = TableSchema.fromFields(
    [{ name: 'id', type: FieldType.INTEGER, constraints: { required: true, unique: true } }, { name: 'a' }],
    { missingValues: ['', 'NA'], primaryKey: ['id'], uniqueKeys: [['id', 'a']] },
  );
  expect(synthesize({ schema: fromFields }).contract().schema).toEqual(schema);
});

describe('what only the engine can tell is refused at synth, as in a run', () => {
  const { NUMBER, DECIMAL, DATE, DATETIME, BOOLEAN } = FieldType;
  test.each<[Omit<TableField, 'name'>, string]>([
    [{ type: NUMBER, decimalChar: ',', constraints: { minimum: 'abc' } }, 'field "a": minimum must be a number, got "abc"'],
    [{ type: NUMBER, bareNumber: false, constraints: { maximum: '(5)' } }, 'field "a": maximum must be a number, got "(5)"'],
    [{ type: DATE, format: '%d.%m.%Y', constraints: { minimum: '31.02.2024' } }, 'field "a": minimum must be a date of format default (2024-05-01), got "31.02.2024"'],
    [{ type: DATETIME, timezone: 'Europe/Berlin', constraints: { enum: ['2024-03-31T02:30:00'] } }, 'got "2024-03-31T02:30:00"'],
    [{ type: DECIMAL, scale: 2, constraints: { enum: ['1.50', '1.234'] } }, 'field "a": enum must be a decimal with at most 2 digits after the point, got "1.234"'],
    [{ type: DECIMAL, precision: 3, constraints: { enum: [1000] } }, 'field "a": enum must be a decimal with at most 3 digits, got 1000'],
    [{ type: DATE, format: '%d.%m.%Y', constraints: { minimum: '02.01.2024', maximum: '01.12.2023' } },
      'field "a": minimum must be at most maximum, which is 01.12.2023, got "02.01.2024"'],
  ])('%#', (properties, message) => {
    expect(() => TableSchema.fromFields([{ name: 'a', ...properties }])).toThrow(message);
  });

  test('from a file too', () => {
    const schema = file('limit.json', '{"fields":[{"name":"a","type":"number","decimalChar":",","constraints":{"minimum":"abc"}}]}');
    expect(() => TableSchema.fromFile(schema)).toThrow('field "a": minimum must be a number, got "abc"');
  });

  test('what is a value by the own format of a field is taken', () => {
    expect(() => TableSchema.fromFields([
      { name: 'n', type: NUMBER, decimalChar: ',', groupChar: '.', constraints: { minimum: '-1.234,5', maximum: '1000.5' } },
      { name: 'd', type: DATE, format: '%d.%m.%Y', constraints: { minimum: '29.02.2024', maximum: '2024-03-01' } },
      { name: 'b', type: BOOLEAN, trueValues: ['ja'], constraints: { enum: ['ja', false] } },
      { name: 'c', type: DECIMAL, scale: 2, constraints: { minimum: '0.001', enum: [1, '1.5'] } },
    ])).not.toThrow();
  });
});

test('a dialect from a Frictionless file', () => {
  const dialect = CsvDialect.fromFile(file('dialect.json', '{"delimiter":"|","quoteChar":null}'));
  expect(synthesize({ inputFormat: InputFormat.csv({ dialect }) }).contract().dialect).toEqual({ delimiter: '|', quoteChar: null });
});

test('a file that is no JSON throws with its name', () => {
  const broken = file('broken.json', '{"fields":');
  expect(() => TableSchema.fromFile(broken)).toThrow(`${broken} must hold JSON: `);
});

test('a file that is not there throws with its name', () => {
  const none = path.join(directory, 'none.json');
  expect(() => TableSchema.fromFile(none)).toThrow(`expected a Table Schema file (JSON) at ${none}, got ENOENT`);
  expect(() => CsvDialect.fromFile(none)).toThrow(`expected a Table Dialect file (JSON) at ${none}, got ENOENT`);
});

test('a file may begin with a byte order mark', () => {
  expect(() => TableSchema.fromFile(file('bom.json', '\ufeff{"fields":[{"name":"a"}]}'))).not.toThrow();
});
