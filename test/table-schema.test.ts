import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { CsvDialect, FieldType, TableSchema } from '../src';
import { synthesize } from './synthesize';
import { FIELD_TYPES } from '../src/contract/table-schema';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'schemas-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));

function file(name: string, content: string): string {
  fs.writeFileSync(path.join(directory, name), content);
  return path.join(directory, name);
}

test('FieldType has all types of the engine', () => {
  expect(Object.values(FieldType).sort()).toEqual([...FIELD_TYPES].sort());
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

test('a dialect from a Frictionless file', () => {
  const dialect = CsvDialect.fromFile(file('dialect.json', '{"delimiter":"|","quoteChar":null}'));
  expect(synthesize({ dialect }).contract().dialect).toEqual({ delimiter: '|', quoteChar: null });
});

test('a file that is no JSON throws with its name', () => {
  const broken = file('broken.json', '{"fields":');
  expect(() => TableSchema.fromFile(broken)).toThrow(`${broken} must hold JSON: `);
});

test('a file that is not there throws with its name', () => {
  expect(() => TableSchema.fromFile(path.join(directory, 'none.json'))).toThrow('none.json');
});
