import * as fc from 'fast-check';
import { convert, message } from './convert';
import { compileType } from '../../../src/engine/types/compile-type';
import { compareLiterals } from '../../../src/engine/types/number-text';
import { Field } from '../../../src/spec/schema';

describe('integer', () => {
  test.each([
    ['0', '0'],
    ['7', '7'],
    ['-7', '-7'],
    ['+7', '7'],
    ['007', '7'],
    ['-007', '-7'],
    ['000', '0'],
    ['-0', '0'],
    ['+0', '0'],
    ['9007199254740993', '9007199254740993'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
  ])('%s becomes %s', (text, json) => {
    expect(convert({ type: 'integer' }, text)).toBe(json);
  });

  test.each(['1.0', '1.', '1e3', ' 1', '1 ', '--1', '+-1', '-', '+', 'abc', '0x10', '1,000', '१', '１', 'NaN', '1\n', '\u00a01', '−1'])('%j is refused', (text) => {
    expect(convert({ type: 'integer' }, text)).toBe('type');
  });

  test('a group character stands between digits only', () => {
    const field = { type: 'integer', groupChar: ',' } as const;
    expect(convert(field, '1,234,567')).toBe('1234567');
    expect(convert(field, '12,34,567')).toBe('1234567');
    for (const text of [',1', '1,', '1,,2', ',', '-,1', '1,5', '12,34', '1,2345', '1234,567', '1,2,345', '0,5']) {
      expect(convert(field, text)).toBe('type');
    }
  });

  test('a group character may be a point', () => {
    expect(convert({ type: 'integer', groupChar: '.', decimalChar: ',' }, '1.234')).toBe('1234');
  });
});

describe('number', () => {
  test.each([
    ['1.5', '1.5'],
    ['1.50', '1.5'],
    ['1.000', '1'],
    ['0.0', '0'],
    ['-0.0', '0'],
    ['-0.50', '-0.5'],
    ['.5', '0.5'],
    ['-.5', '-0.5'],
    ['5.', '5'],
    ['+00012.3400', '12.34'],
    ['100', '100'],
    ['0.1000000000000000055511151231257827', '0.1000000000000000055511151231257827'],
    ['1e3', '1000'],
    ['1E+3', '1000'],
    ['1.5e1', '15'],
    ['1.25e1', '12.5'],
    ['1e-3', '0.001'],
    ['-12.5e-1', '-1.25'],
    ['1200e-2', '12'],
    ['0e5', '0'],
    ['5e-324', `0.${'0'.repeat(323)}5`],
    ['1e400', `1${'0'.repeat(400)}`],
    ['1e0000000000000003', '1000'],
  ])('%s becomes %s', (text, json) => {
    expect(convert({ type: 'number' }, text)).toBe(json);
  });

  test.each([
    'NaN', 'nan', 'INF', '-INF', 'Infinity', '.', '-', '-.', 'e5', '1e', '1e+', '.e1', '1.2.3', '1,5', ' 1', '1 ', '1e5.0', '0x1p3', '1_000', '١', '5%', '$5', '--5', '1-',
  ])('%j is refused', (text) => {
    expect(convert({ type: 'number' }, text)).toBe('type');
  });

  test.each(['1e401', '1e-401', '0e401', '1e999999999999', `1e${'9'.repeat(1000)}`])('an exponent beyond 400 is refused, not worked out: %j', (text) => {
    expect(convert({ type: 'number' }, text)).toBe('type');
  });

  test('a decimal comma and a group point', () => {
    const field = { type: 'number', decimalChar: ',', groupChar: '.' } as const;
    expect(convert(field, '1.234.567,50')).toBe('1234567.5');
    expect(convert(field, '-1.234')).toBe('-1234');
    expect(convert(field, ',5')).toBe('0.5');
    // A number in the other notation must not be read as one a hundred times as large.
    for (const text of ['1,234.5', '1,2,3', '1,2.3', '.5', '12.34', '3.14159', '1.000.00', '1.2.3']) {
      expect(convert(field, text)).toBe('type');
    }
  });

  describe('groupChars', () => {
    const field = { type: 'number', groupChars: [' ', '\u00a0', '\u202f', '\'', '’'] } as const;

    test.each(['1 234 567.5', '1\u00a0234\u00a0567.5', '1\u202f234\u202f567.5', '1\'234\'567.5', '1’234’567.5', '1234567.5', '12’34’567.5'])('%j is 1234567.5', (text) => {
      expect(convert(field, text)).toBe('1234567.5');
    });

    test.each(['1 234\'567', '1\u00a0234 567', '1\u202f234\u00a0567', '1’234\'567', '1,234', '1  234', ' 1 234', '1 234 ', '1 23', '1 234.5 6', '1 \u00a0234'])(
      '%j is refused: a number has one group character, between groups', (text) => {
        expect(convert(field, text)).toBe('type');
      });

    test('they are no blanks around a number, which bareNumber allows', () => {
      expect(convert({ ...field, bareNumber: false }, 'EUR\u00a01\u202f234.50')).toBe('1234.5');
      expect(convert({ ...field, bareNumber: false }, '1 234 56')).toBe('type');
    });

    test('characters of a regular expression are themselves', () => {
      expect(convert({ type: 'integer', groupChars: ['*', '^', ']'] }, '1]000]000')).toBe('1000000');
    });
  });

  test('characters that mean something in a regular expression are themselves', () => {
    expect(convert({ type: 'number', decimalChar: '|', groupChar: '*' }, '1*000|5')).toBe('1000.5');
    expect(convert({ type: 'number', decimalChar: '^', groupChar: ']' }, '1]000^5')).toBe('1000.5');
  });

  describe('bareNumber: false', () => {
    const field = { type: 'number', bareNumber: false } as const;

    test.each([
      ['$1.50', '1.5'],
      ['-$1.50', '-1.5'],
      ['$-1.50', '-1.5'],
      ['+$1', '1'],
      ['$.50', '0.5'],
      ['95%', '95'],
      ['1.50 EUR', '1.5'],
      ['-5', '-5'],
      ['-.5', '-0.5'],
      ['Fr. 5', '5'],
      ['€ 1e2', '100'],
      ['12.', '12'],
    ])('%s becomes %s', (text, json) => {
      expect(convert(field, text)).toBe(json);
    });

    test.each(['$', '1.50-', '(1.50)', '- $-5', '-$-5', '--5', '5 of 6', '1,50', '1.2.3', 'Fr.5', '..5', '−5', '$−5', '+', 'NaN', '10-12', '5 -'])('%j could mean another number and is refused', (text) => {
      expect(convert(field, text)).toBe('type');
    });

    test('works with integers, decimals and group characters', () => {
      expect(convert({ type: 'integer', bareNumber: false, groupChar: ',' }, '$1,000')).toBe('1000');
      expect(convert({ type: 'integer', bareNumber: false }, '$1.50')).toBe('type');
      expect(convert({ type: 'decimal', scale: 2, bareNumber: false }, '$1.5')).toBe('"1.50"');
    });
  });

  test('long runs of zeros cost no quadratic time', () => {
    const text = `1.${'0'.repeat(200_000)}1${'0'.repeat(200_000)}1`;
    const start = performance.now();
    expect(convert({ type: 'number' }, text)).toBe(text);
    expect(convert({ type: 'number' }, `+${text}`)).toBe(text);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('decimal', () => {
  test.each([
    ['12.5', '"12.50"'],
    ['12.50', '"12.50"'],
    ['12', '"12.00"'],
    ['12.', '"12.00"'],
    ['.5', '"0.50"'],
    ['-0', '"0.00"'],
    ['-0.00', '"0.00"'],
    ['-0.01', '"-0.01"'],
    ['+007.1', '"7.10"'],
    ['1.5e1', '"15.00"'],
    ['1.250e1', '"12.50"'],
    ['1e-2', '"0.01"'],
    ['12.5000', '"12.50"'],
    ['12.000', '"12.00"'],
    ['-0.000', '"0.00"'],
    ['1250000e-4', '"125.00"'],
  ])('with scale 2, %s becomes %s', (text, json) => {
    expect(convert({ type: 'decimal', scale: 2 }, text)).toBe(json);
  });

  test.each(['12.345', '12.5001', '12.00000000000000000000001', '1e-3', 'NaN', 'INF', '', ' 1'])('with scale 2, %j is refused: no digit is dropped but zeros', (text) => {
    expect(convert({ type: 'decimal', scale: 2 }, text, true)).toBe('type');
  });

  test.each([['5', '"5"'], ['-0', '"0"'], ['005', '"5"'], ['5.', '"5"'], ['5.0', '"5"'], ['-0.00', '"0"']])('with scale 0, %s becomes %s', (text, json) => {
    expect(convert({ type: 'decimal', scale: 0 }, text)).toBe(json);
  });

  test('with scale 0 a fraction is refused', () => {
    expect(convert({ type: 'decimal', scale: 0 }, '5.1')).toBe('type');
  });

  test.each([['1.500', '"1.5"'], ['1.0', '"1"'], ['-0.0', '"0"'], ['1e2', '"100"'], ['12345678901234567890.12345678901234567890', '"12345678901234567890.1234567890123456789"']])(
    'without a scale it is as short as a number: %s becomes %s', (text, json) => {
      expect(convert({ type: 'decimal' }, text)).toBe(json);
    });

  test('precision limits the digits of the result', () => {
    const field = { type: 'decimal', precision: 5, scale: 2 } as const;
    expect(convert(field, '999.99')).toBe('"999.99"');
    expect(convert(field, '-999.99')).toBe('"-999.99"');
    expect(convert(field, '000999.99')).toBe('"999.99"');
    expect(convert(field, '999')).toBe('"999.00"');
    expect(convert(field, '999.9900')).toBe('"999.99"');
    for (const text of ['1000', '1000.00', '-1000', '99999']) {
      expect(convert(field, text)).toBe('type');
    }
  });

  test('precision does not count the zero before the point', () => {
    expect(convert({ type: 'decimal', precision: 2, scale: 2 }, '0.99')).toBe('"0.99"');
    expect(convert({ type: 'decimal', precision: 2, scale: 2 }, '-0.99')).toBe('"-0.99"');
    expect(convert({ type: 'decimal', precision: 2, scale: 2 }, '1')).toBe('type');
    expect(convert({ type: 'decimal', precision: 3 }, '0.0120')).toBe('"0.012"');
    expect(convert({ type: 'decimal', precision: 3 }, '0.0012')).toBe('type');
    expect(convert({ type: 'decimal', precision: 3 }, '12.34')).toBe('type');
  });

  test.each<[Omit<Field, 'name'>, string]>([
    [{ type: 'decimal' }, 'a decimal'],
    [{ type: 'decimal', scale: 2 }, 'a decimal with at most 2 digits after the point'],
    [{ type: 'decimal', scale: 1 }, 'a decimal with at most 1 digit after the point'],
    [{ type: 'decimal', precision: 5 }, 'a decimal with at most 5 digits'],
    [{ type: 'decimal', precision: 5, scale: 2 }, 'a decimal with at most 3 digits before the point and at most 2 after it'],
    [{ type: 'decimal', precision: 5, scale: 0 }, 'a decimal with at most 5 digits before the point and at most 0 after it'],
    [{ type: 'decimal', precision: 2, scale: 2 }, 'a decimal with no digit but a zero before the point and at most 2 after it'],
  ])('the message of %j tells how many digits may stand on each side of the point', (field, expected) => {
    expect(message(field, '1234.567x')).toBe(`expected ${expected}, got "1234.567x"`);
  });
});

describe('exactness', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 25 });
  const literal = fc.record({
    sign: fc.constantFrom('', '+', '-'),
    whole: digits,
    point: fc.boolean(),
    fraction: digits,
    exponent: fc.option(fc.integer({ min: -40, max: 40 }), { nil: undefined }),
  }).filter(({ whole, point, fraction }) => whole !== '' || (point && fraction !== ''));
  type Literal = typeof literal extends fc.Arbitrary<infer T> ? T : never;

  const textOf = ({ sign, whole, point, fraction, exponent }: Literal) =>
    `${sign}${whole}${point ? `.${fraction}` : ''}${exponent === undefined ? '' : `e${exponent}`}`;
  const SCALE = 70;
  /** The value times 10^70, which is whole. */
  const scaledValue = (text: string): bigint => {
    const [, sign, whole, fraction = '', exponent = '0'] = /^([+-]?)(\d*)(?:\.(\d*))?(?:e(-?\d+))?$/.exec(text)!;
    return BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n) * 10n ** BigInt(SCALE + Number(exponent) - fraction.length);
  };

  test('a canonical number has the value of the text, and equal values have equal texts', () => {
    fc.assert(fc.property(literal, (parts) => {
      const json = convert({ type: 'number' }, textOf(parts));
      expect(json).toMatch(/^(0|-?[1-9]\d*|-?(0|[1-9]\d*)\.\d*[1-9])$/);
      expect(scaledValue(json)).toBe(scaledValue(textOf(parts)));
    }));
  });

  test('a canonical integer has the value of the text', () => {
    fc.assert(fc.property(fc.constantFrom('', '+', '-'), digits.filter((text) => text !== ''), (sign, text) => {
      expect(convert({ type: 'integer' }, sign + text)).toBe(String(BigInt(text) * (sign === '-' ? -1n : 1n)));
    }));
  });

  test('a decimal of scale 30 has the value of the text, or the text has more digits', () => {
    fc.assert(fc.property(literal, (parts) => {
      const json = convert({ type: 'decimal', scale: 30 }, textOf(parts));
      if (json === 'type') {
        expect(parts.fraction.length - (parts.exponent ?? 0)).toBeGreaterThan(30);
      } else {
        expect(json).toMatch(/^"-?(0|[1-9]\d*)\.\d{30}"$/);
        expect(scaledValue(json.slice(1, -1))).toBe(scaledValue(textOf(parts)));
      }
    }));
  });

  test.each(['0.123', '-0.500', '00.123', '012.345', '0.123,5'])('no number in groups begins with a zero: %s', (text) => {
    expect(convert({ type: 'number', decimalChar: ',', groupChar: '.' }, text)).toBe('type');
  });

  test('group characters and a decimal comma change nothing in the value', () => {
    fc.assert(fc.property(literal, (parts) => {
      const grouped = { ...parts, whole: parts.whole.startsWith('0') ? parts.whole : parts.whole.replace(/(\d)(?=(\d{3})+$)/g, '$1.') };
      const text = textOf({ ...grouped, point: false, exponent: undefined }) + (parts.point ? `,${parts.fraction}` : '') + (parts.exponent === undefined ? '' : `e${parts.exponent}`);
      expect(convert({ type: 'number', decimalChar: ',', groupChar: '.' }, text)).toBe(convert({ type: 'number' }, textOf(parts)));
    }));
  });

  test('literals are ordered by their values', () => {
    const near = fc.tuple(fc.constantFrom('', '-'), fc.integer({ min: 0, max: 120 }), fc.constantFrom('', '.0', '.00', '.5', '.50', '.05', '.049'));
    fc.assert(fc.property(near, near, ([sign, whole, fraction], [otherSign, otherWhole, otherFraction]) => {
      const toText = (s: string, w: number, f: string) => w === 0 && !/[1-9]/.test(f) ? `0${f}` : `${s}${w}${f}`;
      const [text, other] = [toText(sign, whole, fraction), toText(otherSign, otherWhole, otherFraction)];
      const expected = Math.sign(Number(text) - Number(other));
      expect(Math.sign(compareLiterals(text, other, 0))).toBe(expected);
      expect(Math.sign(compareLiterals(`"${text}"`, `"${other}"`, 1))).toBe(expected);
    }));
  });
});

test.each([
  [{ type: 'number', decimalChar: ',' }, 'a number, written with decimalChar ","'],
  [{ type: 'integer', groupChar: ' ' }, 'an integer, written with groupChar " "'],
  [{ type: 'integer', groupChars: [' ', '\''] }, 'an integer, written with groupChars " " "\'"'],
  [{ type: 'decimal', scale: 2, decimalChar: ',', groupChar: '.' }, 'a decimal with at most 2 digits after the point, written with decimalChar "," and groupChar "."'],
] as const)('the message of %j tells how it is written', (field, expected) => {
  expect(compileType({ name: 'a', ...field }).expected).toBe(expected);
});
