import fc from 'fast-check';
import { stagedText } from './bytes';

const TEXT = '\ufeffid,text\r\n1,"Zürich, 東京"\r\n2,😀😁\r\n3,\u0000\uffff\u2028\n';

function encoded(text: string, encoding: 'utf-16le' | 'utf-16be'): Buffer {
  const bytes = Buffer.from(text, 'utf16le');
  return encoding === 'utf-16le' ? bytes : bytes.swap16();
}

describe.each(['utf-16le', 'utf-16be'] as const)('%s', (encoding) => {
  const staged = async (bytes: Buffer, blockSize: number) => stagedText(bytes, { encoding }, { blockSize, inFlight: 2 });

  test('becomes UTF-8, cut at any byte', async () => {
    for (let blockSize = 1; blockSize <= TEXT.length * 2; blockSize++) {
      expect((await staged(encoded(TEXT, encoding), blockSize)).toString()).toBe(TEXT);
    }
  });

  test.each<[string, string, string]>([
    ['a high surrogate before other text', 'a\ud83db\n', '61eda0bd620a'],
    ['a low surrogate', 'a\ude00b\n', '61edb880620a'],
    ['two high surrogates, the second of a pair', '\ud83d\ud83d\ude00', 'eda0bdf09f9880'],
    ['a pair the wrong way round', '\ude00\ud83d', 'edb880eda0bd'],
    ['a high surrogate at the end', 'a\ud83d', '61eda0bd'],
  ])('%s becomes bytes that are not UTF-8, and nothing else does', async (_, text, hex) => {
    for (let blockSize = 1; blockSize <= 9; blockSize++) {
      expect((await staged(encoded(text, encoding), blockSize)).toString('hex')).toBe(hex);
    }
  });

  test('an odd last byte becomes 0xFF', async () => {
    for (const text of ['', 'a\n', 'a\ud83d']) {
      const whole = (await staged(encoded(text, encoding), 3)).toString('hex');
      for (let blockSize = 1; blockSize <= 5; blockSize++) {
        expect((await staged(Buffer.concat([encoded(text, encoding), Buffer.from([0x41])]), blockSize)).toString('hex')).toBe(`${whole}ff`);
      }
    }
  });

  test('of any text is what Node.js makes of it', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 1, max: 40 }), async (text, blockSize) => {
      expect((await staged(encoded(text, encoding), blockSize)).equals(Buffer.from(text))).toBe(true);
    }));
  });

  test('of any code units has each half of a pair as its three bytes, and all else as Node.js has it', async () => {
    const units = fc.array(fc.constantFrom('a', 'é', '東', '😀', '\ud83d', '\ude00', '\ud800', '\udfff', '\uffff'), { maxLength: 30 }).map((all) => all.join(''));
    await fc.assert(fc.asyncProperty(units, fc.integer({ min: 1, max: 40 }), async (text, blockSize) => {
      const expected = Buffer.concat(Array.from(text, (character) => {
        const unit = character.charCodeAt(0);
        const isHalf = character.length === 1 && unit >= 0xd800 && unit <= 0xdfff;
        return isHalf ? Buffer.of(0xed, 0x80 + Math.floor(unit / 0x40) % 0x40, 0x80 + unit % 0x40) : Buffer.from(character);
      }));
      expect((await staged(encoded(text, encoding), blockSize)).toString('hex')).toBe(expected.toString('hex'));
    }));
  });

  test('the source\'s bytes stay as they are', async () => {
    const bytes = encoded(TEXT, encoding);
    const before = Buffer.from(bytes);
    await staged(bytes, 1000);
    expect(bytes.equals(before)).toBe(true);
  });
});
