import { ChunkTask } from '../contract/payloads';
import { ExclusionList } from '../engine/keys/exclusions';
import { OutputStore } from '../ports/output';

/** The records that the task's worker is not to write. */
export async function readExclusions(output: OutputStore, { exclusionsKey }: ChunkTask): Promise<ExclusionList | undefined> {
  if (exclusionsKey === undefined) return undefined;
  const pieces: Uint8Array[] = [];
  for await (const piece of output.read(exclusionsKey)) pieces.push(piece);
  return new ExclusionList(Buffer.concat(pieces));
}
