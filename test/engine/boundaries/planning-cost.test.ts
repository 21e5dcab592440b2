/**
 * What planning and repairing cost on content that is made to be hard, counted in bytes, reads and steps of the
 * grammar: time would be the machine's.
 */
import { findBoundary } from '../../../src/engine/boundaries/boundary';
import { findChunks } from '../../../src/engine/boundaries/chunk-plan';
import { scanChunk } from '../../../src/engine/boundaries/scan-chunk';
import { Format } from '../../../src/engine/format/format';
import { OpenRuns } from '../../../src/engine/grammar/open-runs';
import { ByteSource } from '../../../src/engine/io/byte-source';
import { bytesSource, format, runChunked, runWhole } from '../support/engine-run';

const KIB = 1024;

function metered(source: ByteSource) {
  const cost = { reads: 0, bytes: 0 };
  const read = async (start: number, end: number) => {
    cost.reads++;
    cost.bytes += end - start;
    return source.read(start, end);
  };
  return { source: { size: source.size, read }, cost };
}

/** The format, with a count of the steps that anything takes through its table. */
function stepping(fmt: Format) {
  const cost = { steps: 0 };
  const table = new Proxy(fmt.grammar.table, {
    get: (target, key) => {
      cost.steps++;
      return target[key as unknown as number];
    },
  });
  return { fmt: { ...fmt, grammar: { ...fmt.grammar, table } }, cost };
}

const filled = (size: number, text: string) => Buffer.alloc(size, text);

/**
 * Lines each of which leaves a quote open, whatever is open before it: no run of the grammar ever comes to a record's
 * end.
 */
const EACH_LEAVES_A_QUOTE_OPEN = 'TX1","ACC2 and some text","USD\n';

const HOSTILE: ReadonlyArray<readonly [name: string, text: string]> = [
  ['quote-symmetric text', '",","\n'],
  ['lines of one delimiter in quotes', '","\n'],
  ['doubled quotes only', '""'],
  ['lines of doubled quotes', '""\n'],
  ['no quote at all', 'value one,value two\n'],
  ['no line end', 'value one,"value two",'],
  ['lines that each leave a quote open', EACH_LEAVES_A_QUOTE_OPEN],
  ['lines longer than a record may be', `${'x'.repeat(150 * KIB)}\n`],
  ['quoted fields of lines that look like records', `1,"${'2,y\n'.repeat(25 * KIB)}"\n`],
  ['quoted fields of lines that outgrow a record', `1,"${'2,y\n'.repeat(50 * KIB)}"\n`],
];

const MAX_RECORD_SIZE = 128 * KIB;

test.each(HOSTILE)('%s: a boundary costs at most as many bytes as the largest record, and a few steps for each', async (_, text) => {
  const { source, cost } = metered(bytesSource(filled(1024 * KIB, text)));
  const { fmt, cost: { steps: before }, cost: stepped } = stepping(format(['a', 'b'], { header: false }, MAX_RECORD_SIZE));
  await findBoundary(source, fmt, 300 * KIB);
  expect(cost.bytes).toBeLessThanOrEqual(MAX_RECORD_SIZE + 2);
  expect(cost.reads).toBeLessThanOrEqual(5);
  // Two or three runs of the grammar, then a look at each of two or three candidates.
  expect(stepped.steps - before).toBeLessThanOrEqual(8 * cost.bytes);
});

const MIB = 1024 * KIB;
const LARGE: ReadonlyArray<readonly [name: string, text: string]> = [
  ...HOSTILE,
  ['a long line, then lines that each leave a quote open', `${'x'.repeat(5 * MIB)}\n${EACH_LEAVES_A_QUOTE_OPEN.repeat(256 * KIB)}`],
  ['lines of quotes', `${'"'.repeat(5 * MIB)}\n`],
];

test.each(LARGE)('%s: of records of 16 MiB no more is followed and scored than of those of 1 MiB', async (_, text) => {
  const { source, cost } = metered(bytesSource(filled(24 * MIB, text)));
  const { fmt, cost: { steps: before }, cost: stepped } = stepping(format(['a', 'b'], { header: false }, 16 * MIB));
  await findBoundary(source, fmt, 3 * MIB);
  expect(cost.bytes).toBeLessThanOrEqual(16 * MIB + 4 * MIB);
  expect(stepped.steps - before).toBeLessThanOrEqual(8 * MIB);
});

test.each([
  ['LF', {}, '\n'],
  ['CRLF', { lineTerminator: '\r\n' }, '\r\n'],
  ['a lone CR', { lineTerminator: '\r' }, '\r'],
  ['CRLF where a CR ends lines too', { lineTerminator: '\r' }, '\r\n'],
] as const)('of records of megabytes, cut at %s, the chunks come to the same as the whole file', async (_, dialect, lineEnd) => {
  const fmt = format(['a', 'b'], { header: false, ...dialect }, 16 * MIB);
  const content = [1.6, 0.1, 2.3, 1.1].map((size) => `"${'ab'.repeat(size * MIB / 2)}","x"${lineEnd}`).join('').repeat(2);
  const { chunks, plan, repaired, ...chunked } = await runChunked(bytesSource(content), fmt, 1.5 * MIB);
  expect(chunked).toEqual(await runWhole(bytesSource(content), fmt));
  expect(plan.filter(({ boundary }) => boundary === 'guess').length).toBeGreaterThan(1);
  expect(repaired).toBe(0);
});

test.each([
  ['the default', 1024 * KIB, 5],
  ['a power of four KiB less a line end', 64 * KIB - 2, 3],
  ['smaller than what is read first', KIB, 1],
])('a limit on records that is %s is reached without a request for a few bytes more', async (_, maxRecordSize, requests) => {
  const { source, cost } = metered(bytesSource(filled(2048 * KIB, '"",')));
  await findBoundary(source, format(['a', 'b'], { header: false }, maxRecordSize), 300 * KIB);
  expect(cost).toEqual({ reads: requests, bytes: maxRecordSize + 2 });
});

test.each(HOSTILE)('%s: planning reads no more than the file, and each chunk scans its own bytes a few times', async (_, text) => {
  const chunkSize = 2 * MAX_RECORD_SIZE;
  const { source, cost } = metered(bytesSource(filled(8 * chunkSize, text)));
  const fmt = format(['a', 'b'], { header: false }, MAX_RECORD_SIZE);
  const plan = await findChunks(source, fmt, { dataStart: 0, chunkSize, maxChunks: 10_000, concurrency: 4 });
  expect(cost.bytes).toBeLessThanOrEqual(source.size);
  for (const chunk of plan) {
    cost.bytes = 0;
    await scanChunk(source, fmt, chunk);
    // At most two of its candidates lead to different places for long. Each stretch ends within the largest record,
    // read in growing pieces.
    expect(cost.bytes).toBeLessThanOrEqual(2 * (chunk.end - chunk.start) + 14 * MAX_RECORD_SIZE);
  }
});

test('where no record ends within its limit, the file is cut at line ends all the same', async () => {
  const source = bytesSource(filled(1024 * KIB, EACH_LEAVES_A_QUOTE_OPEN));
  const fmt = format(['a', 'b', 'c'], { header: false }, MAX_RECORD_SIZE);
  const { chunks, plan, repaired, ...chunked } = await runChunked(source, fmt, 2 * MAX_RECORD_SIZE);
  expect(plan).toHaveLength(4);
  expect(repaired).toBe(0);
  expect(chunked).toEqual(await runWhole(source, fmt));
});

test('a quote that stays open over many lines leaves a note for each few of them: a 16 MiB record has more lines than a Map holds', () => {
  const bytes = Buffer.from(`"${'\n'.repeat(64 * KIB)}`);
  const notes = jest.spyOn(Map.prototype, 'set');
  const fate = new OpenRuns(format(['a']).grammar, 0).follow(bytes, 0, 0, bytes.length, true, MAX_RECORD_SIZE);
  const count = notes.mock.calls.length;
  notes.mockRestore();
  expect(fate).toBe('open');
  expect(count).toBeLessThanOrEqual(bytes.length / 32 + 1);
});
