import { ChainLink, checkChain, composeBoundaries } from '../../../src/engine/boundaries/chain';
import { PlannedChunk, findChunks } from '../../../src/engine/boundaries/chunk-plan';
import { scanChunk } from '../../../src/engine/boundaries/scan-chunk';
import { compileFormat, Format } from '../../../src/engine/format/format';
import { ByteSource } from '../../../src/engine/io/byte-source';
import { ChunkResult, ProcessOptions, processRecords } from '../../../src/engine/process/process-records';
import { NO_VISITOR } from '../../../src/engine/records/record-visitor';
import { walkRecords } from '../../../src/engine/records/walk-records';
import { COUNTS, Counts } from '../../../src/spec/counts';
import { Dialect } from '../../../src/spec/dialect';
import { Field } from '../../../src/spec/schema';

/** A source over bytes that serves exactly what is asked, as S3 does. */
export function bytesSource(content: string | Buffer): ByteSource {
  const bytes = Buffer.from(content);
  return {
    size: bytes.length,
    read: async (start, end) => {
      if (start < 0 || end > bytes.length || start > end) throw new Error(`read [${start}, ${end}) of ${bytes.length} bytes`);
      return Uint8Array.prototype.slice.call(bytes, start, end);
    },
  };
}

export function format(fields: ReadonlyArray<string | Field>, dialect: Dialect = {}, maxRecordSize = 1024 * 1024): Format {
  return compileFormat({ schema: { fields: fields.map((field) => typeof field === 'string' ? { name: field, type: 'string' } : field) }, dialect, maxRecordSize });
}

export interface SeenReject {
  line: number;
  byteOffset: number;
  code: string;
  column?: string;
  record: string;
}

export interface Outcome extends Counts {
  output: string;
  rejects: SeenReject[];
}

interface DoneChunk extends ChainLink {
  end: number;
  result: ChunkResult;
  output: string;
  rejects: SeenReject[];
}

export async function runChunk(source: ByteSource, fmt: Format, range: { start: number; end: number }, options?: ProcessOptions): Promise<DoneChunk> {
  const pieces: Buffer[] = [];
  const rejects: SeenReject[] = [];
  const result = await processRecords(source, fmt, range, {
    write: async (bytes) => { pieces.push(Buffer.from(bytes)); },
    rejects: async (batch) => {
      rejects.push(...batch.map(({ line, byteOffset, code, column, record }) => ({ line, byteOffset, code, column, record: record.toString('latin1') })));
    },
  }, options);
  return { ...range, actualEnd: result.actualEnd, result, output: Buffer.concat(pieces).toString(), rejects };
}

/** The whole file as one chunk: what every chunking must come to. */
export async function runWhole(source: ByteSource, fmt: Format, options?: ProcessOptions): Promise<Outcome> {
  return gather([await runChunk(source, fmt, { start: 0, end: source.size }, options)]);
}

/** Where the data begins, as the head's report says; also for a file whose header does not fit the schema. */
export async function dataStartOf(source: ByteSource, fmt: Format): Promise<number> {
  const { actualEnd } = await walkRecords(source, fmt, { start: 0, end: 0 }, NO_VISITOR);
  return actualEnd;
}

/** Plan, process, prove, repair: as the pipeline does it, over a plan of one's own where given. */
export async function runChunked(source: ByteSource, fmt: Format, chunkSize: number, plan?: readonly PlannedChunk[], options?: ProcessOptions):
Promise<Outcome & { chunks: DoneChunk[]; plan: readonly PlannedChunk[]; repaired: number }> {
  const planned = plan ?? await findChunks(source, fmt, { dataStart: await dataStartOf(source, fmt), chunkSize, maxChunks: 10_000, concurrency: 4 });
  const chunks = await Promise.all(planned.map((chunk) => runChunk(source, fmt, chunk, options)));
  let repaired = 0;
  const wrong = checkChain(chunks, source.size);
  if (wrong !== undefined) {
    const scans = await Promise.all(chunks.slice(wrong).map((chunk) => scanChunk(source, fmt, chunk)));
    const starts = composeBoundaries(chunks[wrong - 1].actualEnd, scans, source.size);
    for (const [index, start] of starts.entries()) {
      if (chunks[wrong + index].start === start) continue;
      chunks[wrong + index] = await runChunk(source, fmt, { start, end: starts[index + 1] ?? source.size }, options);
      repaired++;
    }
    expect(checkChain(chunks, source.size)).toBeUndefined();
  }
  return { ...gather(chunks), chunks, plan: planned, repaired };
}

function gather(chunks: readonly DoneChunk[]): Outcome {
  let lines = 0;
  const rejects: SeenReject[] = [];
  for (const chunk of chunks) {
    for (const reject of chunk.rejects) rejects.push({ ...reject, line: lines + reject.line + 1 });
    lines += chunk.result.lines;
  }
  const sum = (pick: (result: ChunkResult) => number) => chunks.reduce((total, { result }) => total + pick(result), 0);
  const sums = Object.fromEntries(Object.keys(COUNTS).map((name) => [name, sum((result) => result[name as keyof Counts])])) as unknown as Counts;
  return {
    output: chunks.map((chunk) => chunk.output).join(''),
    rejects,
    ...sums,
  };
}
