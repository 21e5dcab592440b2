import { encodingOfLabel, isTranscoded, LEGACY_ENCODINGS, TEXT_ENCODINGS } from '../../src/spec/text-encodings';

test.each<[string, string]>([
  ['UTF-8', 'utf-8'], ['utf8', 'utf-8'], ['utf-16', 'utf-16le'], ['Shift_JIS', 'shift_jis'], ['sjis', 'shift_jis'], ['windows-31j', 'shift_jis'],
  ['cp1251', 'windows-1251'], ['cp1252', 'windows-1252'], ['Windows-1252', 'windows-1252'], ['l9', 'iso-8859-15'], ['GB2312', 'gbk'],
  ['ks_c_5601-1987', 'euc-kr'], ['iso-8859-9', 'windows-1254'], ['latin5', 'windows-1254'], ['tis-620', 'windows-874'], ['ISO-8859-1', 'iso-8859-1'],
])('%s is %s', (label, name) => {
  expect(encodingOfLabel(label)).toBe(name);
});

test.each(['', 'latin1', 'l1', 'ascii', 'us-ascii', 'iso8859-1', 'utf-7', 'utf-32', 'ebcdic', 'replacement', 'hz-gb-2312', 'x-user-defined', 'toString', 'cp1252x'])(
  '%j is none, or may be two', (label) => {
    expect(encodingOfLabel(label)).toBeUndefined();
  });

test('all are those that TextDecoder knows by the same name, but for the one that Node.js 20 does not', () => {
  for (const name of Object.keys(LEGACY_ENCODINGS).filter((each) => each !== 'iso-8859-16')) expect(new TextDecoder(name).encoding).toBe(name);
  expect(TEXT_ENCODINGS.filter((name) => !isTranscoded(name))).toEqual(['utf-8', 'iso-8859-1', 'windows-1252']);
});
