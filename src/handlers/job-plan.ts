import { OutputStore, PinnedObject } from './ports';
import { JobContract } from '../contract/job-contract';
import { ObjectKeys } from '../contract/object-keys';
import { ChunkTask } from '../contract/payloads';
import { PlannedChunk } from '../engine/chunk-plan';
import { compileFormat, Format } from '../engine/format';

export const JSON_TYPE = 'application/json';

/** `contract.json`: the settings and the object that every later step of the job works with, and the chunks as planned. */
export interface JobPlan {
  readonly contract: JobContract;
  readonly source: PinnedObject;
  readonly chunks: readonly PlannedChunk[];
}

export async function writePlan(output: OutputStore, keys: ObjectKeys, plan: JobPlan): Promise<void> {
  await output.put(keys.contract(), JSON.stringify(plan), JSON_TYPE);
}

export async function readPlan(output: OutputStore, keys: ObjectKeys): Promise<JobPlan> {
  return output.getJson<JobPlan>(keys.contract());
}

export async function writeManifest(output: OutputStore, key: string, tasks: readonly ChunkTask[]): Promise<void> {
  await output.put(key, JSON.stringify(tasks), JSON_TYPE);
}

/** The engine's view of a contract. */
export function formatOf(contract: JobContract): Format {
  return compileFormat({ schema: contract.schema, dialect: contract.dialect, maxRecordSize: contract.maxRecordSizeBytes });
}
