const MIB = 2 ** 20;
/** Of a FinalizeJob that merges keys. */
export const MIN_MEBIBYTES_WITH_KEYS = 1024;
/** Beside it: about 430 MB for entries that share a hash at most, and the program. */
const LEAST_BUFFER = 320 * MIB;

/**
 * Bytes of key shards that FinalizeJob holds. With more of them its requests are fewer, and these are what takes time: of
 * 10,000 runs each request reads a ten-thousandth of it.
 */
export function keyBufferBytes(memoryMebibytes = MIN_MEBIBYTES_WITH_KEYS): number {
  return LEAST_BUFFER + Math.max(0, memoryMebibytes - MIN_MEBIBYTES_WITH_KEYS) * MIB / 2;
}
