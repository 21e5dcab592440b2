import { ObjectKeys } from '../src/contract/object-keys';
import { resolvePrefixes } from '../src/pipeline/prefixes';

/** Where a pipeline without prefixes of its own keeps what. */
export const DEFAULT_PREFIXES = resolvePrefixes({});

export function keysOf(fileId: string): ObjectKeys {
  return new ObjectKeys(DEFAULT_PREFIXES, fileId);
}
