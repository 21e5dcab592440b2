import * as fc from 'fast-check';
import { convert } from './convert';

test('strings are escaped as JSON.stringify does', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    expect(convert({}, text, true)).toBe(JSON.stringify(text));
  }));
});

test.each(['a"b', 'a\\b', 'a\nb', '\u0000', '\u001f', '\u007f', '\u2028', '\ufeff', 'naïve', '日本', '😀', ' blanks stay '])('%j is escaped as JSON.stringify does', (text) => {
  expect(convert({ type: 'string' }, text)).toBe(JSON.stringify(text));
});

test.each([
  ['email', ['a@b.co', 'first.last+tag@sub.example.org', 'ü@ex.de'], ['a', 'a@b', '@b.co', 'a@', 'a b@c.de', 'a@@b.co', 'a@b..co', 'a@.co', 'a@b.co ']],
  ['uri', ['http://example.com/a?b=c#d', 'urn:isbn:0451450523', 'mailto:a@b.co', 'HTTP://x/%20'], ['example.com', '//x/y', 'http://a b', 'http://x/%2', 'http:', ':x', '1a:b', 'http://x/ü']],
  ['uuid', ['123e4567-e89b-12d3-a456-426614174000', '123E4567-E89B-12D3-A456-426614174000'], ['123e4567e89b12d3a456426614174000', '{123e4567-e89b-12d3-a456-426614174000}', '123e4567-e89b-12d3-a456-42661417400g']],
  ['binary', ['', 'QQ==', 'QUI=', 'QUJD'], ['QQ', 'QQ=', 'Q===', 'QU-_', 'QUJD\n']],
])('format %s', (format, right, wrong) => {
  for (const text of right) {
    expect(convert({ format }, text, true)).toBe(JSON.stringify(text));
  }
  for (const text of wrong) {
    expect(convert({ format }, text, true)).toBe('type');
  }
});

test('a value fits one of several formats', () => {
  const field = { formats: ['uuid', 'email'] };
  expect(convert(field, 'a@b.co')).toBe('"a@b.co"');
  expect(convert(field, 'a')).toBe('type');
  expect(convert({ formats: ['uuid', 'default'] }, 'a')).toBe('"a"');
});

test('a format that does not exist does not compile', () => {
  expect(() => convert({ format: 'hostname' }, '')).toThrow('field "field": format of a string must be one of default, any, email, uri, uuid, binary, got "hostname"');
  expect(() => convert({ format: 'toString' }, '')).toThrow('format of a string must be');
});
