/**
 * How far work is that takes longer than a call, as it lies in `work/`: a JSON text, and beside it an object of bytes. Each
 * time both are written anew; what counts is the one that the job item names.
 */
import { JSON_TYPE } from './job-plan';
import { ObjectKeys, PausedWork } from '../contract/object-keys';
import { StepDeps } from '../ports/step-deps';

const BYTES_TYPE = 'application/octet-stream';

export interface Progress<State> {
  /** What the work is on. A state says nothing of other work. */
  readonly of: unknown;
  readonly state: State;
  readonly bytes: Uint8Array;
}

interface WrittenProgress<State> extends Omit<Progress<State>, 'bytes'> {
  readonly bytesKey: string;
  readonly bytesLength: number;
}

/** @returns its key, for the job item */
export async function saveProgress<State>(work: PausedWork, { of, state, bytes }: Progress<State>, keys: ObjectKeys,
  { output, newId }: Pick<StepDeps, 'output' | 'newId'>): Promise<string> {
  const id = newId();
  const [key, bytesKey] = [keys.progress(work, id), keys.progressBytes(work, id)];
  if (bytes.length > 0) await output.put(bytesKey, bytes, BYTES_TYPE);
  await output.put(key, JSON.stringify({ of, state, bytesKey, bytesLength: bytes.length } satisfies WrittenProgress<State>), JSON_TYPE);
  return key;
}

/**
 * @param key as the job item has it
 * @param of what the work is on now
 * @returns undefined where there is none, or one of other work: it begins anew
 */
export async function savedProgress<State>(key: string | undefined, of: unknown,
  { output, log }: Pick<StepDeps, 'output' | 'log'>): Promise<Progress<State> | undefined> {
  if (key === undefined) return undefined;
  const { bytesKey, bytesLength, ...saved } = await output.getJson<WrittenProgress<State>>(key);
  if (JSON.stringify(saved.of) !== JSON.stringify(of)) {
    log.warn('what was saved is of other work: it begins anew', { key });
    return undefined;
  }
  return { ...saved, bytes: bytesLength === 0 ? new Uint8Array(0) : await output.ranges(bytesKey, bytesLength).read(0, bytesLength) };
}
