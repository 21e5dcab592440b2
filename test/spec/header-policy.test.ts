import { compileFormat } from '../../src/engine/format/format';
import { Schema } from '../../src/spec/schema';
import { checkTableSchema } from '../../src/spec/schema-check';

const two = [{ name: 'id' }, { name: 'amount' }];

test.each<[Schema]>([
  [{ fields: two, fieldsMatch: 'exact' }],
  [{ fields: two, fieldsMatch: 'equal' }],
  [{ fields: two, fieldsMatch: 'superset', headerCase: true }],
  [{ fields: two, fieldsMatch: ['subset'] }],
  [{ fields: two, fieldsMatch: 'subset', rescueColumn: 'others' }],
  [{ fields: two, fieldsMatch: 'partial', rescueColumn: 'ID', headerCase: false }],
  [{ fields: [{ name: 'id', aliases: ['ID', 'key'] }, { name: 'amount', aliases: [] }] }],
  [{ fields: [{ name: 'id' }, { name: 'ID' }] }],
])('%j is right, returned as it is, and compiles', (schema) => {
  expect(checkTableSchema(schema)).toBe(schema);
  expect(() => compileFormat({ schema, dialect: {}, maxRecordSize: 1000 })).not.toThrow();
});

test.each([
  [{ fieldsMatch: 'superb' }, 'schema.fieldsMatch must be one of exact, equal, subset, superset, partial, got "superb"'],
  [{ fieldsMatch: ['exact', 'equal'] }, 'schema.fieldsMatch must be one of exact, equal, subset, superset, partial, got ["exact","equal"]'],
  [{ fieldsMatch: [] }, 'schema.fieldsMatch must be one of exact, equal, subset, superset, partial, got []'],
  [{ fieldsMatch: null }, 'schema.fieldsMatch must be one of'],
  [{ headerCase: 'no' }, 'schema.headerCase must be true or false, got "no"'],
  [{ fieldsMatch: 'subset', rescueColumn: 5 }, 'schema.rescueColumn must be a string, got 5'],
  [{ fieldsMatch: 'subset', rescueColumn: '' }, 'schema.rescueColumn must be a name that a column may have, got ""'],
  [{ fieldsMatch: 'subset', rescueColumn: '__proto__' }, 'schema.rescueColumn must be a name that a column may have, got "__proto__"'],
  [{ fieldsMatch: 'subset', rescueColumn: 'amount' }, 'schema.rescueColumn must differ from the names of the fields, got "amount"'],
  [{ rescueColumn: 'x' }, 'schema.rescueColumn must be left out where fieldsMatch is exact: only subset and partial allow columns that are no fields, got "x"'],
  [{ fieldsMatch: 'superset', rescueColumn: 'x' }, 'schema.rescueColumn must be left out where fieldsMatch is superset'],
  [{ fields: [{ name: 'id' }, { name: 'ID' }], headerCase: false }, 'schema.fields[1].name must differ from schema.fields[0].name in more than letter case, because headerCase is false, got "ID"'],
  [{ fields: [{ name: 'id', aliases: 'key' }] }, 'schema.fields[0].aliases must be a list of strings, got "key"'],
  [{ fields: [{ name: 'id', aliases: [''] }] }, 'schema.fields[0].aliases[0] must be a string of at least one character, got ""'],
  [{ fields: [{ name: 'id', aliases: ['amount'] }, { name: 'amount' }] }, 'schema.fields[0].aliases[0] must differ from schema.fields[1].name, got "amount"'],
  [{ fields: [{ name: 'id', aliases: ['k', 'k'] }] }, 'schema.fields[0].aliases[1] must differ from schema.fields[0].aliases[0], got "k"'],
  [{ fields: [{ name: 'id', aliases: ['Id'] }], headerCase: false }, 'schema.fields[0].aliases[0] must differ from schema.fields[0].name in more than letter case'],
])('%j is wrong', (properties, message) => {
  expect(() => checkTableSchema({ fields: two, ...properties })).toThrow(message);
});
