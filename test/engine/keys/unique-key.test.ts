import { SCHEMA } from './entries';
import { compileFormat } from '../../../src/engine/format/format';
import { compileKeys, keyText, withRequiredPrimaryKey, writeHash } from '../../../src/engine/keys/unique-key';
import { format } from '../support/engine-run';

describe('the keys of a schema', () => {
  test('are the primary key, the unique keys, then the unique fields', () => {
    const fields = [{ name: 'a' }, { name: 'b', constraints: { unique: true } }, { name: 'c', constraints: { unique: true } }];
    expect(compileKeys({ fields, primaryKey: ['a', 'b'], uniqueKeys: [['c', 'a']] }).map(({ label, column }) => ({ label, column }))).toEqual([
      { label: 'primaryKey a, b', column: undefined },
      { label: 'uniqueKeys c, a', column: undefined },
      { label: 'unique b', column: 'b' },
      { label: 'unique c', column: 'c' },
    ]);
  });

  test('are one where their fields are the same: the first name counts', () => {
    const fields = [{ name: 'a', constraints: { unique: true } }, { name: 'b' }];
    expect(compileKeys({ fields, primaryKey: 'a', uniqueKeys: [['a'], ['a', 'b'], ['b', 'a']] }).map(({ label }) => label)).toEqual(['primaryKey a', 'uniqueKeys a, b']);
  });

  test('are none where nothing asks for one', () => {
    expect(compileKeys({ fields: [{ name: 'a', constraints: { unique: false } }], primaryKey: [], uniqueKeys: [] })).toEqual([]);
    expect(format(['a']).keys).toEqual([]);
  });

  test('name fields that are there', () => {
    expect(() => compileKeys({ fields: [{ name: 'a' }], uniqueKeys: [['a', 'b']] })).toThrow('uniqueKeys must name fields of the schema, got "b"');
  });
});

test('the fields of a primary key are required, others are not', () => {
  expect(withRequiredPrimaryKey(SCHEMA).fields.map(({ constraints }) => constraints?.required)).toEqual([true, undefined, undefined]);
  const [id, text] = compileFormat({ schema: SCHEMA, dialect: {}, maxRecordSize: 100 }).converters;
  expect(id('', false)).toEqual({ code: 'required', message: 'expected a value, got none' });
  expect(text('', false)).toBe('null');
});

describe('the text of a key', () => {
  const [primary, pair] = compileKeys(SCHEMA);

  test('is the same exactly for the same values of the same key', () => {
    const fields = ['a', 'b'].map((name) => ({ name }));
    const [both, swapped] = [compileKeys({ fields, primaryKey: ['a', 'b'] })[0], compileKeys({ fields, primaryKey: ['b', 'a'] })[0]];
    const texts = [
      keyText(both, 0, ['"x"', '"y"']), keyText(both, 1, ['"x"', '"y"']), keyText(swapped, 0, ['"x"', '"y"']),
      // Values that would run into each other without their quotes.
      keyText(both, 0, ['"x,y"', '""']), keyText(both, 0, ['"x"', '"y,"']), keyText(both, 0, ['"x\\",\\"y"', '"z"']), keyText(both, 0, ['"x"', '"y\\",\\"z"']),
    ];
    expect(new Set(texts).size).toBe(texts.length);
    expect(keyText(both, 0, ['"x"', '"y"'])).toBe(texts[0]);
  });

  test('is none where a value is missing; a text that reads null is a value', () => {
    expect(keyText(pair, 1, ['1', 'null', '"2024-05-01T10:00:00.000Z"'])).toBeUndefined();
    expect(keyText(pair, 1, ['1', '"null"', '"2024-05-01T10:00:00.000Z"'])).toBeDefined();
    expect(keyText(primary, 0, ['1', 'null', 'null'])).toBeDefined();
  });

  test('is the same for one instant with more zeros', () => {
    const texts = ['.000Z', '.000000Z', '.0001Z'].map((end) => keyText(pair, 1, ['1', '"x"', `"2024-05-01T10:00:00${end}"`]));
    expect(texts[1]).toBe(texts[0]);
    expect(texts[2]).not.toBe(texts[0]);
  });

  test('is hashed to the first 16 bytes of SHA-256', () => {
    const words = new Uint32Array(6);
    writeHash('abc', words, 1);
    expect(Buffer.from(words.buffer, 4, 16).toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223');
    expect([words[0], words[5]]).toEqual([0, 0]);
  });
});
