/** Spellings and properties that schemas published by others have. */
import { checkSchema } from '../../src/engine/check-schema';
import { checkTableSchema } from '../../src/spec/schema-check';
import { uncheckedOf } from '../../src/spec/unchecked';
import { convert } from '../engine/types/convert';

const check = (field: object, schema: object = {}) => checkTableSchema({ fields: [{ name: 'a', ...field }], ...schema });

describe('what only describes is taken', () => {
  test.each([
    'keywords', 'countryCode', 'countrycode', 'author', 'authors', 'licenses', 'contributors', 'sources', 'homepage', 'created', 'lastModified', 'version', 'path', 'image', 'url',
    'uri', 'status', 'statut', 'contact', 'resources', 'example', 'examples', 'identifier', 'namespace', 'comments', 'references', 'custom', 'schemaVersion', 'type', 'format',
    'dcterms:isVersionOf', 'rdfs:comment', 'input rules', 'règle de saisie', 'weakForeignKeys', 'categories', 'profile', 'scale', 'formats', 'delimiter',
  ])('%s of a schema', (name) => {
    expect(() => check({}, { [name]: 'x' })).not.toThrow();
    expect(() => check({}, { [name]: ['x'] })).not.toThrow();
  });

  test.each([
    'examples', 'exemple', 'unit', 'units', 'comment', 'section', 'namespace', 'skos:exactMatch', 'pm:unitRdfType', 'cv_term', 'source', 'index', 'dimension', 'enumLabels',
    'nameAlternatives', 'label', 'order', 'note', 'items', 'arrayItem', 'category', 'standardsMappings', 'titre', 'rdf_type', 'state', 'version', 'role', 'floatNumber', 'names',
  ])('%s of a field', (name) => {
    expect(() => check({ [name]: 'x' })).not.toThrow();
    expect(() => check({ [name]: { text: 'x' } })).not.toThrow();
  });

  test.each(['description', 'comment', 'errorMessage', 'example'])('%s of constraints', (name) => {
    expect(() => check({ constraints: { [name]: 'x' } })).not.toThrow();
  });

  test('constraints of a schema are a text, where they only describe', () => {
    expect(() => check({}, { constraints: 'The areas must not overlap.' })).not.toThrow();
  });

  test.each([false, null, '', [], {}])('whatever its name, where it asks for nothing: %j', (nothing) => {
    expect(() => check({ requierd: nothing, constraints: { uniqe: nothing, min: nothing } }, { primaryKeys: nothing })).not.toThrow();
  });
});

describe('what is like a property that is checked is refused, with the likely name', () => {
  const meant = (name: string) => `must be written as ${name}, which is most likely meant and would not be checked, got`;

  test.each([
    ['missingValue', 'missingValues'], ['missing_values', 'missingValues'], ['MissingValues', 'missingValues'], ['nullValues', 'missingValues'], ['primaryKeys', 'primaryKey'],
    ['primary_key', 'primaryKey'], ['primarykey', 'primaryKey'], ['uniqueKey', 'uniqueKeys'], ['foreignKey', 'foreignKeys'], ['fieldMatch', 'fieldsMatch'],
    ['required', 'constraints.required of a field'], ['decimalChar', 'decimalChar of a field'], ['trueValues', 'trueValues of a field'],
  ])('%s of a schema', (name, likely) => {
    expect(() => check({}, { [name]: ['x'] })).toThrow(`schema.${name} ${meant(likely)}`);
  });

  test.each([
    ['contraints', 'constraints'], ['constraint', 'constraints'], ['Constraints', 'constraints'], ['contrainte', 'constraints'], ['missingValue', 'missingValues'], ['Type', 'type'],
    ['datatype', 'type'], ['formatt', 'format'], ['truevalues', 'trueValues'], ['decimal_char', 'decimalChar'], ['groupchar', 'groupChar'], ['bareNumbers', 'bareNumber'],
    ['categorys', 'categories'], ['required', 'constraints.required'], ['require', 'constraints.required'], ['requried', 'constraints.required'], ['unique', 'constraints.unique'],
    ['uniqe', 'constraints.unique'], ['minimum', 'constraints.minimum'], ['max', 'constraints.maximum'], ['enums', 'constraints.enum'], ['regex', 'constraints.pattern'],
    ['maxlength', 'constraints.maxLength'], ['mandatory', 'constraints.required'], ['primaryKey', 'primaryKey of the schema'],
  ])('%s of a field', (name, likely) => {
    expect(() => check({ [name]: 'x' })).toThrow(`schema.fields[0].${name} ${meant(likely)}`);
  });

  test.each([
    ['require', 'required'], ['requierd', 'required'], ['Required', 'required'], ['uniqe', 'unique'], ['min', 'minimum'], ['max', 'maximum'], ['minimun', 'minimum'],
    ['maxlength', 'maxLength'], ['max_length', 'maxLength'], ['minLenght', 'minLength'], ['enums', 'enum'], ['patern', 'pattern'], ['regexp', 'pattern'], ['exclusiveMin', 'exclusiveMinimum'],
  ])('%s of constraints', (name, likely) => {
    expect(() => check({ constraints: { [name]: 5 } })).toThrow(`schema.fields[0].constraints.${name} ${meant(likely)} 5`);
  });

  test.each(['jsonSchema', 'level', 'multipleOf', 'format', 'whatever'])('%s of constraints, which asks for something that nobody checks', (name) => {
    expect(() => check({ constraints: { [name]: { type: 'x' } } })).toThrow(`schema.fields[0].constraints.${name} must be one of the known constraints (required, unique,`);
  });
});

describe('other spellings of what is known', () => {
  test('labelled missing values', () => {
    const schema = check({ missingValues: [{ value: '' }, '-'] }, { missingValues: [{ value: '', label: 'OMITTED' }, { value: '-99', label: 'REFUSED' }] });
    expect(schema.missingValues).toEqual(['', '-99']);
    expect(schema.fields[0].missingValues).toEqual(['', '-']);
  });

  test('constraints that are null are left out', () => {
    expect(check({ constraints: null })).toEqual({ fields: [{ name: 'a' }] });
    expect(check({ constraints: { enum: null, required: true } }).fields[0].constraints).toEqual({ required: true });
  });

  test('the prefix of version 0 before patterns of dates', () => {
    expect(check({ type: 'date', format: 'fmt:%d/%m/%Y' }).fields[0].format).toBe('%d/%m/%Y');
    expect(check({ type: 'datetime', formats: ['fmt:%d/%m/%Y %H:%M', 'default'] }).fields[0].formats).toEqual(['%d/%m/%Y %H:%M', 'default']);
  });

  test('no group character, and what generators write for every field', () => {
    expect(check({ type: 'number', groupChar: '' }).fields[0]).toEqual({ name: 'a', type: 'number' });
    expect(() => check({ type: 'string', bareNumber: true, decimalChar: '.', trueValues: [], falseValues: [], groupChar: '' })).not.toThrow();
    expect(() => check({ type: 'string', bareNumber: false })).toThrow('bareNumber must be left out');
    expect(() => check({ type: 'string', decimalChar: ',' })).toThrow('decimalChar must be left out');
  });

  test('true and false as texts, where nothing else can be', () => {
    expect(check({ constraints: { required: 'true', unique: 'false' } }).fields[0].constraints).toEqual({ required: true, unique: false });
  });

  test('limits that no number is beyond', () => {
    expect(check({ type: 'number', constraints: { minimum: '-Inf', maximum: 'INF' } }).fields[0].constraints).toEqual({});
    expect(() => check({ type: 'integer', constraints: { maximum: 'INF' } })).toThrow('must be an integer, got "INF"');
  });

  test('checked again, a schema stays as it is', () => {
    const schema = check({ type: 'date', format: 'fmt:%Y', constraints: { required: 'true' } }, { missingValues: [{ value: '-' }] });
    expect(checkTableSchema(schema)).toBe(schema);
  });
});

describe('categories are the values that are allowed', () => {
  test('as values, or labelled', () => {
    expect(convert({ categories: ['low', 'high'] }, 'low')).toBe('"low"');
    expect(convert({ categories: ['low', 'high'] }, 'mid')).toBe('constraint');
    expect(convert({ type: 'integer', categories: [{ value: 0, label: 'apple' }, { value: 1, label: 'pear' }] }, '+1')).toBe('1');
    expect(convert({ type: 'integer', categories: [{ value: 0, label: 'apple' }, { value: 1, label: 'pear' }] }, '2')).toBe('constraint');
    expect(convert({ categories: [] }, 'x')).toBe('"x"');
  });

  test('an enum takes a part of them', () => {
    const field = { categories: ['a', 'b', 'c'], constraints: { enum: ['a'] } };
    expect(() => checkSchema(check(field))).not.toThrow();
    expect(convert(field, 'b')).toBe('constraint');
  });

  test.each([
    [{ categories: 'a' }, 'schema.fields[0].categories must be a list of values, or of objects with a value, got "a"'],
    [{ categories: ['a', 1] }, 'schema.fields[0].categories[1] must be a string, got 1'],
    [{ categories: [{ label: 'a' }] }, 'schema.fields[0].categories[0].value must be a string, got null'],
    [{ categories: [{ value: 'a', label: 1 }] }, 'schema.fields[0].categories[0].label must be a string, got 1'],
    [{ categories: ['a', 'b', 'a'] }, 'schema.fields[0].categories[2] must differ from the categories before it, got "a"'],
    [{ type: 'integer', categories: ['x'] }, 'schema.fields[0].categories[0] must be an integer, got "x"'],
    [{ categories: ['a'], constraints: { enum: ['a', 'b'] } }, 'schema.fields[0].constraints.enum must hold only values of categories, not b, got ["a","b"]'],
    [{ categories: ['a'], categoriesOrdered: 'yes' }, 'schema.fields[0].categoriesOrdered must be true or false, got "yes"'],
    [{ categoriesOrdered: true }, 'schema.fields[0].categoriesOrdered must be left out where there are no categories, got true'],
  ])('%j', (field, message) => {
    expect(() => check(field)).toThrow(message);
  });
});

describe('what is not checked is told', () => {
  test('foreign keys', () => {
    expect(uncheckedOf(check({}, {
      foreignKeys: [
        { fields: 'a', reference: { resource: 'customers', fields: 'id' } },
        { fields: ['a'], reference: { fields: ['a'] } },
        { fields: ['a'], reference: { resource: '', fields: ['a'] } },
      ],
    }))).toEqual(['foreignKeys: a in customers (id)', 'foreignKeys: a in the file itself (a)', 'foreignKeys: a in the file itself (a)']);
    expect(uncheckedOf(check({}, { foreignKeys: [] }))).toEqual([]);
  });

  test('checks of other tools', () => {
    expect(uncheckedOf(check({ nullable: false, minProperties: 1, enum: ['x'] }, { custom_checks: [{ name: 'french-siret-value' }] })))
      .toEqual(['custom_checks', 'enum: a', 'minProperties: a', 'nullable: a']);
    expect(uncheckedOf(check({ nullable: true, minItems: 0, multipleOf: null }, { custom_checks: [] }))).toEqual([]);
    expect(uncheckedOf(check({ constraints: { esb$enum: ['x'] } }))).toEqual(['constraints.esb$enum: a']);
    const many = { fields: [...'abcdefg'].map((name) => ({ name, length: 5 })) };
    expect(uncheckedOf(checkTableSchema(many))).toEqual(['length: a, b, c, d, e, … (7 fields)']);
  });
});
