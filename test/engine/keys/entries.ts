import { ChunkRun } from '../../../src/engine/keys/find-duplicates';
import { ENTRY_BYTES } from '../../../src/engine/keys/key-entry';
import { KeyRun } from '../../../src/engine/keys/key-run';
import { compileKeys, UniqueKey } from '../../../src/engine/keys/unique-key';
import { Schema } from '../../../src/spec/schema';
import { bytesSource } from '../support/engine-run';

export const SCHEMA: Schema = {
  fields: [{ name: 'id', type: 'integer' }, { name: 'text' }, { name: 'at', type: 'datetime' }],
  primaryKey: 'id',
  uniqueKeys: [['text', 'at']],
};
export const KEYS: readonly UniqueKey[] = compileKeys(SCHEMA);

/** Bytes of one sorted run. */
export function sortedBytes(run: KeyRun): Buffer {
  return Buffer.concat(Array.from(run.take(), (piece) => Buffer.from(piece)));
}

export function chunkRun(bytes: Buffer, firstLine = 1): ChunkRun {
  return { ...bytesSource(bytes), firstLine };
}

/** The hash of each entry, as text. */
export function hashesOf(bytes: Buffer): string[] {
  return Array.from({ length: bytes.length / ENTRY_BYTES }, (_, index) => bytes.subarray(index * ENTRY_BYTES, index * ENTRY_BYTES + 16).toString('hex'));
}
