import * as fc from 'fast-check';
import { convert, message } from './convert';
import { compileField } from '../../../src/engine/types/field-converter';
import { Field, FIELD_TYPES, missingTextsOf, Schema } from '../../../src/spec/schema';

describe('lengths', () => {
  test('count code points', () => {
    const field = { constraints: { minLength: 2, maxLength: 3 } };
    for (const text of ['ab', 'abc', '😀😀', '😀😀😀', 'é日']) {
      expect(convert(field, text)).toBe(JSON.stringify(text));
    }
    for (const text of ['a', '😀', 'abcd', '😀😀😀😀']) {
      expect(convert(field, text)).toBe('constraint');
    }
    expect(convert(field, '', true)).toBe('constraint');
  });

  test('any text, any limits', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 6 }), fc.nat(7), fc.nat(7), (text, minLength, maxLength) => {
      const length = Array.from(text).length;
      expect(convert({ constraints: { minLength } }, text, true) !== 'constraint').toBe(length >= minLength);
      expect(convert({ constraints: { maxLength } }, text, true) !== 'constraint').toBe(length <= maxLength);
    }));
  });

  test('messages tell the limit', () => {
    expect(message({ constraints: { minLength: 2 } }, 'a')).toBe('must have at least 2 characters (minLength), got "a"');
    expect(message({ constraints: { maxLength: 0 } }, 'a')).toBe('must have at most 0 characters (maxLength), got "a"');
  });
});

describe('pattern', () => {
  test('a text that JavaScript has no memory for is told to be too long, not to be another one', () => {
    const field = { constraints: { pattern: '(xy)(?:cb|a)*\\1' } };
    expect(convert(field, 'xyacbaxy')).toBe('"xyacbaxy"');
    const expected = 'must be shorter than its 16000004 characters, for which JavaScript has no memory, to match (xy)(?:cb|a)*\\1 (pattern), got "xyaaaa';
    expect(message(field, `xy${'a'.repeat(16_000_000)}xy`)).toContain(expected);
  });

  test('matches the whole value', () => {
    expect(convert({ constraints: { pattern: 'a|bc' } }, 'bc')).toBe('"bc"');
    expect(convert({ constraints: { pattern: 'a|bc' } }, 'ac')).toBe('constraint');
    expect(convert({ constraints: { pattern: 'a+' } }, 'aa\n')).toBe('constraint');
    expect(convert({ constraints: { pattern: '^a+$' } }, 'aa')).toBe('"aa"');
  });

  test('knows code points', () => {
    expect(convert({ constraints: { pattern: '.' } }, '😀')).toBe('"😀"');
    expect(convert({ constraints: { pattern: '\\p{Lu}' } }, 'Ä')).toBe('"Ä"');
  });

  test('looks at the text as it came, not at the value', () => {
    expect(convert({ type: 'integer', constraints: { pattern: '\\d{3}' } }, '007')).toBe('7');
    expect(convert({ type: 'integer', constraints: { pattern: '\\d{3}' } }, '7')).toBe('constraint');
  });

  test('must be a whole regular expression', () => {
    expect(() => convert({ constraints: { pattern: 'a)|(b' } }, '')).toThrow('field "field": Invalid regular expression');
  });
});

describe('minimum and maximum', () => {
  test.each([
    ['integer', -5, '-5', '-6'],
    ['integer', '9007199254740993', '9007199254740993', '9007199254740992'],
    ['number', 0.1, '0.1', '0.09999999999999999999'],
    ['number', '0.1', '0.10', '0.0999'],
    ['number', '-1e2', '-100.0', '-100.00000000000000000001'],
    ['number', 0, '-0.0', '-0.0000001'],
    ['decimal', '0.001', '0.01', '0.00'],
    ['decimal', 10, '10', '9.99'],
    ['date', '2024-02-29', '2024-02-29', '2024-02-28'],
    ['datetime', '2024-02-29T12:00:00Z', '2024-02-29T13:00:00+01:00', '2024-02-29T12:59:59.999999+01:00'],
    ['datetime', '2024-02-29T12:00:00.1Z', '2024-02-29T12:00:00.1000000', '2024-02-29T12:00:00.0999999'],
  ] as const)('%s, minimum %s: %s passes, %s does not', (type, minimum, right, wrong) => {
    const field = { type, constraints: { minimum }, ...(type === 'decimal' ? { scale: 2 } : {}) };
    expect(convert(field, right)).not.toBe('constraint');
    expect(convert(field, right)).not.toBe('type');
    expect(convert(field, wrong)).toBe('constraint');
  });

  test.each([
    ['integer', 5, '5', '6'],
    ['number', '0.1', '0.1', '0.10000000000000000001'],
    ['decimal', '99.99', '99.99', '100'],
    ['decimal', '99.995', '99.99', '100.00'],
    ['date', '2024-02-29', '0001-01-01', '2024-03-01'],
    ['datetime', '2024-02-29T12:00:00Z', '2024-02-29T12:00:00.000000Z', '2024-02-29T12:00:00.0000001Z'],
  ] as const)('%s, maximum %s: %s passes, %s does not', (type, maximum, right, wrong) => {
    const field = { type, constraints: { maximum }, ...(type === 'decimal' ? { scale: 2 } : {}) };
    expect(convert(field, right)).not.toBe('constraint');
    expect(convert(field, right)).not.toBe('type');
    expect(convert(field, wrong)).toBe('constraint');
  });

  test('are exact for numbers of any length', () => {
    const number = fc.tuple(fc.constantFrom('', '-'), fc.bigInt({ min: 0n, max: 10n ** 25n }));
    fc.assert(fc.property(number, number, ([sign, value], [otherSign, other]) => {
      const [left, right] = [BigInt(`${sign}${value}`), BigInt(`${otherSign}${other}`)];
      const scaled = (number_: bigint) => `${number_}e-12`;
      expect(convert({ type: 'number', constraints: { minimum: scaled(right) } }, scaled(left)) === 'constraint').toBe(left < right);
      expect(convert({ type: 'number', constraints: { maximum: scaled(right) } }, scaled(left)) === 'constraint').toBe(left > right);
    }));
  });

  test('may be written in the field\'s own format; the canonical form comes first', () => {
    const german = { type: 'number', decimalChar: ',', groupChar: '.' } as const;
    expect(convert({ ...german, constraints: { maximum: '1.234,5' } }, '1234,5')).toBe('1234.5');
    expect(convert({ ...german, constraints: { maximum: '1.5' } }, '2')).toBe('constraint');
    expect(convert({ type: 'date', format: '%d.%m.%Y', constraints: { minimum: '31.12.2023' } }, '01.01.2024')).toBe('"2024-01-01"');
    expect(convert({ type: 'date', format: '%d.%m.%Y', constraints: { minimum: '2023-12-31' } }, '30.12.2023')).toBe('constraint');
  });

  test('of a datetime hold in the field\'s time zone', () => {
    const field = { type: 'datetime', timezone: 'Europe/Berlin', constraints: { minimum: '2024-01-01T00:00:00' } } as const;
    expect(convert(field, '2023-12-31T23:00:00Z')).toBe('"2023-12-31T23:00:00.000Z"');
    expect(convert(field, '2023-12-31T22:59:59Z')).toBe('constraint');
  });

  test('must be of the field\'s type', () => {
    expect(() => convert({ type: 'integer', constraints: { minimum: '1.5' } }, '')).toThrow('field "field": minimum must be an integer, got "1.5"');
    expect(() => convert({ type: 'date', constraints: { maximum: 'today' } }, '')).toThrow('maximum must be a date of format default (2024-05-01), got "today"');
    expect(() => convert({ type: 'string', constraints: { minimum: 1 } }, '')).toThrow('minimum and maximum must not be on a field of type string');
  });

  test('messages tell the limit', () => {
    expect(message({ type: 'integer', constraints: { minimum: 0 } }, '-1')).toBe('must be at least 0 (minimum), got "-1"');
    expect(message({ type: 'integer', constraints: { maximum: '10' } }, '11')).toBe('must be at most 10 (maximum), got "11"');
  });
});

describe('enum', () => {
  test.each([
    [{ type: 'string', constraints: { enum: ['USD', 'EUR'] } }, ['USD', 'EUR'], ['usd', 'USD ', 'GBP']],
    [{ type: 'integer', constraints: { enum: [1, '2'] } }, ['1', '+1', '02'], ['3', '12']],
    [{ type: 'number', constraints: { enum: ['1.50', 2] } }, ['1.5', '15e-1', '2.0'], ['1.51']],
    [{ type: 'decimal', scale: 2, constraints: { enum: ['1.5', 2] } }, ['1.5', '1.50', '2'], ['2.01']],
    [{ type: 'boolean', constraints: { enum: [true] } }, ['true', '1'], ['false', '0']],
    [{ type: 'boolean', trueValues: ['Y'], falseValues: ['N'], constraints: { enum: ['Y'] } }, ['Y'], ['N']],
    [{ type: 'date', format: '%d.%m.%Y', constraints: { enum: ['2024-01-31', '01.02.2024'] } }, ['31.01.2024', '1.2.2024'], ['02.02.2024']],
    [{ type: 'datetime', constraints: { enum: ['2024-01-31T00:00:00Z'] } }, ['2024-01-31T01:00:00.0000+01:00', '2024-01-31T00:00:00'], ['2024-01-31T00:00:00.0001Z']],
  ] as const)('compares by value: %j', (field, right, wrong) => {
    for (const text of right) {
      expect(['constraint', 'type']).not.toContain(convert(field, text));
    }
    for (const text of wrong) {
      expect(convert(field, text)).toBe('constraint');
    }
  });

  test('messages tell the values, but not a thousand', () => {
    expect(message({ constraints: { enum: ['a', 'b'] } }, 'c')).toBe('must be one of "a", "b" (enum), got "c"');
    const many = Array.from({ length: 1000 }, (_, index) => String(index));
    expect(message({ constraints: { enum: many } }, 'c')).toBe('must be one of "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", … (1000 values) (enum), got "c"');
  });

  test('must be of the field\'s type', () => {
    expect(() => convert({ type: 'decimal', scale: 2, constraints: { enum: ['1.234'] } }, '')).toThrow('enum must be a decimal with at most 2 digits after the point, got "1.234"');
  });
});

describe('missing values', () => {
  const inSchema = (schema: Omit<Schema, 'fields'>, text: string, quoted: boolean, field: Omit<Field, 'name'> = {}) =>
    compileField({ name: 'a', ...field }, missingTextsOf(field, schema))(text, quoted);

  test('match a field whether it is quoted or not', () => {
    for (const quoted of [false, true]) {
      expect(inSchema({}, '', quoted)).toBe('null');
      expect(inSchema({ missingValues: ['NA'] }, 'NA', quoted)).toBe('null');
      expect(inSchema({ missingValues: ['NA'] }, '', quoted)).toBe('""');
      expect(inSchema({}, '', quoted, { constraints: { required: true } })).toMatchObject({ code: 'required' });
      expect(inSchema({}, '', quoted, { constraints: { enum: ['x'] } })).toBe('null');
      expect(inSchema({}, '', quoted, { type: 'integer' })).toBe('null');
    }
  });

  test('match only an unquoted field where quotedMissingValues is false', () => {
    expect(convert({}, '')).toBe('null');
    expect(convert({}, '', true)).toBe('""');
    expect(convert({ missingValues: ['NA', '-'] }, 'NA')).toBe('null');
    expect(convert({ missingValues: ['NA', '-'] }, 'NA', true)).toBe('"NA"');
    expect(convert({ missingValues: ['NA', '-'] }, '-')).toBe('null');
    expect(convert({ missingValues: ['NA', '-'] }, 'NAN')).toBe('"NAN"');
  });

  test('of a field replace those of the schema', () => {
    expect(convert({ missingValues: ['NA'] }, '')).toBe('""');
    expect(convert({ missingValues: [] }, '')).toBe('""');
  });

  test('stand before the type: where 0 is missing, it is no number', () => {
    expect(convert({ type: 'integer', missingValues: ['0'] }, '0')).toBe('null');
    expect(convert({ type: 'integer', missingValues: ['0'] }, '00')).toBe('0');
  });

  test('required refuses a missing value, not an empty string', () => {
    const constraints = { required: true };
    expect(convert({ constraints }, '')).toBe('required');
    expect(convert({ constraints }, '', true)).toBe('""');
    expect(message({ constraints }, '')).toBe('expected a value, got none');
  });

  test('meet no other constraint', () => {
    expect(convert({ constraints: { minLength: 1, pattern: 'x', enum: ['x'] } }, '')).toBe('null');
  });

  test.each(['integer', 'number', 'decimal', 'boolean', 'date', 'datetime'] as const)('a quoted empty string is no %s', (type) => {
    expect(convert({ type }, '', true)).toBe('type');
    expect(convert({ type }, '')).toBe('null');
  });
});

describe('messages', () => {
  test('stay short whatever came', () => {
    expect(message({ type: 'integer' }, 'x'.repeat(100))).toBe(`expected an integer, got "${'x'.repeat(60)}"… (100 UTF-16 units)`);
    expect(message({ type: 'integer' }, `${'x'.repeat(59)}😀${'x'.repeat(9)}`)).toBe(`expected an integer, got "${'x'.repeat(59)}"… (70 UTF-16 units)`);
  });

  test('tell the first fault: the type, then the constraints from the cheapest on', () => {
    const field = { type: 'integer', constraints: { pattern: '\\d', maximum: 5 } } as const;
    expect(message(field, 'x')).toContain('expected an integer');
    expect(message(field, '10')).toContain('pattern');
    expect(message(field, '9')).toContain('maximum');
  });
});

test('a type that does not exist does not compile', () => {
  expect(() => convert({ type: 'timestamp' as 'date' }, '')).toThrow(`field "field": type must be one of ${FIELD_TYPES.join(', ')}, got "timestamp"`);
});

describe('limits that are not values themselves', () => {
  test.each([
    [{ type: 'integer', constraints: { exclusiveMinimum: 0, exclusiveMaximum: 3 } }, ['1', '2'], ['0', '-0', '3', '+3']],
    [{ type: 'number', constraints: { exclusiveMinimum: '0.1' } }, ['0.1000000000000000000001', '1e400'], ['0.1', '0.10', '1e-1', '-5']],
    [{ type: 'decimal', scale: 2, constraints: { minimum: 1, exclusiveMaximum: '99999999999999999999.99' } }, ['1.00', '99999999999999999999.98'], ['0.99', '99999999999999999999.99']],
    [{ type: 'date', format: '%d.%m.%Y', constraints: { exclusiveMinimum: '31.12.2023' } }, ['01.01.2024'], ['31.12.2023']],
    [{ type: 'datetime', constraints: { exclusiveMaximum: '2024-01-01T00:00:00Z' } }, ['2023-12-31T23:59:59.999Z'], ['2024-01-01T00:00:00.000Z', '2024-01-01T02:00:00+02:00']],
  ] as const)('%j', (field, fits, fitsNot) => {
    for (const text of fits) expect([text, convert(field, text)]).toEqual([text, expect.not.stringMatching(/^constraint$|^type$/)]);
    for (const text of fitsNot) expect([text, convert(field, text)]).toEqual([text, 'constraint']);
  });

  test('say so', () => {
    expect(message({ type: 'integer', constraints: { exclusiveMinimum: 0 } }, '0')).toBe('must be more than 0 (exclusiveMinimum), got "0"');
    expect(message({ type: 'integer', constraints: { exclusiveMaximum: 5 } }, '5')).toBe('must be less than 5 (exclusiveMaximum), got "5"');
  });

  test('that leave no value do not compile', () => {
    expect(() => convert({ type: 'number', constraints: { minimum: 5, exclusiveMaximum: '5.0' } }, '1')).toThrow('field "field": minimum must be less than exclusiveMaximum, which is 5.0, got 5');
    expect(() => convert({ type: 'number', constraints: { minimum: 5, maximum: '5.0' } }, '1')).not.toThrow();
  });
});
