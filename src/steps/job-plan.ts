import { JobContract } from '../contract/job-contract';
import { chunkId } from '../contract/job-item';
import { ObjectKeys } from '../contract/object-keys';
import { ChunkTask } from '../contract/payloads';
import { PlannedChunk } from '../engine/boundaries/chunk-plan';
import { compileFormat, Format } from '../engine/format/format';
import { ResolvedInput } from '../engine/staging/resolved-input';
import { OutputStore } from '../ports/output';
import { PinnedObject } from '../ports/source';
import { INPUT_TRAITS } from '../spec/input-settings';
import { isTranscoded } from '../spec/text-encodings';

export const JSON_TYPE = 'application/json';

/**
 * `contract.json`: the settings and the object that every later step of the job works with, and the chunks as planned.
 */
export interface JobPlan {
  readonly contract: JobContract;
  /** What the file turned out to be. */
  readonly input: ResolvedInput;
  /** The names in the file's header, which only the first chunk sees. */
  readonly columns?: readonly string[];
  /** What chunks are cut from and read: the file itself, or the text that was staged of it. */
  readonly source: PinnedObject;
  readonly chunks: readonly PlannedChunk[];
}

export async function writePlan(output: OutputStore, keys: ObjectKeys, plan: JobPlan): Promise<void> {
  await output.put(keys.contract(), JSON.stringify(plan), JSON_TYPE);
}

export async function readPlan(output: OutputStore, keys: ObjectKeys): Promise<JobPlan> {
  return output.getJson<JobPlan>(keys.contract());
}

export interface CompiledPlan extends JobPlan {
  readonly format: Format;
}

const lastPlans = new WeakMap<OutputStore, { readonly key: string; readonly plan: CompiledPlan }>();

/**
 * As `readPlan`, for a worker that gets chunk after chunk of one job. (The plan never changes once chunks are
 * processed.)
 */
export async function readCompiledPlan(output: OutputStore, keys: ObjectKeys): Promise<CompiledPlan> {
  const key = keys.contract();
  const last = lastPlans.get(output);
  if (last?.key === key) return last.plan;
  const plan = await readPlan(output, keys);
  const compiled = { ...plan, format: formatOf(plan.contract, plan.input, plan.columns) };
  lastPlans.set(output, { key, plan: compiled });
  return compiled;
}

export async function writeManifest(output: OutputStore, key: string, tasks: readonly ChunkTask[]): Promise<void> {
  await output.put(key, JSON.stringify(tasks), JSON_TYPE);
}

/** What the first manifest of a run holds: all chunks as planned. */
export function tasksOf(fileId: string, run: number, chunks: readonly PlannedChunk[]): ChunkTask[] {
  return chunks.map(({ start, end }, index) => ({ fileId, chunkId: chunkId(index), task: 'PROCESS', run, round: 0, start, end }));
}

/**
 * The engine's view of a contract, for a file of this kind.
 *
 * @param columns the names in the file's header; without them the schema's
 */
export function formatOf(contract: JobContract, input: ResolvedInput, columns?: readonly string[]): Format {
  const { schema, dialect, transform, output, maxRecordSizeBytes: maxRecordSize } = contract;
  const { recordFormat, delimiter } = INPUT_TRAITS[input.format];
  return compileFormat({
    schema,
    dialect: delimiter === undefined ? dialect : { delimiter, ...dialect },
    maxRecordSize,
    recordFormat,
    // What was transcoded is UTF-8.
    ...(isTranscoded(input.encoding) ? { transcodedFrom: input.encoding } : { encoding: input.encoding }),
    columns,
    outputSchema: transform?.outputSchema,
    output,
  });
}
