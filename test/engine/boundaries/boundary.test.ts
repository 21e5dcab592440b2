import { generateTransactions } from '../../../bench/generate-transactions';
import { findBoundary } from '../../../src/engine/boundaries/boundary';
import { checkChain, composeBoundaries } from '../../../src/engine/boundaries/chain';
import { findChunks } from '../../../src/engine/boundaries/chunk-plan';
import { ByteSource } from '../../../src/engine/io/byte-source';
import { bytesSource, format, runChunked, runWhole } from '../support/engine-run';

const NAMES = ['transaction_id', 'account_id', 'transaction_date', 'amount', 'currency', 'merchant', 'category'];
const transactions = Buffer.concat([...generateTransactions({ sizeBytes: 2_000_000 })]);
const KIB = 1024;

/** Notes how much of the source is read. */
function metered(source: ByteSource) {
  const reads: Array<[start: number, end: number]> = [];
  return {
    size: source.size,
    reads,
    read: (start: number, end: number) => { reads.push([start, end]); return source.read(start, end); },
  };
}

const bytesRead = ({ reads }: { reads: ReadonlyArray<readonly [number, number]> }) => reads.reduce((sum, [start, end]) => sum + end - start, 0);

test('on quoted transactions every boundary is exact and costs one small read', async () => {
  const source = metered(bytesSource(transactions));
  const plan = await findChunks(source, format(NAMES), { dataStart: 0, chunkSize: 100_000, maxChunks: 10_000, concurrency: 4 });
  expect(plan).toHaveLength(20);
  expect(plan.every(({ boundary }) => boundary === 'exact')).toBe(true);
  for (const offset of plan.slice(1).map((_, index) => (index + 1) * 100_000)) {
    const read = source.reads.filter(([start]) => start >= offset && start < offset + 64 * KIB).reduce((sum, [start, end]) => sum + end - start, 0);
    expect(read).toBeLessThanOrEqual(16 * KIB);
  }
});

function lined(record: (index: number) => string): Buffer {
  return Buffer.from(Array.from({ length: 40_000 }, (_, index) => `${record(index)}\n`).join(''));
}

test.each<[string, readonly string[], Buffer]>([
  ['transactions, 20 % quoted', NAMES, transactions],
  ['numbers without quotes', ['a', 'b', 'c'], lined((index) => `${index},${index * 7 % 1000}.25,-${index}`)],
  ['every field quoted', ['a', 'b'], lined((index) => `"${index}","a text, with ""quotes"" and\na line end"`)],
  ['text beyond ASCII, quoted now and then', ['a', 'b'], lined((index) => index % 50 === 0 ? `${index},"東京, Zoë"` : `${index},Zoë from 東京`)],
  ['one quoted field in 100,000 bytes', ['a', 'b'], lined((index) => index % 5000 === 0 ? `${index},"x, y"` : `${index},some text`)],
])('planning reads at most 64 KiB for each boundary: %s', async (_, names, bytes) => {
  const source = metered(bytesSource(bytes));
  const fmt = format(names, { header: names === NAMES });
  for (let offset = 64 * KIB; offset < source.size; offset += 64 * KIB) {
    source.reads.length = 0;
    expect(await findBoundary(source, fmt, offset)).toBeDefined();
    expect(bytesRead(source)).toBeLessThanOrEqual(64 * KIB);
  }
  source.reads.length = 0;
  const plan = await findChunks(source, fmt, { dataStart: 0, chunkSize: 64 * KIB, maxChunks: 10_000, concurrency: 4 });
  expect(plan.length).toBeGreaterThan(5);
  expect(bytesRead(source)).toBeLessThanOrEqual((plan.length - 1) * 64 * KIB);
});

test('boundaries are found in parallel, as many at once as are allowed', async () => {
  let inFlight = 0;
  let most = 0;
  const source = bytesSource(transactions);
  const slow: ByteSource = {
    size: source.size,
    read: async (start, end) => {
      most = Math.max(most, ++inFlight);
      await new Promise((resolve) => setTimeout(resolve, 2));
      inFlight--;
      return source.read(start, end);
    },
  };
  await findChunks(slow, format(NAMES), { dataStart: 0, chunkSize: 64 * KIB, maxChunks: 10_000, concurrency: 8 });
  expect(most).toBe(8);
});

test('without quotes a boundary is a guess, found within 64 KiB and proved by the chain', async () => {
  const source = metered(bytesSource('a,b\n' + 'some,thing\n'.repeat(50_000)));
  const { plan, repaired } = await runChunked(source, format(['a', 'b']), 200_000);
  expect(plan.slice(1).every(({ boundary }) => boundary === 'guess')).toBe(true);
  expect(repaired).toBe(0);
});

test('a limit on records that is smaller than what planning reads first takes no cut away', async () => {
  const source = bytesSource('a,b\n' + 'some,thing\n'.repeat(50_000));
  for (const maxRecordSize of [KIB, 8 * KIB, 64 * KIB]) {
    const fmt = format(['a', 'b'], {}, maxRecordSize);
    const { chunks, plan, repaired, ...chunked } = await runChunked(source, fmt, 100_000);
    expect(plan).toHaveLength(6);
    expect(chunked).toEqual(await runWhole(source, fmt));
  }
});

/** Each merchant holds lines that look exactly like records. */
const adversarial = Buffer.from(`${NAMES.join(',')}\n` + Array.from({ length: 100 }, (_, index) => {
  const record = (merchant: string) => `TX${String(index).padStart(10, '0')},ACC00000001,2024-01-01T00:00:00Z,1.00,EUR,${merchant},x`;
  return record(`"${`${record('Acme')}\n`.repeat(100)}"`);
}).join('\n'));

test('quoted text that looks like records misleads no chunk for good', async () => {
  const source = bytesSource(adversarial);
  const fmt = format(NAMES);
  const whole = await runWhole(source, fmt);
  expect(whole.recordsWritten).toBe(100);
  for (const chunkSize of [64 * KIB, 200_000]) {
    const { chunks, plan, repaired, ...chunked } = await runChunked(source, fmt, chunkSize);
    expect(chunked).toEqual(whole);
  }
});

const LINES = 20_000;

/** What is done to lines that are valid records. */
test.each<[string, (lines: string[]) => void]>([
  ['a stray quote', (lines) => { lines[500] = 'x,"y'; }],
  ['stray quotes all over', (lines) => { for (let index = 7; index < LINES; index += 997) lines[index] = `${index},"y`; }],
  ['a quote opened in the first line and never closed', (lines) => { lines[0] = '"0,value'; }],
  ['a quote opened and never closed near the end', (lines) => { lines[LINES - 2] = '"x,y'; }],
  ['text made of quotes', (lines) => { lines.fill('"","""",', 100, 3000); }],
  ['quote-symmetric text', (lines) => { lines.fill('","'); }],
  ['one quoted field of most of the file', (lines) => { lines[10] = '10,"y'; lines[LINES - 10] = 'z"'; }],
  ['quoted fields of lines that look like records', (lines) => {
    for (let index = 0; index < LINES; index += 1000) {
      lines[index] = `${index},"`;
      lines[index + 900] = '"';
    }
  }],
])('%s: the same outcome at every chunk size', async (_, spoil) => {
  const lines = Array.from({ length: LINES }, (__, index) => `${index},value ${index}`);
  spoil(lines);
  const source = bytesSource(lines.join('\n'));
  for (const maxRecordSize of [1000, 50_000, 1024 * KIB]) {
    const fmt = format(['a', 'b'], { header: false }, maxRecordSize);
    const whole = await runWhole(source, fmt);
    for (const chunkSize of [20_000, 64 * KIB, 300_000]) {
      const { chunks, plan, repaired, ...chunked } = await runChunked(source, fmt, chunkSize);
      expect(chunked).toEqual(whole);
    }
  }
});

test('lines that each leave a quote open cost time linear in their number', async () => {
  // A run of the grammar from each line up to the limit would be 20,000 times a megabyte: the test's time limit would
  // end it.
  const lines = 20_000;
  const source = bytesSource('TX1","ACC2 and some text","USD\n'.repeat(lines));
  const outcome = await runWhole(source, format(['a', 'b', 'c'], { header: false }));
  expect(outcome.recordsRead).toBe(lines);
  expect(outcome.recordsRejected).toBe(lines);
});

test('where no record begins within the largest record there is no cut', async () => {
  const source = bytesSource(`a,b\n${'x'.repeat(500_000)},y\nc,d\n`);
  expect(await findBoundary(source, format(['p', 'q'], {}, 1000), 1000)).toBeUndefined();
  const plan = await findChunks(source, format(['p', 'q'], {}, 1000), { dataStart: 0, chunkSize: 65_536, maxChunks: 10, concurrency: 2 });
  expect(plan[plan.length - 1].end).toBe(source.size);
});

/** The offset lies between the two texts, in the first line of a record that is longer than one may be. */
function brokenAt(before: string, after: string) {
  const source = bytesSource(before + after);
  return { source, fmt: format(['p', 'q'], { header: false }, KIB), offset: before.length };
}

test('where a record would end only behind its limit, the boundary is the first line end', async () => {
  const { source, fmt, offset } = brokenAt('"', `1","b\n${'x\n'.repeat(1000)}"\ny"\n`);
  expect(await findBoundary(source, fmt, offset)).toEqual({ offset: offset + '1","b\n'.length, kind: 'exact' });
});

test('a record that is broken is reckoned with where every other would be in quotes at its line end', async () => {
  const { source, fmt, offset } = brokenAt(`"${'a'.repeat(600)}`, `1","b\n${'x\n'.repeat(300)}"\ny"\nz,z\n`);
  // The lines of x are records, and the one of the quote begins another.
  const end = source.size - 'z,z\n'.length;
  expect(await findBoundary(source, fmt, offset)).toEqual({ offset: end, kind: 'exact' });
  expect((await runChunked(source, fmt, offset)).repaired).toBe(0);
});

test('no chunk begins inside what stands before the data', async () => {
  const source = bytesSource(`${'# a comment\n'.repeat(20_000)}a,b\n${'c,d\n'.repeat(20_000)}`);
  const fmt = format(['a', 'b'], { commentChar: '#' });
  const { chunks, plan, repaired, ...chunked } = await runChunked(source, fmt, 65_536);
  expect(plan.length).toBeGreaterThan(1);
  expect(chunked).toEqual(await runWhole(source, fmt));
});

test('a file that would need too many chunks gets larger ones', async () => {
  const plan = await findChunks(bytesSource(transactions), format(NAMES), { dataStart: 0, chunkSize: 1000, maxChunks: 7, concurrency: 4 });
  expect(plan).toHaveLength(7);
});

describe('chain', () => {
  test('names the first chunk that does not start where the one before it ended', () => {
    const chain = [{ start: 0, actualEnd: 10 }, { start: 10, actualEnd: 25 }, { start: 20, actualEnd: 30 }];
    expect(checkChain(chain, 30)).toBe(2);
    expect(checkChain([{ start: 0, actualEnd: 30 }], 30)).toBeUndefined();
  });

  test('fails when the last chunk does not end with the file', () => {
    expect(() => checkChain([{ start: 0, actualEnd: 29 }], 30)).toThrow('the last chunk ends at 29, the file has 30 bytes');
  });

  test('scans are followed from one possible boundary to the next', () => {
    const scans = [[{ start: 12, end: 20 }, { start: 15, end: 25 }], [{ start: 20, end: 40 }, { start: 25, end: 40 }]];
    expect(composeBoundaries(15, scans, 40)).toEqual([15, 25]);
    expect(() => composeBoundaries(13, scans, 40)).toThrow('scan 0 has no entry for the boundary 13');
  });
});
