import { JobContract } from '../contract/job-contract';
import { chunkId, JobItem } from '../contract/job-item';
import { ObjectKeys } from '../contract/object-keys';
import { ChunkTask } from '../contract/payloads';
import { PlannedChunk } from '../engine/boundaries/chunk-plan';
import { compileFormat, Format } from '../engine/format/format';
import { ResolvedInput } from '../engine/staging/resolved-input';
import { OutputStore } from '../ports/output';
import { chunkPrefixOf, Regions } from '../ports/regions';
import { PinnedObject } from '../ports/source';
import { StepDeps } from '../ports/step-deps';
import { INPUT_TRAITS } from '../spec/input-settings';
import { isTranscoded } from '../spec/text-encodings';

export const JSON_TYPE = 'application/json';

/**
 * The settings and the object that every later step of the job works with, and the chunks as planned. Each try of
 * PlanChunks writes one of its own; the job item says which one counts, for ever.
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

/** @returns its key */
export async function writePlan({ output, newId }: Pick<StepDeps, 'output' | 'newId'>, keys: ObjectKeys, plan: JobPlan): Promise<string> {
  const key = keys.plan(newId());
  await output.put(key, JSON.stringify(plan), JSON_TYPE);
  return key;
}

/** The plan that counts. */
export async function readPlan(output: OutputStore, { file_id: fileId, plan_key: key }: Pick<JobItem, 'file_id' | 'plan_key'>): Promise<JobPlan> {
  if (key === undefined) throw new Error(`internal: expected job ${fileId} to be planned, got no plan`);
  return output.getJson<JobPlan>(key);
}

export interface CompiledPlan extends JobPlan {
  readonly format: Format;
}

const lastPlans = new WeakMap<OutputStore, { readonly key: string; readonly plan: CompiledPlan }>();

/** As `readPlan`, for a worker that gets chunk after chunk of one job. */
export async function readCompiledPlan(output: OutputStore, key: string): Promise<CompiledPlan> {
  const last = lastPlans.get(output);
  if (last?.key === key) return last.plan;
  const plan = await output.getJson<JobPlan>(key);
  const compiled = { ...plan, format: formatOf(plan.contract, plan.input, plan.columns) };
  lastPlans.set(output, { key, plan: compiled });
  return compiled;
}

/**
 * @param round of the run
 * @returns its key, which no other manifest has
 */
export async function writeManifest({ output, newId }: Pick<StepDeps, 'output' | 'newId'>, keys: ObjectKeys,
  { run, round }: Pick<ChunkTask, 'run' | 'round'>, tasks: readonly ChunkTask[]): Promise<string> {
  const key = keys.manifest(run, round, newId());
  await output.put(key, JSON.stringify(tasks), JSON_TYPE);
  return key;
}

/** What the first manifest of a run holds: all chunks as planned. */
export function tasksOf({ file_id: fileId, run }: JobItem, planKey: string, chunks: readonly PlannedChunk[], regions?: Regions): ChunkTask[] {
  const prefix = chunkPrefixOf(regions);
  return chunks.map(({ start, end }, index) => ({ fileId, chunkId: chunkId(index, prefix), planKey, task: 'PROCESS', run, round: 0, start, end }));
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
