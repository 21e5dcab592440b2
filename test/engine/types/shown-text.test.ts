import { message } from './convert';

test.each<[Parameters<typeof message>[0], string, string]>([
  [{ type: 'integer' }, '1\u00a0234', 'expected an integer, got "1\\u00a0234"'],
  [{ type: 'date' }, '2024-05-01\u200b', 'got "2024-05-01\\u200b"'],
  [{ type: 'boolean', trueValues: ['ja\u00a0'] }, 'ja', '"ja\\u00a0"'],
  [{ type: 'number', groupChar: '\u202f' }, '1 000', 'groupChar "\\u202f", got "1 000"'],
  [{ constraints: { enum: ['a\u00ad'] } }, 'a', '"a\\u00ad"'],
  [{ constraints: { maxLength: 1 } }, '\u202eab\r', 'got "\\u202eab\\r"'],
  [{ type: 'date', format: '%d\u00a0%m\u00a0%Y' }, '1 5 2024', '%d\\u00a0%m\\u00a0%Y, got "1 5 2024"'],
])('a message shows what cannot be seen: %j', (field, text, shown) => {
  expect(message(field, text)).toContain(shown);
});
