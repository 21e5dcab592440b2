/**
 * Whole files where Node.js has no WebAssembly SIMD, or no WebAssembly at all: the exact path takes over by itself, and
 * nothing differs.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FILES } from '../../../bench/files';
import { Schema } from '../../../src/spec/schema';

type Engine = typeof import('../support/engine-run') & Pick<typeof import('../../../src/engine/fast/fast-path'), 'FastPath'>
  & Pick<typeof import('../../../src/engine/format/format'), 'compileFormat'>;

const SIZE_MB = 3;
/** Above the window, which slides then. */
const CHUNK_SIZE = 2.5 * 1024 * 1024;
const CHUNKS = 2;
// The flights are fetched; these are generated.
const files = FILES.filter(({ name }) => name !== 'flights');
const folder = mkdtempSync(path.join(os.tmpdir(), 'without-simd-'));
const withoutWebAssembly: ReadonlyArray<[string, () => unknown]> = [
  ['SIMD', () => jest.spyOn(WebAssembly, 'validate').mockReturnValue(false)],
  ['WebAssembly', () => jest.replaceProperty(globalThis as { WebAssembly?: typeof WebAssembly }, 'WebAssembly', undefined)],
];

afterEach(() => jest.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true }));

/** The engine as a new process has it: nothing is compiled yet. */
function newEngine(): Engine {
  let engine: Engine | undefined;
  jest.isolateModules(() => {
    engine = {
      ...jest.requireActual<typeof import('../support/engine-run')>('../support/engine-run'),
      ...jest.requireActual<typeof import('../../../src/engine/fast/fast-path')>('../../../src/engine/fast/fast-path'),
      ...jest.requireActual<typeof import('../../../src/engine/format/format')>('../../../src/engine/format/format'),
    };
  });
  return engine!;
}

/** The outcome with `fast` left at its default, and how many chunks the fast path was opened for. */
async function run(content: Buffer, schema: Schema) {
  const { FastPath, compileFormat, bytesSource, runChunked } = newEngine();
  const close = jest.spyOn(FastPath.prototype, 'close');
  const format = compileFormat({ schema, dialect: {}, maxRecordSize: 1024 * 1024 });
  const { chunks, ...outcome } = await runChunked(bytesSource(content), format, CHUNK_SIZE);
  return { outcome, results: chunks.map(({ result }) => result), fastChunks: close.mock.calls.length };
}

test.each(files.flatMap((file) => withoutWebAssembly.map(([missing, remove]) => ({ name: file.name, missing, remove, file }))))(
  '$name without $missing: the same bytes, rejects and counts', async ({ file, remove }) => {
    const content = readFileSync(await file.provide(folder, SIZE_MB));
    const fast = await run(content, file.schema);
    expect(fast.fastChunks).toBe(CHUNKS);
    expect(fast.outcome.recordsWritten).toBeGreaterThan(0);
    expect(fast.outcome.rejects.length).toBeGreaterThan(0);

    remove();
    const exact = await run(content, file.schema);
    expect(exact.fastChunks).toBe(0);
    expect(exact.outcome).toEqual(fast.outcome);
    expect(exact.results).toEqual(fast.results);
  });
