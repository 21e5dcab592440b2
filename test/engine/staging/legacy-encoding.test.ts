import { createHash } from 'node:crypto';
import { TextDecoder } from 'node:util';
import { inPieces, joined, stagedText } from './bytes';
import { legacyToUtf8 } from '../../../src/engine/staging/legacy-encoding';
import { LEGACY_ENCODINGS, LegacyEncodingName } from '../../../src/spec/text-encodings';
import { runEveryWay } from '../support/every-way';

/** Node.js 20 does not know the other one. */
const KNOWN = (Object.keys(LEGACY_ENCODINGS) as LegacyEncodingName[]).filter((name) => name !== 'iso-8859-16');
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const transcode = async (bytes: Buffer, encoding: LegacyEncodingName, size = 7) => joined(legacyToUtf8(inPieces(bytes, size), encoding));

describe('becomes the same text as UTF-8, wherever the pieces end', () => {
  test.each<[LegacyEncodingName, Buffer, string]>([
    ['windows-1251', latin1('\xcf\xf0\xe8\xe2\xe5\xf2,1\r\n'), 'Привет,1\r\n'],
    ['iso-8859-15', latin1('caf\xe9,\xa4 5\n'), 'café,€ 5\n'],
    ['windows-1250', latin1('\x8e\xfdr,1\n'), 'Žýr,1\n'],
    ['koi8-r', latin1('\xf0\xd2\xc9\xd7\xc5\xd4,1\n'), 'Привет,1\n'],
    ['ibm866', latin1('\x8f\xe0\xa8,1\n'), 'При,1\n'],
    ['macintosh', latin1('caf\x8e,1\rb,2\r'), 'café,1\rb,2\r'],
    ['shift_jis', latin1('\x93\xfa\x96{,\x83\\,\xb1\n'), '日本,ソ,ｱ\n'],
    ['euc-jp', latin1('\xc6\xfc\xcb\xdc,1\n'), '日本,1\n'],
    ['iso-2022-jp', latin1('\x1b$BF|K\\\x1b(B,1\n\x1b$B",\x1b(B,2\n'), '日本,1\n↑,2\n'],
    ['gbk', latin1('\xd6\xd0\x81|,\x80\n'), '中亅,€\n'],
    ['gb18030', latin1('\xd6\xd0,\x810\x860,\x820\x816,\x949\xda3\n'), '中,«,㒩,💩\n'.replace('«', '\u0086').replace('㒩', '\u9fa6')],
    // Characters for private use are some of these encodings' own.
    ['shift_jis', latin1('\xf0@,1\n'), '\ue000,1\n'],
    ['macintosh', latin1('\xf0,1\n'), '\uf8ff,1\n'],
    ['big5', latin1('\xa4\xa4\xa4\xe5,\xae|\n'), '中文,徑\n'],
    ['euc-kr', latin1('\xc7\xd1\xb1\xdb,1\n'), '한글,1\n'],
  ])('%s', async (encoding, bytes, text) => {
    const expected = encoding === 'gb18030' ? new TextDecoder(encoding).decode(bytes) : text;
    const long = Buffer.concat(Array.from({ length: 40 }, () => bytes));
    for (const size of [1, 2, 3, 7, 64, 100_000]) expect((await transcode(long, encoding, size)).toString()).toBe(expected.repeat(40));
    expect((await stagedText(long, { encoding })).toString()).toBe(expected.repeat(40));
  });

  test.each(KNOWN)('every ASCII character of %s is itself', async (encoding) => {
    const stateful = encoding === 'iso-2022-jp' ? [0x0e, 0x0f, 0x1b] : [];
    const bytes = Buffer.from(Array.from({ length: 128 }, (_, byte) => byte).filter((byte) => !stateful.includes(byte)));
    expect(await transcode(bytes, encoding)).toEqual(bytes);
  });
});

describe('bytes that are no characters reject their record, and no other', () => {
  const schema = { fields: [{ name: 'a' }, { name: 'b' }] };

  test.each<[LegacyEncodingName, string, string]>([
    ['windows-1253', 'a,\xd2', 'Windows-1253'],
    ['shift_jis', 'a,\x81', 'Shift_JIS'],
    ['shift_jis', 'a,\x82|\xfd', 'Shift_JIS'],
    ['gb18030', 'a,\x810', 'GB18030'],
    ['gb18030', 'a,\x810\x81', 'GB18030'],
    ['gbk', 'a,\xff', 'GBK'],
    ['big5', 'a,\xa4', 'Big5'],
    ['big5', 'a,\x81@', 'Big5'],
    ['big5', 'a,\xff', 'Big5'],
    ['windows-874', 'a,\xdb', 'Windows-874'],
    ['euc-kr', 'a,\xc9\xa1', 'EUC-KR'],
    ['euc-kr', 'a,\xc7', 'EUC-KR'],
    ['euc-jp', 'a,\x8f\xa1', 'EUC-JP'],
    ['iso-2022-jp', 'a,\x1b$BF|K', 'ISO-2022-JP'],
    ['iso-2022-jp', 'a,\x1bx', 'ISO-2022-JP'],
  ])('%s: %j', async (encoding, line, name) => {
    for (const lineEnd of ['\n', '\r\n']) {
      const file = latin1(['a,b', 'x,1', line, 'y,2', line, 'z,3', ''].join(lineEnd));
      for (const size of [1, 3, 1000]) {
        const { lines, rejects } = await runEveryWay(await transcode(file, encoding, size), { schema, transcodedFrom: encoding });
        expect(lines).toEqual(['{"a":"x","b":"1"}', '{"a":"y","b":"2"}', '{"a":"z","b":"3"}']);
        expect(rejects.map(([told]) => told)).toEqual(Array(2).fill(`encoding b: a field must be valid ${name}, this one has other bytes`));
      }
    }
  });

  test('a double-byte text that is not closed ends with its line', async () => {
    expect((await transcode(latin1('\x1b$BF|\nb,1\n'), 'iso-2022-jp')).toString()).toBe('日\nb,1\n');
  });

  test.each(KNOWN)('%s: of any bytes as many lines are made, none with U+FFFD, and the sound ones stay as they are', async (encoding) => {
    const noise = Buffer.concat(Array.from({ length: 60 }, (_, index) => Buffer.concat([
      createHash('sha512').update(encoding + String(index)).digest().subarray(0, index % 40).map((byte) => byte === 0x0d || byte === 0x0a ? 0x2c : byte),
      latin1(`\nsound,${index}\n`),
    ])));
    const text = await transcode(noise, encoding, 1000);
    expect(await transcode(noise, encoding, 1)).toEqual(text);
    const lines = text.toString('latin1').split('\n');
    expect(lines.filter((line) => line.startsWith('sound,'))).toEqual(Array.from({ length: 60 }, (_, index) => `sound,${index}`));
    expect(lines).toHaveLength(121);
    expect(text.includes('\ufffd')).toBe(false);
  });
});

test('a line that is longer than any record is broken, and the next one is sound', async () => {
  const long = Buffer.alloc(70 * 1024 * 1024, '\x93\xfa', 'latin1');
  let broken = 0;
  let last = Buffer.alloc(0);
  for await (const piece of legacyToUtf8(inPieces(Buffer.concat([long, latin1('\nsound\n')]), 8 * 1024 * 1024), 'shift_jis')) {
    broken += Number(piece.includes(0xff));
    last = Buffer.concat([last, piece]).subarray(-6);
  }
  expect(broken).toBeGreaterThan(0);
  expect(last.toString()).toBe('sound\n');
});
