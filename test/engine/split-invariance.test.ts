import * as fc from 'fast-check';
import { bytesSource, format, runChunked, runWhole } from './engine-run';
import { ByteSource } from '../../src/engine/byte-source';
import { planChunks } from '../../src/engine/chunk-plan';
import { Dialect } from '../../src/engine/dialect';
import { Format } from '../../src/engine/format';
import { walkRecords } from '../../src/engine/walk-records';

/** `FUZZ_RUNS=100 npx jest split` runs a hundred times as many; fast-check prints the seed of a failure. */
const LONGER = Number(process.env.FUZZ_RUNS ?? 1);

/** Dialects that differ in what a byte can mean. */
const dialects = fc.record({
  delimiter: fc.constantFrom(',', ';', '||', 'aab', '¦'),
  quoteChar: fc.constantFrom<Array<string | null>>('"', "'", null),
  doubleQuote: fc.boolean(),
  escapeChar: fc.constantFrom<Array<string | null>>(null, '\\'),
  header: fc.boolean(),
  commentChar: fc.constantFrom<Array<string | null>>(null, '#'),
  skipInitialSpace: fc.boolean(),
  lineTerminator: fc.constantFrom('\n', '\r'),
}) satisfies fc.Arbitrary<Dialect>;

/** Content in which every special character is frequent. */
function contents(dialect: Dialect, length: number) {
  const pieces = [dialect.delimiter!, dialect.quoteChar ?? '"', '"', '""', '\n', '\r\n', '\r', '\\', '#', '|', 'a', 'b', ' ', 'é', 'x,y', '\ufeff'];
  return fc.array(fc.constantFrom(...pieces), { maxLength: length }).map((parts) => parts.join(''));
}

const cases = (length: number) => dialects.chain((dialect) => fc.tuple(
  fc.constant(dialect), contents(dialect, length), fc.integer({ min: 1, max: 60 }), fc.constantFrom(8, 30, 1000)));

test('any content in any dialect comes out the same at every chunk size, and the chunks tile the file', async () => {
  await fc.assert(fc.asyncProperty(cases(150), async ([dialect, content, chunkSize, maxRecordSize]) => {
    const source = bytesSource(content);
    const fmt = format(['p', 'q'], dialect, maxRecordSize);
    const whole = await runWhole(source, fmt);
    const { chunks, plan, repaired, ...chunked } = await runChunked(source, fmt, chunkSize);
    expect(chunked).toEqual(whole);
    expect(whole.recordsRead).toBe(whole.recordsWritten + whole.recordsRejected);
    expect(plan[0].start).toBe(0);
    plan.forEach((chunk, index) => expect(chunk.end).toBe(plan[index + 1]?.start ?? source.size));
  }), { numRuns: 2000 * LONGER });
}, 60_000 * LONGER);

test('chunks cut at wrong places are found and repaired, whatever the cuts', async () => {
  const withCuts = cases(150).chain(([dialect, content, , maxRecordSize]) => fc.tuple(
    fc.constant({ ...dialect, header: false }), fc.constant(content), fc.constant(maxRecordSize),
    fc.uniqueArray(fc.integer({ min: 4, max: Math.max(Buffer.byteLength(content) - 1, 4) }), { maxLength: 8 })));
  await fc.assert(fc.asyncProperty(withCuts, async ([dialect, content, maxRecordSize, cuts]) => {
    const source = bytesSource(content);
    const fmt = format(['p', 'q'], dialect, maxRecordSize);
    const starts = [0, ...cuts.filter((cut) => cut < source.size).sort((a, b) => a - b)];
    const plan = starts.map((start, index) => ({ start, end: starts[index + 1] ?? source.size, boundary: 'guess' as const }));
    const { chunks, plan: _, repaired, ...chunked } = await runChunked(source, fmt, 0, plan);
    expect(chunked).toEqual(await runWhole(source, fmt));
  }), { numRuns: 2000 * LONGER });
}, 60_000 * LONGER);

test('records of every size come out the same where windows and blocks of the reader end', async () => {
  // Longer than the slices in which the reader works, so that records lie across their ends.
  let seed = Date.now() % 2_147_483_647;
  const random = (limit: number) => (seed = (seed * 48_271) % 2_147_483_647) % limit;
  const first = seed;
  const records = Array.from({ length: 400 }, () => {
    const text = 'x\n,""é'.repeat(random(random(10) === 0 ? 40_000 : 300));
    return random(2) === 0 ? `"${text}",y\r\n` : `${'z'.repeat(text.length)},"y"\n`;
  });
  const source = bytesSource('p,q\n' + records.join(''));
  const fmt = format(['p', 'q'], {}, 400_000);
  const whole = await runWhole(source, fmt);
  expect({ seed: first, read: whole.recordsRead }).toEqual({ seed: first, read: whole.recordsWritten + whole.recordsRejected });
  for (const chunkSize of [65_536, 300_001, 1_048_576, 3_000_000]) {
    const { chunks, plan, repaired, ...chunked } = await runChunked(source, fmt, chunkSize);
    expect({ seed: first, same: chunked.output === whole.output, rejects: chunked.rejects.length })
      .toEqual({ seed: first, same: true, rejects: whole.rejects.length });
  }
}, 60_000);

/** The boundaries that the planner calls exact although no record begins there. */
async function falseBoundaries(source: ByteSource, fmt: Format, chunkSize: number): Promise<number[]> {
  const plan = await planChunks(source, fmt, { chunkSize, maxChunks: 10_000, concurrency: 4 });
  const wrong: number[] = [];
  for (const { start, boundary } of plan) {
    const { actualEnd } = await walkRecords(source, fmt, { start: 0, end: start }, { record: () => undefined, broken: () => undefined });
    if (boundary === 'exact' && start > 0 && actualEnd !== start) wrong.push(start);
  }
  return wrong;
}

test('a boundary that all states agree on is true, unless a broken record resets the parser', async () => {
  let checked = 0;
  await fc.assert(fc.asyncProperty(cases(150), async ([dialect, content, chunkSize]) => {
    const source = bytesSource(content);
    const fmt = format(['p', 'q'], dialect, 100_000);
    const { rejects } = await runWhole(source, fmt);
    if (rejects.some(({ code, column }) => code === 'quote' && column === undefined)) return;
    checked++;
    expect(await falseBoundaries(source, fmt, chunkSize)).toEqual([]);
  }), { numRuns: 1000 * LONGER });
  expect(checked).toBeGreaterThan(300 * LONGER);
}, 60_000 * LONGER);

test('without a quote character the first line end is exact', async () => {
  const plan = await planChunks(bytesSource('a,b\n'.repeat(1000)), format(['p', 'q'], { quoteChar: null }), { chunkSize: 100, maxChunks: 10_000, concurrency: 4 });
  expect(plan.length).toBeGreaterThan(30);
  expect(plan.every(({ boundary }) => boundary === 'exact')).toBe(true);
});

/** Windows that begin in the middle of what only a complete DFA tells apart. */
test.each<[string, Dialect, string]>([
  ['the second byte of a delimiter', { delimiter: '||' }, '1||"\na"'],
  ['the second of two escape characters', { escapeChar: '\\' }, '"x\\\\""\n",'],
  ['inside a comment line', { commentChar: '#' }, '#a","\n"\n'],
])('a window that begins on %s does not lead to a false boundary', async (_, dialect, line) => {
  const source = bytesSource(`${line}\n`.repeat(50));
  const fmt = format(['p', 'q'], { header: false, ...dialect });
  const whole = await runWhole(source, fmt);
  for (let chunkSize = 1; chunkSize < 40; chunkSize++) {
    const { chunks, plan, repaired, ...chunked } = await runChunked(source, fmt, chunkSize);
    expect(chunked).toEqual(whole);
    expect(await falseBoundaries(source, fmt, chunkSize)).toEqual([]);
  }
});
