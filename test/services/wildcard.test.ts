import { matchesWildcard } from '../../src/services/wildcard';

test.each([
  ['incoming/a.csv', 'incoming/a.csv'],
  ['incoming/*.csv', 'incoming/.csv'],
  ['incoming/*.csv', 'incoming/2026/11/a.csv'],
  ['*', ''],
  ['a*b*c', 'abc'],
  ['a*b*c', 'a-b-b-c-c'],
  ['*-eu-*.csv', 'x-eu-1.csv'],
  ['a.+[b]*', 'a.+[b]c'],
])('%s stands for %s', (pattern, text) => {
  expect(matchesWildcard(pattern, text)).toBe(true);
});

test.each([
  ['incoming/a.csv', 'incoming/b.csv'],
  ['incoming/*.csv', 'incoming/a.json'],
  ['incoming/*.csv', 'other/incoming/a.csv'],
  ['ab*ba', 'aba'],
  ['a*b*b', 'ab'],
  ['*x*y', 'yx'],
  ['a.c', 'abc'],
])('%s does not stand for %s', (pattern, text) => {
  expect(matchesWildcard(pattern, text)).toBe(false);
});

test('takes no longer for many of them', () => {
  expect(matchesWildcard('*a'.repeat(50) + '*b', 'a'.repeat(10_000))).toBe(false);
});
