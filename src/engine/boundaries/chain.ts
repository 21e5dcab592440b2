/**
 * The proof that the chunks are the file: chunk 0 starts at a known place, and each chunk must end exactly where the
 * next one starts. By induction every chunk then began at a true record boundary, however that was found.
 */
import { ScanEntry } from './scan-chunk';

export interface ChainLink {
  readonly start: number;
  /** Where the chunk's last record really ended. */
  readonly actualEnd: number;
}

/**
 * @returns the index of the first chunk that does not start where the one before it ended; undefined: the chain holds.
 */
export function checkChain(chunks: readonly ChainLink[], size: number): number | undefined {
  let expected = 0;
  for (const [index, chunk] of chunks.entries()) {
    if (chunk.start !== expected) return index;
    expected = chunk.actualEnd;
  }
  if (expected !== size) throw new Error(`internal: the last chunk ends at ${expected}, the file has ${size} bytes`);
  return undefined;
}

/**
 * The repair's second round: follows the scans of all chunks from the first wrong one on, each from a possible first
 * boundary to the one it leads to.
 *
 * @param firstStart where the last right chunk ended
 * @param scans those of the first wrong chunk and all after it
 * @returns the true start of each of these chunks
 */
export function composeBoundaries(firstStart: number, scans: ReadonlyArray<readonly ScanEntry[]>, size: number): number[] {
  let start = firstStart;
  const starts = scans.map((entries, index) => {
    const entry = entries.find((candidate) => candidate.start === start);
    if (entry === undefined) throw new Error(`internal: scan ${index} has no entry for the boundary ${start}`);
    const own = start;
    start = entry.end;
    return own;
  });
  if (start !== size) throw new Error(`internal: the scans end at ${start}, the file has ${size} bytes`);
  return starts;
}
