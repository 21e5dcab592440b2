import { isExact, toExactNumber } from '../../../src/engine/transform/exact-number';

test.each<[type: 'integer' | 'number', literal: string, value: number | bigint | string]>([
  ['integer', '9007199254740991', 9007199254740991],
  ['integer', '9007199254740992', 9007199254740992n],
  ['integer', '-9007199254740993', -9007199254740993n],
  ['number', '0.1', 0.1],
  ['number', '1.50', 1.5],
  ['number', '1e2', 100],
  ['number', '9007199254740992', 9007199254740992],
  ['number', '9007199254740993', '9007199254740993'],
  ['number', '0.10000000000000000001', '0.10000000000000000001'],
  ['number', '1e400', '1e400'],
])('%s %s becomes a number only if a double holds it', (type, literal, value) => {
  expect(toExactNumber(literal, type)).toBe(value);
  expect(isExact(literal, type)).toBe(typeof value === 'number');
});
