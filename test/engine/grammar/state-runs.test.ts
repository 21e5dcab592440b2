/* eslint-disable no-bitwise */
import * as fc from 'fast-check';
import { findBoundary } from '../../../src/engine/boundaries/boundary';
import { scanChunk } from '../../../src/engine/boundaries/scan-chunk';
import { Format } from '../../../src/engine/format/format';
import { Action, ACTION_SHIFT, CR, Grammar, LF, State, STATE_BITS } from '../../../src/engine/grammar/grammar';
import { StateRuns } from '../../../src/engine/grammar/state-runs';
import { NO_VISITOR } from '../../../src/engine/records/record-visitor';
import { walkRecords } from '../../../src/engine/records/walk-records';
import { Dialect } from '../../../src/spec/dialect';
import { goTogether } from '../support/dialects';
import { bytesSource, format } from '../support/engine-run';
import { fuzz, FUZZ_TIMEOUT_MS } from '../support/fuzz';

const dialects = fc.record({
  delimiter: fc.constantFrom(',', '||', 'aab', '¦'),
  quoteChar: fc.constantFrom<Array<string | null>>('"', null),
  doubleQuote: fc.boolean(),
  escapeChar: fc.constantFrom<Array<string | null>>(null, '\\'),
  commentChar: fc.constantFrom<Array<string | null>>(null, '#'),
  skipInitialSpace: fc.boolean(),
  lineTerminator: fc.constantFrom(null, '\n', '\r\n', '\r'),
  lazyQuotes: fc.boolean(),
}).filter(goTogether) satisfies fc.Arbitrary<Dialect>;

const contents = fc.array(fc.constantFrom('"', '"', '""', ',', '||', '|', 'aab', 'a', 'plain text', '\n', '\r\n', '\r', '\\', '#', ' ', '¦'), { maxLength: 250 })
  .map((parts) => Buffer.from(parts.join('')));

/**
 * Contents in which quoted fields of several lines are frequent: all runs may be in quotes at a line end that ends a
 * broken record.
 */
const quotedContents = fc.array(fc.constantFrom('"', '","', 'a', 'aaaaa","a', 'a\n', '\n', '\r\n', '\r', '"\n', 'a,a\n', '\\\n'), { maxLength: 40 })
  .map((parts) => Buffer.from(parts.join('')));

/** The line ends of one run on its own: offsets after them, -1 where the bytes end too early to tell. */
function recordEnds({ table, classOf, classShift }: Grammar, start: number, bytes: Buffer): Set<number> {
  const ends = new Set<number>();
  let state = start;
  bytes.forEach((byte, index) => {
    const step = table[(state << classShift) | classOf[byte]];
    state = step & STATE_BITS;
    if (step >> ACTION_SHIFT !== Action.recordEnd) return;
    if (byte !== CR) ends.add(index + 1);
    else if (index + 1 < bytes.length) ends.add(bytes[index + 1] === LF ? index + 2 : index + 1);
  });
  return ends;
}

test('runs that go on as one come to what each would have come to on its own, however the bytes are split', () => {
  let agreements = 0;
  let runsDone = 0;
  fc.assert(fc.property(dialects, fc.oneof(contents, quotedContents), fc.integer({ min: 1, max: 100 }), (dialect, bytes, blockSize) => {
    const { grammar } = format(['p', 'q'], dialect);
    const runs = new StateRuns(grammar);
    for (let from = 0; from < bytes.length && runs.agreed < 0; from += blockSize) runs.feed(bytes.subarray(from, from + blockSize));

    const alone = grammar.reachable.map((state) => recordEnds(grammar, state, bytes));
    // A broken record ends as a comment does, but is no candidate.
    const broken = [State.comment, ...dialect.lineTerminator === '\r\n' ? [State.commentCr] : []].map((state) => recordEnds(grammar, state, bytes));
    const agreed = [...broken[0]].filter((end) => [...broken, ...alone].every((ends) => ends.has(end)));
    expect(runs.agreed).toBe(agreed.length === 0 ? -1 : Math.min(...agreed));
    const firsts = alone.filter((ends) => ends.size > 0).map((ends) => Math.min(...ends));
    expect(runs.candidates).toEqual([...new Set(firsts)].sort((a, b) => a - b));
    expect(runs.allEnded).toBe(firsts.length === alone.length);
    runsDone++;
    if (agreed.length > 0) agreements++;
  }), fuzz(2000, 'dialect', 'bytes', 'blockSize'));
  expect(agreements).toBeGreaterThan(runsDone / 10);
}, FUZZ_TIMEOUT_MS);

test('a boundary that is called exact is one, whatever came before', async () => {
  let runsDone = 0;
  let exact = 0;
  const limits = fc.integer({ min: 4, max: 60 });
  await fc.assert(fc.asyncProperty(dialects, quotedContents, quotedContents, limits, async (dialect, before, after, maxRecordSize) => {
    const source = bytesSource(Buffer.concat([before, after]));
    const fmt = format(['p', 'q'], { ...dialect, delimiter: ',', quoteChar: '"', header: false }, maxRecordSize);
    const boundary = await findBoundary(source, fmt, before.length);
    runsDone++;
    if (boundary?.kind !== 'exact') return;
    exact++;
    const { actualEnd } = await walkRecords(source, fmt, { start: 0, end: boundary.offset }, NO_VISITOR);
    expect(actualEnd).toBe(boundary.offset);
  }), fuzz(5000, 'dialect', 'before', 'after', 'maxRecordSize'));
  expect(exact).toBeGreaterThan(runsDone / 10);
}, FUZZ_TIMEOUT_MS);

test('a scan tells of each candidate where a walk from there would end', async () => {
  const followedAlone = async (source: ReturnType<typeof bytesSource>, fmt: Format, start: number, end: number) =>
    (await walkRecords(source, fmt, { start, end: Math.max(start, end) }, NO_VISITOR)).actualEnd;
  await fc.assert(fc.asyncProperty(dialects, contents, fc.constantFrom(50, 100_000), async (dialect, piece, maxRecordSize) => {
    // The file is longer than the stretches that a scan is done in.
    const source = bytesSource(Buffer.alloc(300_000, Buffer.concat([piece, Buffer.from('\n')])));
    const fmt = format(['p', 'q'], { ...dialect, header: false }, maxRecordSize);
    for (const [start, end] of [[100_001, 290_000], [299_990, 300_000]]) {
      const entries = await scanChunk(source, fmt, { start, end });
      for (const entry of entries) expect(entry.end).toBe(await followedAlone(source, fmt, entry.start, end));
    }
  }), fuzz(40, 'dialect', 'piece', 'maxRecordSize'));
}, FUZZ_TIMEOUT_MS);
