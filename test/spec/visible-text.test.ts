import { visible, visibleJson, withoutInvisible } from '../../src/spec/visible-text';

test.each([
  ['Booking\u00a0Date', '"Booking\\u00a0Date"'],
  ['\ufeffid', '"\\ufeffid"'],
  ['i\u200bd', '"i\\u200bd"'],
  ['id\r', '"id\\r"'],
  ['a\tb\nc', '"a\\tb\\nc"'],
  ['\u202eabc\u2066', '"\\u202eabc\\u2066"'],
  ['12\u202f500', '"12\\u202f500"'],
  ['\u3000全角', '"\\u3000全角"'],
  ['\u007f\u0085\u009b', '"\\u007f\\u0085\\u009b"'],
  ['\u2028\u2029', '"\\u2028\\u2029"'],
  ['a\u00adb\u034fc\ufe0fd\u3164', '"a\\u00adb\\u034fc\\ufe0fd\\u3164"'],
  ['\u{e0061}', '"\\udb40\\udc61"'],
  ['\ud83d', '"\\ud83d"'],
  ['\0', '"\\u0000"'],
])('what cannot be seen is an escape: %j', (text, shown) => {
  expect(visibleJson(text)).toBe(shown);
  expect(JSON.parse(shown)).toBe(text);
  expect(visible(text)).toBe(shown.slice(1, -1));
});

test.each(['Booking Date', ' two  blanks ', 'Größe', '東京', 'المبلغ', 'סכום', 'राशि', 'จำนวน', '金額（円）', '😀', '–½€'])('%s stays as it is', (text) => {
  expect(visible(text)).toBe(text);
  expect(visibleJson(text)).toBe(`"${text}"`);
});

test('any value is shown, also within lists and objects', () => {
  expect(visibleJson({ 'a\u00a0': ['\u200b', 1, null] })).toBe('{"a\\u00a0":["\\u200b",1,null]}');
  expect(visibleJson(undefined)).toBe('undefined');
});

test('texts that look alike become one', () => {
  expect(['\ufeffBooking Date', 'Booking\u00a0Date', ' Booking\u2003 Date\r', 'Book\u200bing Date'].map(withoutInvisible))
    .toEqual(Array(4).fill('Booking Date'));
  expect(withoutInvisible('gro\u0308\u00dfe')).toBe('größe');
});

test.each([
  ['gro\u0308\u00dfe', 'gro\\u0308ße'],
  ['größe', 'größe'],
  ['café cafe\u0301', 'café cafe\\u0301'],
  ['हिन्दी', 'हिन्दी'],
  ['ภาษาไทย', 'ภาษาไทย'],
  ['x\u0301', 'x\u0301'],
])('a mark that is apart from its letter, though both could be one character, is shown: %j', (text, shown) => {
  expect(visible(text)).toBe(shown);
});
