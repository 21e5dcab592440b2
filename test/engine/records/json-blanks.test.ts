import * as fc from 'fast-check';
import { compileFormat } from '../../../src/engine/format/format';
import { bytesSource, runChunk, runChunked } from '../support/engine-run';
import { Settings } from '../support/every-way';
import { fuzz, FUZZ_TIMEOUT_MS } from '../support/fuzz';

/**
 * Blanks around a JSON value are no part of it (RFC 8259), however many there are: only what is between them has a
 * size.
 */

const MOST = 20;
const READ_SIZES = [1, 3, 19, 40, 4096];
const settings: Settings = { schema: { fields: [{ name: 'a' }] }, recordFormat: 'json' };

interface Expected {
  output: string;
  rejects: Array<{ line: number; byteOffset: number; code: string; record: string }>;
  blankLines: number;
  recordsRead: number;
}

/** What becomes of lines that hold at most one element between blanks, found without the engine's walk. */
function expectedOf(text: string): Expected {
  const expected: Expected = { output: '', rejects: [], blankLines: 0, recordsRead: 0 };
  const lines = text.split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  let start = 0;
  lines.forEach((line, index) => {
    const record = line.replace(/^[ \t\r]+|[ \t\r]+$/g, '');
    if (record === '') {
      expected.blankLines++;
    } else {
      expected.recordsRead++;
      const isTooLarge = record.length > MOST;
      if (isTooLarge || !record.startsWith('{')) {
        expected.rejects.push({ line: index + 1, byteOffset: start + line.indexOf(record), code: isTooLarge ? 'record_size' : 'type', record });
      } else {
        expected.output += `${record}\n`;
      }
    }
    start += line.length + 1;
  });
  return expected;
}

async function expectSame(text: string, chunkSizes: readonly number[]): Promise<void> {
  const source = bytesSource(text);
  const format = compileFormat({ dialect: {}, maxRecordSize: MOST, ...settings });
  const expected = expectedOf(text);
  for (const readSize of READ_SIZES) {
    const { output, rejects, result } = await runChunk(source, format, { start: 0, end: source.size }, { readSize });
    const { blankLines, recordsRead } = result;
    expect({ output, rejects: rejects.map((reject) => ({ ...reject, line: reject.line + 1 })), blankLines, recordsRead }).toEqual(expected);
  }
  for (const chunkSize of chunkSizes) {
    const { repaired, ...outcome } = await runChunked(source, format, chunkSize, undefined, { readSize: 7 });
    expect(outcome).toMatchObject(expected);
    expect(repaired).toBe(0);
  }
}

const GAP = ' \t\r'.repeat(40);
const RECORD = '{"a":"1234567890"}';

test.each<[string, string]>([
  ['before a record', `${GAP}${RECORD}\n${RECORD}\n`],
  ['after it', `${RECORD}${GAP}\n${RECORD}\n`],
  ['at the file\'s end', `${RECORD}\n${RECORD}${GAP}`],
  ['around it', `${GAP}${RECORD}${GAP}\r\n${RECORD}`],
  ['on a line of nothing else', `${RECORD}\n${GAP}\r\n${RECORD}\n${GAP}`],
  ['in a file of nothing else', GAP],
  ['around a record that is refused', `${RECORD}\n${GAP}[1]${GAP}\n${RECORD}`],
  ['around one that is too large', `${RECORD}\n${GAP}{"a":"12345678901234567890"}${GAP}\n${RECORD}`],
  ['around two, which are too large as one', `${GAP}${RECORD}${GAP}${RECORD}${GAP}\n${RECORD}`],
])('more blanks than a record may have bytes, %s', async (_, text) => {
  await expectSame(text, [1, 10, 50, 100, 1000]);
});

test('any lines come out the same at every size of chunks and reads', async () => {
  const element = fc.constantFrom('', RECORD, '{"a":"x"}', '[1]', '12345678901234567890', '123456789012345678901', `${RECORD}   x`);
  const gap = fc.constantFrom('', ' ', '\t', '\r', GAP.slice(0, 17), GAP.slice(0, 22), GAP);
  const line = fc.tuple(gap, element, gap).map((parts) => parts.join(''));
  const text = fc.tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('', '\n')).map(([lines, end]) => lines.join('\n') + end);
  await fc.assert(fc.asyncProperty(text, fc.integer({ min: 1, max: 200 }), async (content, chunkSize) => {
    await expectSame(content, [chunkSize]);
  }), fuzz(300, 'content', 'chunkSize'));
}, FUZZ_TIMEOUT_MS);

test('megabytes of them are passed piece by piece', async () => {
  const format = compileFormat({ dialect: {}, maxRecordSize: 1000, ...settings });
  const size = 64 * 1024 * 1024;
  const blanks = Buffer.alloc(1024 * 1024, ' ');
  // A record amid blanks, which are nowhere held as a whole.
  const record = Buffer.from(RECORD);
  const at = size / 2;
  const source = {
    size,
    read: async (start: number, end: number) => {
      const bytes = end - start <= blanks.length ? blanks.subarray(0, end - start) : Buffer.alloc(end - start, ' ');
      if (start > at || end < at + record.length) return bytes;
      const copy = Buffer.from(bytes);
      record.copy(copy, at - start);
      return copy;
    },
  };
  const { output, result } = await runChunk(source, format, { start: 0, end: size });
  expect({ output, lines: result.lines }).toEqual({ output: `${RECORD}\n`, lines: 1 });
});
