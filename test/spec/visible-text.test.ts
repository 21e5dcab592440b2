import { shortened, visible, visibleBeginning, visibleDocument, visibleJson, withoutInvisible } from '../../src/spec/visible-text';

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

test('a text of any length, and of any number of marks, takes the time of its length', () => {
  // To bring 200,000 marks into their order takes a minute, and a letter in front of each of 20,000 marks took ten seconds.
  const marks = '\u0301'.repeat(100_000) + '\u0316'.repeat(100_000);
  expect(visible(`a${marks}`).startsWith(`a\\u0301${'\u0301'.repeat(29)}\\u0301\\u0301`)).toBe(true);
  expect(visible('e\u0301'.repeat(100_000))).toBe('e\\u0301'.repeat(100_000));
  expect(withoutInvisible(` a${marks}`)).toBe(`a${marks}`);
});

test('a beginning is one of whole characters, and says that there is more', () => {
  expect(shortened('ab😀cd', 6)).toBe('ab😀cd');
  expect(shortened('ab😀cd', 4)).toBe('ab😀…');
  expect(shortened('ab😀cd', 3)).toBe('ab…');
  expect(visibleBeginning('a\u001bb', 8)).toBe('a\\u001bb');
  expect(visibleBeginning('a\u001bb', 7)).toBe('a\\u001b…');
  expect(visibleBeginning('\u001b'.repeat(1_000_000), 6)).toBe('\\u001b…');
});

test('a document stays the JSON that it is', () => {
  const value = { 'a\u202e': ['\u001b[2J\n', '\u009b', { e: 'e\u0301', half: '\ud83d' }], 'n': 1 };
  const text = visibleDocument(value);
  expect(text).toMatch(/^\{\n {2}"a\\u202e": \[\n[\n -~]*\}\n$/);
  expect(JSON.parse(text)).toEqual(value);
});
