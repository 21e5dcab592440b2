import { compileFormat, Format } from '../../../src/engine/format/format';
import { JobMetadata } from '../../../src/engine/output/metadata-columns';
import { ChunkResult, processRecords } from '../../../src/engine/process/process-records';
import { Reject } from '../../../src/engine/process/rejects';
import { Dialect } from '../../../src/spec/dialect';
import { OutputSettings } from '../../../src/spec/output-settings';
import { Field, Schema } from '../../../src/spec/schema';
import { bytesSource } from '../support/engine-run';

export const JOB: JobMetadata = { jobId: '0123abcd', sourceKey: 'incoming/a "b".csv', ingestionTime: '2026-01-02T03:04:05.678Z' };

export interface Part {
  bytes: Buffer;
  result: ChunkResult;
  rejects: Reject[];
}

export function outputFormat(fields: ReadonlyArray<string | Field>, output: OutputSettings, dialect: Dialect = {},
  more: Partial<Schema> = {}): Format {
  const schema = { ...more, fields: fields.map((field) => typeof field === 'string' ? { name: field } : field) };
  return compileFormat({ schema, dialect, maxRecordSize: 1024 * 1024, output });
}

/** One part file, of a range of the content. */
export async function writePart(content: string | Buffer, format: Format, range?: { start: number; end: number }): Promise<Part> {
  const source = bytesSource(content);
  const pieces: Buffer[] = [];
  const rejects: Reject[] = [];
  const result = await processRecords(source, format, range ?? { start: 0, end: source.size }, {
    write: async (bytes) => { pieces.push(Buffer.from(bytes)); },
    rejects: async (batch) => { rejects.push(...batch.map((reject) => ({ ...reject, record: Buffer.from(reject.record) }))); },
  }, { job: JOB });
  return { bytes: Buffer.concat(pieces), result, rejects };
}

/** The lines of the same content as JSON Lines, parsed. */
export async function jsonRecords(content: string | Buffer, format: Format): Promise<Array<Record<string, unknown>>> {
  const { bytes } = await writePart(content, compileFormat({ ...format.settings, output: {} }));
  return bytes.toString().split('\n').slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
}
