import { FastPath } from '../../../src/engine/fast/fast-path';
import { Format } from '../../../src/engine/format/format';
import { ChunkResult, ProcessOptions, processRecords } from '../../../src/engine/process/process-records';
import { Reject } from '../../../src/engine/process/rejects';
import { JOB } from '../output/output-run';
import { bytesSource } from '../support/engine-run';

/** All that comes out of a chunk. */
export interface SeenChunk {
  readonly output: string;
  readonly rejects: ReadonlyArray<Omit<Reject, 'record'> & { record: string }>;
  /** Key shard. */
  readonly keys: Buffer;
  readonly result: ChunkResult;
}

export async function seeChunk(content: string | Buffer, format: Format, options: ProcessOptions = {},
  range?: { start: number; end: number }): Promise<SeenChunk> {
  const pieces: Buffer[] = [];
  const rejects: Array<Omit<Reject, 'record'> & { record: string }> = [];
  const keys: Buffer[] = [];
  const source = bytesSource(content);
  const result = await processRecords(source, format, range ?? { start: 0, end: source.size }, {
    write: async (bytes) => { pieces.push(Buffer.from(bytes)); },
    rejects: async (batch) => { rejects.push(...batch.map((reject) => ({ ...reject, record: reject.record.toString('latin1') }))); },
    writeKeys: async (bytes) => { keys.push(Buffer.from(bytes)); },
  }, { job: JOB, ...options });
  return { output: Buffer.concat(pieces).toString('latin1'), rejects, keys: Buffer.concat(keys), result };
}

/** Like `seeChunk`; `taken` is how many records the fast path itself wrote, undefined where it was not opened. */
export async function seeFastChunk(...args: Parameters<typeof seeChunk>): Promise<SeenChunk & { taken: number | undefined }> {
  const close = jest.spyOn(FastPath.prototype, 'close');
  try {
    const seen = await seeChunk(...args);
    return { ...seen, taken: (close.mock.contexts[0] as FastPath | undefined)?.written };
  } finally {
    close.mockRestore();
  }
}
