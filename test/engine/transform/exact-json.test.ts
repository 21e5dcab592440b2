import { NoJson, parseExact, printExact } from '../../../src/engine/transform/exact-json';

type Given = Record<string, unknown>;

const read = (json: string) => parseExact(json) as Given;

test('numbers that a double holds are numbers; other integers are bigints, other numbers are strings', () => {
  expect(parseExact('[1,-1.50,1E2,9007199254740991,9007199254740993,0.12345678901234567890,1e400,1e999999999]'))
    .toEqual([1, -1.5, 100, 9007199254740991, 9007199254740993n, '0.12345678901234567890', '1e400', '1e999999999']);
});

test('all else is what JSON.parse makes of it', () => {
  const json = '{"a":"\\u00e9\\"\\\\","2":[],"1":{"x":null,"x":[true,false,[{}]]},"__proto__":{"a":1},"":"]}"}';
  expect(parseExact(json)).toEqual(JSON.parse(json));
  expect(Object.keys(read(json))).toEqual(Object.keys(JSON.parse(json) as Given));
});

const WRITTEN = '{"b":1.10,"2":[1E2,{"n":-0},"\\u00e9"],"big":12345678901234567890,"h":1e400}';

test.each<[string, (given: Given) => Given, string]>([
  ['nothing', (given) => given, WRITTEN],
  ['a value', (given) => Object.assign(given, { b: 1.25 }), WRITTEN.replace('1.10', '1.25')],
  ['a value for one that is equal', (given) => Object.assign(given, { b: 1.1 }), WRITTEN],
  ['a nested value', (given) => { ((given['2'] as unknown[])[1] as Given).n = 5n; return given; }, WRITTEN.replace('-0', '5')],
  ['a new key', (given) => Object.assign(given, { 1: 'x' }), WRITTEN.replace(/\}$/, ',"1":"x"}')],
  ['a key less', ({ h, ...rest }) => rest, '{"2":[1E2,{"n":-0},"\\u00e9"],"b":1.1,"big":12345678901234567890}'],
  ['a deleted key', (given) => { delete given.b; return given; }, WRITTEN.replace('"b":1.10,', '')],
  ['undefined', (given) => Object.assign(given, { b: undefined }), WRITTEN.replace('"b":1.10,', '')],
  ['elements', (given) => { (given['2'] as unknown[]).unshift(undefined, null); return given; }, WRITTEN.replace('[1E2,', '[null,null,100,').replace('\\u00e9', 'é')],
  ['a date', () => ({ at: new Date(0) }), '{"at":"1970-01-01T00:00:00.000Z"}'],
  ['the same object twice', (given) => { const inner = (given['2'] as unknown[])[1]; return { x: inner, y: inner }; }, '{"x":{"n":-0},"y":{"n":-0}}'],
])('changing %s changes nothing else', (_, change, expected) => {
  expect(printExact(change(read(WRITTEN)))).toBe(expected);
});

test('a key that came twice is written once when its value changes', () => {
  const json = '{"a":1,"b":2,"a":3}';
  expect(printExact(read(json))).toBe(json);
  expect(printExact(Object.assign(read(json), { a: 4 }))).toBe('{"b":2,"a":4}');
});

test.each<[string, () => unknown, string]>([
  ['NaN', () => NaN, 'NaN'],
  ['infinity', () => -Infinity, '-Infinity'],
  ['a function', () => () => 1, 'a function'],
  ['a map', () => new Map(), 'an object of class Map'],
  ['a cycle', () => { const cycle: unknown[] = []; cycle.push({ cycle }); return cycle; }, 'an object that holds itself'],
])('%s has no JSON', (_, value, got) => {
  expect(printExact({ a: [value()] })).toEqual(new NoJson(got));
});
