import { checkTableSchema } from '../../src/spec/schema-check';

const check = (keys: object) => checkTableSchema({ fields: [{ name: 'a' }, { name: 'b' }], ...keys });

test.each([
  [{ primaryKey: 'a' }], [{ primaryKey: ['b', 'a'] }], [{ primaryKey: [] }], [{ uniqueKeys: [] }], [{ uniqueKeys: [['a'], ['a', 'b']] }],
  [{ primaryKey: 'a', uniqueKeys: [['a']] }], [{ fields: [{ name: 'a', constraints: { unique: true } }], primaryKey: 'a' }],
])('%j may be', (keys) => {
  expect(() => check(keys)).not.toThrow();
});

test.each([
  [{ primaryKey: 'c' }, 'schema.primaryKey[0] must name a field of the schema, got "c"'],
  [{ primaryKey: '' }, 'schema.primaryKey[0] must name a field of the schema, got ""'],
  [{ primaryKey: ['a', 'c'] }, 'schema.primaryKey[1] must name a field of the schema, got "c"'],
  [{ primaryKey: ['a', 'a'] }, 'schema.primaryKey[1] must differ from the names before it, got "a"'],
  [{ primaryKey: { a: 1 } }, 'schema.primaryKey must be a list of at least one field name, got {"a":1}'],
  [{ primaryKey: null }, 'schema.primaryKey must be a list of at least one field name, got null'],
  [{ uniqueKeys: 'a' }, 'schema.uniqueKeys must be a list of lists of field names, got "a"'],
  [{ uniqueKeys: ['a'] }, 'schema.uniqueKeys[0] must be a list of at least one field name, got "a"'],
  [{ uniqueKeys: [['a'], []] }, 'schema.uniqueKeys[1] must be a list of at least one field name, got []'],
  [{ uniqueKeys: [['c']] }, 'schema.uniqueKeys[0][0] must name a field of the schema, got "c"'],
  [{ uniqueKeys: [['b', 'b']] }, 'schema.uniqueKeys[0][1] must differ from the names before it, got "b"'],
  [{ uniqueKeys: [['a', 'b'], ['b', 'a']] }, 'schema.uniqueKeys[1] must differ from schema.uniqueKeys[0], got ["b","a"]'],
])('%j may not be', (keys, message) => {
  expect(() => check(keys)).toThrow(message);
});
