import * as fc from 'fast-check';
import { findChunks } from '../../../src/engine/boundaries/chunk-plan';
import { Format } from '../../../src/engine/format/format';
import { State } from '../../../src/engine/grammar/grammar';
import { ByteSource } from '../../../src/engine/io/byte-source';
import { NO_VISITOR } from '../../../src/engine/records/record-visitor';
import { walkRecords } from '../../../src/engine/records/walk-records';
import { COUNTS, Counts } from '../../../src/spec/counts';
import { Dialect } from '../../../src/spec/dialect';
import { goTogether } from '../support/dialects';
import { bytesSource, dataStartOf, format, Outcome, runChunked, runWhole } from '../support/engine-run';
import { fuzz, FUZZ_TIMEOUT_MS, LONGER } from '../support/fuzz';

const KIB = 1024;

/** Whole numbers below a limit, the same for the same seed. */
function randomBelow(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => (state = (state * 48_271) % 2_147_483_647) % limit;
}

/** What differs first between two outcomes, in few words: megabytes of output are no message. */
function firstDifference(seen: Outcome, expected: Outcome): string | undefined {
  for (const name of Object.keys(COUNTS) as Array<keyof Counts>) {
    if (seen[name] !== expected[name]) return `${name}: ${seen[name]} instead of ${expected[name]}`;
  }
  const reject = expected.rejects.findIndex((each, index) => JSON.stringify(each) !== JSON.stringify(seen.rejects[index]));
  if (reject >= 0) return `reject ${reject}: ${JSON.stringify(seen.rejects[reject])} instead of ${JSON.stringify(expected.rejects[reject])}`;
  if (seen.output === expected.output) return undefined;
  const lines = seen.output.split('\n');
  const line = expected.output.split('\n').findIndex((each, index) => each !== lines[index]);
  return `line ${line} of the output: ${lines[line]}`;
}

const seldom = fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true));

/** Dialects that differ in what a byte can mean. */
const dialects = fc.record({
  delimiter: fc.constantFrom(',', ';', '||', 'aab', '¦'),
  quoteChar: fc.constantFrom<Array<string | null>>('"', "'", null),
  doubleQuote: fc.boolean(),
  escapeChar: fc.constantFrom<Array<string | null>>(null, '\\'),
  header: fc.boolean(),
  commentChar: fc.constantFrom<Array<string | null>>(null, '#'),
  skipInitialSpace: fc.boolean(),
  lineTerminator: fc.constantFrom(null, '\n', '\r\n', '\r'),
  escapeSequences: fc.constantFrom('literal' as const, 'mysql' as const, 'postgresql' as const),
  lazyQuotes: fc.boolean(),
  trailingDelimiter: seldom,
  allowShortRecords: seldom,
  allowLongRecords: seldom,
  skipBlankRecords: seldom,
  skipFooter: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 4 })),
  ctrlZ: seldom,
}).filter(goTogether) satisfies fc.Arbitrary<Dialect>;

/** Content in which every special character is frequent. */
function contents(dialect: Dialect, length: number) {
  const pieces = [dialect.delimiter!, dialect.quoteChar ?? '"', '"', '""', '\n', '\r\n', '\r', '\\', '#', '|', 'a', 'b', ' ', 'é', 'x,y', '\ufeff', '\x1a', 'n', '.', '1'];
  return fc.array(fc.constantFrom(...pieces), { maxLength: length }).map((parts) => parts.join(''));
}

const cases = (length: number) => dialects.chain((dialect) => fc.record({
  dialect: fc.constant(dialect),
  content: contents(dialect, length),
  chunkSize: fc.integer({ min: 1, max: 60 }),
  maxRecordSize: fc.constantFrom(8, 30, 1000),
}));

test('any content in any dialect comes out the same at every chunk size, and the chunks tile the file', async () => {
  await fc.assert(fc.asyncProperty(cases(150), async ({ dialect, content, chunkSize, maxRecordSize }) => {
    const source = bytesSource(content);
    const fmt = format(['p', 'q'], dialect, maxRecordSize);
    const whole = await runWhole(source, fmt);
    const { chunks, plan, repaired, ...chunked } = await runChunked(source, fmt, chunkSize);
    expect(chunked).toEqual(whole);
    expect(whole.recordsRead).toBe(whole.recordsWritten + whole.recordsRejected);
    expect(plan[0].start).toBe(0);
    plan.forEach((chunk, index) => expect(chunk.end).toBe(plan[index + 1]?.start ?? source.size));
  }), fuzz(2000));
}, FUZZ_TIMEOUT_MS);

/** Files of lines drawn from a few, so that they are large and a failure is still small to read. */
const largeCases = dialects.chain((dialect) => fc.record({
  dialect: fc.constant(dialect),
  lines: fc.array(contents(dialect, 40), { minLength: 1, maxLength: 20 }),
  order: fc.integer({ min: 1, max: 2_147_483_646 }),
  size: fc.integer({ min: 130 * KIB, max: 300 * KIB }),
  chunkSize: fc.integer({ min: 64 * KIB, max: 300 * KIB }),
  maxRecordSize: fc.constantFrom(300, 20_000, 1024 * KIB),
}));

function largeContent({ lines, order, size }: { lines: readonly string[]; order: number; size: number }): Buffer {
  const random = randomBelow(order);
  const pieces: Buffer[] = [];
  for (let length = 0; length < size;) {
    const piece = Buffer.from(`${lines[random(lines.length)]}\n`);
    pieces.push(piece);
    length += piece.length;
  }
  return Buffer.concat(pieces);
}

test('files of some hundred KiB come out the same from chunks of 64 KiB to the whole file', async () => {
  let cut = 0;
  await fc.assert(fc.asyncProperty(largeCases, async ({ dialect, chunkSize, maxRecordSize, ...content }) => {
    const source = bytesSource(largeContent(content));
    const fmt = format(['p', 'q'], dialect, maxRecordSize);
    const whole = await runWhole(source, fmt);
    for (const size of [64 * KIB, chunkSize, source.size]) {
      const { chunks, plan, repaired, ...chunked } = await runChunked(source, fmt, size);
      expect({ size, difference: firstDifference(chunked, whole) }).toEqual({ size, difference: undefined });
      plan.forEach((chunk, index) => expect(chunk.end).toBe(plan[index + 1]?.start ?? source.size));
      if (size === 64 * KIB && plan.length > 2) cut++;
    }
  }), fuzz(20));
  expect(cut).toBeGreaterThan(5 * LONGER);
}, FUZZ_TIMEOUT_MS);

test('chunks cut at wrong places are found and repaired, whatever the cuts', async () => {
  const withCuts = cases(150).chain(({ dialect, content, maxRecordSize }) => fc.record({
    dialect: fc.constant({ ...dialect, header: false }),
    content: fc.constant(content),
    maxRecordSize: fc.constant(maxRecordSize),
    cuts: fc.uniqueArray(fc.integer({ min: 4, max: Math.max(Buffer.byteLength(content) - 1, 4) }), { maxLength: 8 }),
  }));
  await fc.assert(fc.asyncProperty(withCuts, async ({ dialect, content, maxRecordSize, cuts }) => {
    const source = bytesSource(content);
    const fmt = format(['p', 'q'], dialect, maxRecordSize);
    const starts = [0, ...cuts.filter((cut) => cut < source.size).sort((a, b) => a - b)];
    const plan = starts.map((start, index) => ({ start, end: starts[index + 1] ?? source.size, boundary: 'guess' as const }));
    const { chunks, plan: _, repaired, ...chunked } = await runChunked(source, fmt, 0, plan);
    expect(chunked).toEqual(await runWhole(source, fmt));
  }), fuzz(2000));
}, FUZZ_TIMEOUT_MS);

/** `FUZZ_SEED=<seed>` repeats it with the `seed` that a failure prints. */
test('records of every size come out the same where windows and blocks of the reader end', async () => {
  // The file is longer than the slices in which the reader works, so that records lie across their ends.
  const first = Number(process.env.FUZZ_SEED ?? Date.now() % 2_147_483_647);
  const random = randomBelow(first);
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
  const plan = await findChunks(source, fmt, { dataStart: await dataStartOf(source, fmt), chunkSize, maxChunks: 10_000, concurrency: 4 });
  const wrong: number[] = [];
  for (const { start, boundary } of plan) {
    const { actualEnd } = await walkRecords(source, fmt, { start: 0, end: start }, NO_VISITOR);
    if (boundary === 'exact' && start > 0 && actualEnd !== start) wrong.push(start);
  }
  return wrong;
}

test('a boundary that all states agree on is true, unless a broken record resets the parser', async () => {
  let checked = 0;
  await fc.assert(fc.asyncProperty(cases(150), async ({ dialect, content, chunkSize }) => {
    const source = bytesSource(content);
    const fmt = format(['p', 'q'], dialect, 100_000);
    const { rejects } = await runWhole(source, fmt);
    if (rejects.some(({ code, column }) => code === 'quote' && column === undefined)) return;
    checked++;
    expect(await falseBoundaries(source, fmt, chunkSize)).toEqual([]);
  }), fuzz(1000));
  expect(checked).toBeGreaterThan(300 * LONGER);
}, FUZZ_TIMEOUT_MS);

test('without a quote character the first line end is exact', async () => {
  const plan = await findChunks(bytesSource('a,b\n'.repeat(1000)), format(['p', 'q'], { quoteChar: null }), { dataStart: 4, chunkSize: 100, maxChunks: 10_000, concurrency: 4 });
  expect(plan.length).toBeGreaterThan(30);
  expect(plan.every(({ boundary }) => boundary === 'exact')).toBe(true);
});

/** Every chunk size below this is tried. */
const SMALL_CHUNKS = 40;

async function expectNoFalseBoundary(source: ByteSource, fmt: Format) {
  const whole = await runWhole(source, fmt);
  for (let chunkSize = 1; chunkSize < SMALL_CHUNKS; chunkSize++) {
    const { chunks, plan, repaired, ...chunked } = await runChunked(source, fmt, chunkSize);
    expect(chunked).toEqual(whole);
    expect(await falseBoundaries(source, fmt, chunkSize)).toEqual([]);
  }
}

/**
 * Windows that begin in the middle of what only a complete DFA tells apart, and the state without which it does not.
 */
test.each<[string, number, Dialect, string]>([
  ['the second byte of a delimiter', State.delimiter, { delimiter: '||' }, '1||"\na"'],
  ['the second of two escape characters', State.quotedEscape, { escapeChar: '\\' }, '"x\\\\""\n",'],
  ['an escaped line end outside quotes', State.unquotedEscape, { escapeChar: '\\', commentChar: '#' }, 'a\\\n#,"\n"'],
])('a window that begins on %s does not lead to a false boundary', async (_, state, dialect, line) => {
  const source = bytesSource(`${line}\n`.repeat(50));
  const fmt = format(['p', 'q'], { header: false, ...dialect });
  await expectNoFalseBoundary(source, fmt);
  const incomplete: Format = { ...fmt, grammar: { ...fmt.grammar, reachable: fmt.grammar.reachable.filter((each) => each !== state) } };
  let misled = 0;
  for (let chunkSize = 1; chunkSize < SMALL_CHUNKS; chunkSize++) misled += (await falseBoundaries(source, incomplete, chunkSize)).length;
  // Otherwise the example proves nothing.
  expect(misled).toBeGreaterThan(0);
});

test('a window that begins inside a comment line does not lead to a false boundary', async () => {
  // There is no state to leave out: because of broken records, runs begin in the state of a comment in every dialect.
  await expectNoFalseBoundary(bytesSource('#a","\n"\n\n'.repeat(50)), format(['p', 'q'], { header: false, commentChar: '#' }));
});
