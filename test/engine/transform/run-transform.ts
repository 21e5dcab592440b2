import { compileFormat, Format } from '../../../src/engine/format/format';
import { ChunkResult, processRecords } from '../../../src/engine/process/process-records';
import { Reject } from '../../../src/engine/process/rejects';
import { AnswerReader } from '../../../src/engine/transform/answer-reader';
import { ModuleTransform, UserFunction } from '../../../src/engine/transform/module-transform';
import { Field, Schema } from '../../../src/spec/schema';
import { bytesSource } from '../support/engine-run';

export interface Transformed {
  readonly result: ChunkResult;
  /** The published records. */
  readonly lines: readonly string[];
  readonly rejects: readonly Reject[];
}

export function formatOf(fields: readonly Field[], output?: readonly Field[], more: Partial<Schema> = {}): Format {
  return compileFormat({ schema: { fields, ...more }, dialect: {}, maxRecordSize: 1024, outputSchema: output && { fields: output } });
}

export function moduleTransform(format: Format, userFunction: UserFunction): ModuleTransform {
  return new ModuleTransform(userFunction, format.recordColumns, new AnswerReader(format.settings.schema, format.outputSchema));
}

/** A chunk, the whole file where no range is given, through a user's function. */
export async function transformed(csv: string, format: Format, userFunction: UserFunction,
  range?: { start: number; end: number }): Promise<Transformed> {
  const source = bytesSource(csv);
  const pieces: Buffer[] = [];
  const rejects: Reject[] = [];
  const result = await processRecords(source, format, range ?? { start: 0, end: source.size }, {
    write: async (bytes) => { pieces.push(Buffer.from(bytes)); },
    rejects: async (batch) => { rejects.push(...batch.map((reject) => ({ ...reject, record: Buffer.from(reject.record) }))); },
  }, { transform: moduleTransform(format, userFunction) });
  return { result, lines: Buffer.concat(pieces).toString().split('\n').slice(0, -1), rejects };
}
