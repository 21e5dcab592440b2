/**
 * What a file costs that means harm, counted in what does not depend on the machine: bytes that are read, steps of the grammar.
 * `bench/hostile.ts` measures time and memory of the same files.
 */
import { contentOf, HOSTILE_FILES, HostileFile } from '../../../bench/hostile-files';
import { compileFormat } from '../../../src/engine/format/format';
import { processRecords } from '../../../src/engine/process/process-records';
import { stagedText } from '../staging/bytes';
import { bytesSource } from '../support/engine-run';

/** Those that are processed, as they lie in a chunk: an archive is unpacked before. */
const FILES = HOSTILE_FILES.filter(({ refusal, pack }) => refusal === undefined && pack === undefined);
const SIZE = 300_000;
const MAX_RECORD_SIZE = 64 * 1024;

async function work(file: HostileFile, which: 'hostile' | 'plain', fast: boolean) {
  const { suffix, encoding = 'utf-8', [which]: { schema } } = file;
  const isJson = suffix !== 'csv';
  const format = compileFormat({ schema, dialect: {}, recordFormat: isJson ? 'json' : 'csv', maxRecordSize: MAX_RECORD_SIZE });
  const bytes = contentOf(file, which, SIZE);
  const input = { format: suffix, encoding } as const;
  const text = suffix === 'json' || encoding !== 'utf-8' ? await stagedText(bytes, input, { blockSize: 64 * 1024, inFlight: 2 }) : bytes;
  const cost = { bytes: 0, steps: 0, rejectBatches: 0, mostRejects: 0 };
  const table = new Proxy(format.grammar.table, {
    get: (target, key) => {
      cost.steps++;
      return target[key as unknown as number];
    },
  });
  const source = bytesSource(text);
  const metered = {
    size: source.size,
    read: async (start: number, end: number) => {
      cost.bytes += end - start;
      return source.read(start, end);
    },
  };
  const result = await processRecords(metered, { ...format, grammar: { ...format.grammar, table } }, { start: 0, end: source.size }, {
    write: async () => undefined,
    rejects: async ({ length }) => {
      cost.rejectBatches++;
      cost.mostRejects = Math.max(cost.mostRejects, length);
    },
  }, { fast });
  return { cost, size: text.length, result };
}

test.each(FILES)('$name: each byte is read once, and takes as few steps as one of a plain file', async (file) => {
  const { cost, size, result } = await work(file, 'hostile', false);
  expect(cost.bytes).toBe(size);
  // Once through the parser, and twice where a record may be broken.
  expect(cost.steps).toBeLessThanOrEqual(4 * size);
  expect(result.recordsRead).toBe(result.recordsWritten + result.recordsRejected);
  expect(cost.mostRejects).toBeLessThanOrEqual(1001);
  expect(cost.rejectBatches).toBeLessThanOrEqual(Math.ceil(result.recordsRejected / 1000) + Math.ceil(size / (256 * 1024)) + 2);
});

test.each(FILES)('$name: the fast path leaves it to the exact one after reading it no more than once', async (file) => {
  const { cost, size, result } = await work(file, 'hostile', true);
  const exact = await work(file, 'hostile', false);
  expect(cost.bytes).toBe(size);
  expect({ ...result, stages: undefined }).toEqual({ ...exact.result, stages: undefined });
});

test.each(FILES)('$name: the plain file beside it has no rejects, but for the records that are larger than they may be', async (file) => {
  const { result } = await work(file, 'plain', true);
  expect(Object.keys(result.rejectsByCode).filter((code) => code !== 'record_size')).toEqual([]);
  expect(result.recordsRead).toBeGreaterThan(0);
});
