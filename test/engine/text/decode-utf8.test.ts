import { decodeUtf8 } from '../../../src/engine/text/decode-utf8';

describe('decodeUtf8', () => {
  const LAST = 0x10ffff;
  const isSurrogate = (codePoint: number) => codePoint >= 0xd800 && codePoint <= 0xdfff;

  test('decodes every character', () => {
    const wrong: number[] = [];
    for (let codePoint = 0; codePoint <= LAST; codePoint++) {
      if (isSurrogate(codePoint)) continue;
      const char = String.fromCodePoint(codePoint);
      const bytes = Buffer.from(char);
      if (decodeUtf8(bytes, 0, bytes.length) !== char) wrong.push(codePoint);
    }
    expect(wrong).toEqual([]);
  });

  test('decodes no more than what it is asked for', () => {
    const bytes = Buffer.from('a€😀é');
    expect(decodeUtf8(bytes, 1, 8)).toBe('€😀');
    expect(decodeUtf8(bytes, 4, 4)).toBe('');
  });

  test('a text of any length, and a short one after it', () => {
    const long = 'naïve 日本 😀 '.repeat(100_000);
    const bytes = Buffer.from(long);
    expect(decodeUtf8(bytes, 0, bytes.length)).toBe(long);
    expect(decodeUtf8(bytes, 0, 6)).toBe('naïve');
  });

  test.each([-1, 0, 1])('a text of 64 KiB and %d bytes', (more) => {
    const text = 'a'.repeat(64 * 1024 + more - 6) + 'é😀';
    const bytes = Buffer.from(text);
    expect(bytes).toHaveLength(64 * 1024 + more);
    expect(decodeUtf8(bytes, 0, bytes.length)).toBe(text);
  });

  test('a long text leaves no memory behind', () => {
    const bytes = Buffer.alloc(16 * 1024 * 1024, 'é');
    const before = process.memoryUsage().arrayBuffers;
    decodeUtf8(bytes, 0, bytes.length);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  });
});
