import { MemoryBucket } from './memory-bucket';
import { MemoryOutputStore } from './memory-stores';
import { Scenario } from './scenario';
import { chunkId, KnownPart } from '../src/contract/job-item';
import { ChunkTask } from '../src/contract/payloads';
import { JobPlan } from '../src/steps/job-plan';

const nobody = () => undefined;

/** Tells of what becomes visible, and puts wrong guesses in place of boundaries, of which files of this size have none. */
export class WatchedOutputStore extends MemoryOutputStore {
  onAppear: (key: string) => void = nobody;

  constructor(bucket: MemoryBucket, private readonly scenario: Scenario) {
    super(bucket);
  }

  override async put(key: string, body: Uint8Array | string, contentType: string): Promise<void> {
    const { guessedStarts: starts, file } = this.scenario;
    this.onAppear(key);
    return super.put(key, starts === undefined ? body : guessed(key, body, starts, Buffer.byteLength(file)), contentType);
  }

  override async completeUpload(key: string, uploadId: string, parts: readonly KnownPart[]): Promise<boolean> {
    this.onAppear(key);
    return super.completeUpload(key, uploadId, parts);
  }
}

function guessed(key: string, body: Uint8Array | string, starts: readonly number[], size: number): Uint8Array | string {
  const endOf = (index: number) => starts[index + 1] ?? size;
  if (/\/plan-[^/]*$/.test(key)) {
    const plan = JSON.parse(String(body)) as JobPlan;
    if (plan.source.sizeBytes !== size) return body;
    const chunks = starts.map((start, index) => ({ start, end: endOf(index), boundary: index === 0 ? 'exact' : 'guess' }));
    return JSON.stringify({ ...plan, chunks });
  }
  if (!/\/manifest-\d+-0-[^/]*$/.test(key)) return body;
  const tasks = JSON.parse(String(body)) as ChunkTask[];
  // A resume's tasks are those of the guessed plan; other files have no traps.
  if (tasks.at(-1)!.end !== size || tasks.every(({ start }) => starts.includes(start))) return body;
  const prefix = tasks[0].chunkId.replace(/\d+$/, '');
  return JSON.stringify(starts.map((start, index): ChunkTask => ({ ...tasks[0], chunkId: chunkId(index, prefix), start, end: endOf(index) })));
}
