import { convert, message } from './convert';

test.each(['true', 'True', 'TRUE', '1'])('%s is true', (text) => {
  expect(convert({ type: 'boolean' }, text)).toBe('true');
});

test.each(['false', 'False', 'FALSE', '0'])('%s is false', (text) => {
  expect(convert({ type: 'boolean' }, text)).toBe('false');
});

test.each(['yes', 'tRUE', ' true', '2', 't', 'toString', '__proto__'])('%j is neither', (text) => {
  expect(convert({ type: 'boolean' }, text)).toBe('type');
});

test('trueValues and falseValues replace the defaults', () => {
  const field = { type: 'boolean', trueValues: ['Y'], falseValues: ['N', ''] } as const;
  expect(convert(field, 'Y')).toBe('true');
  expect(convert(field, 'N')).toBe('false');
  expect(convert(field, '', true)).toBe('false');
  expect(convert(field, 'true')).toBe('type');
  expect(message(field, 'true')).toBe('expected a boolean ("Y", "N", ""), got "true"');
});
