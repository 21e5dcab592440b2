import { checkTransform } from '../../src/contract/transform-check';
import { TransformContract } from '../../src/contract/transform-contract';
import { Schema } from '../../src/spec/schema';

const PLAIN: Schema = { fields: [{ name: 'id' }] };
const MODULE: TransformContract = { kind: 'module', name: 'mine.mjs', file: 'transform.mjs', sha256: '00' };
const FUNCTION: TransformContract = { kind: 'function', batchSize: 1 };

describe('keys', () => {
  const KEYED: Array<[string, Schema]> = [
    ['primaryKey id', { ...PLAIN, primaryKey: 'id' }],
    ['primaryKey id, day', { fields: [{ name: 'id' }, { name: 'day' }], primaryKey: ['id', 'day'] }],
    ['uniqueKeys id', { ...PLAIN, uniqueKeys: [['id']] }],
    ['unique id', { fields: [{ name: 'id', constraints: { unique: true } }] }],
  ];

  test.each(KEYED)('refuses an outputSchema that drops %s', (key, schema) => {
    expect(() => checkTransform(schema, { ...MODULE, outputSchema: PLAIN }))
      .toThrow(new Error(`transform.outputSchema must repeat the keys of schema (${key}), which hold for what is published, got none`));
  });

  const N = { name: 'n' };
  const UNIQUE_N = { ...N, constraints: { unique: true } };

  test.each<[string, string, Schema, Schema, string]>([
    ['primaryKey id', 'one on another field', { ...PLAIN, primaryKey: 'id' }, { fields: [{ name: 'id' }, UNIQUE_N], uniqueKeys: [['n']] }, 'uniqueKeys n; unique n'],
    ['primaryKey id', 'a wider one', { ...PLAIN, primaryKey: ['id'] }, { fields: [{ name: 'id' }, N], primaryKey: ['id', 'n'] }, 'primaryKey id, n'],
    ['primaryKey id, n', 'a narrower one', { fields: [{ name: 'id' }, N], primaryKey: ['id', 'n'] }, { fields: [{ name: 'id' }, N], uniqueKeys: [['id']] }, 'uniqueKeys id'],
    ['primaryKey id', 'another one of the schema', { fields: [{ name: 'id' }, UNIQUE_N], primaryKey: 'id' }, { fields: [UNIQUE_N, { name: 'id' }] }, 'unique n'],
  ])('refuses an outputSchema that gives up a key whose fields it has: %s for %s', (key, _, schema, outputSchema, got) => {
    expect(() => checkTransform(schema, { ...MODULE, outputSchema }))
      .toThrow(new Error(`transform.outputSchema must repeat the keys of schema (${key}), which hold for what is published, got ${got}`));
  });

  test('takes each key as each other kind of key, its fields in any order, beside new ones', () => {
    const schemas: Schema[] = [
      { fields: [{ name: 'id' }], primaryKey: 'id' },
      { fields: [{ name: 'id' }, UNIQUE_N], primaryKey: ['id'] },
      { fields: [{ name: 'id' }], uniqueKeys: [['id']] },
      { fields: [{ name: 'id', constraints: { unique: true } }] },
    ];
    for (const schema of schemas.filter(({ fields }) => fields.length === 1)) {
      for (const outputSchema of schemas) expect(() => checkTransform(schema, { ...MODULE, outputSchema })).not.toThrow();
    }
    const outputSchema = { fields: [{ name: 'day' }, { name: 'id' }], uniqueKeys: [['day', 'id']] };
    expect(() => checkTransform(KEYED[1][1], { ...MODULE, outputSchema })).not.toThrow();
  });

  test('takes an outputSchema without a field of the key, where it has a key of its own', () => {
    const schema = { fields: [{ name: 'id' }, { name: 'day' }], primaryKey: ['id', 'day'] };
    expect(() => checkTransform(schema, { ...MODULE, outputSchema: { ...PLAIN, primaryKey: 'id' } })).not.toThrow();
    expect(() => checkTransform(schema, { ...MODULE, outputSchema: PLAIN })).toThrow('(primaryKey id, day), which hold for what is published, got none');
  });

  test('takes a schema with keys without an outputSchema', () => {
    for (const [, schema] of KEYED) expect(() => checkTransform(schema, MODULE)).not.toThrow();
  });

  test('takes an empty primaryKey as none', () => {
    expect(() => checkTransform({ ...PLAIN, primaryKey: [] }, { ...MODULE, outputSchema: PLAIN })).not.toThrow();
  });
});

describe('$reject', () => {
  const FIELD: Schema = { fields: [{ name: 'id' }, { name: '$reject' }] };
  const RESCUE: Schema = { ...PLAIN, fieldsMatch: 'subset', rescueColumn: '$reject' };

  test.each<[string, Schema, TransformContract]>([
    ['schema.fields[1].name', FIELD, FUNCTION],
    ['schema.fields[1].name', FIELD, { ...FUNCTION, outputSchema: PLAIN }],
    ['schema.rescueColumn', RESCUE, FUNCTION],
    ['transform.outputSchema.fields[1].name', PLAIN, { ...FUNCTION, outputSchema: FIELD }],
    ['transform.outputSchema.rescueColumn', PLAIN, { ...FUNCTION, outputSchema: RESCUE }],
  ])('refuses it as %s where a function could not tell it from a reject', (path, schema, transform) => {
    expect(() => checkTransform(schema, transform))
      .toThrow(new Error(`${path} must differ from $reject, by which a transform function refuses a record, got "$reject"`));
  });

  test('takes it where a module transforms', () => {
    expect(() => checkTransform(FIELD, MODULE)).not.toThrow();
  });
});
