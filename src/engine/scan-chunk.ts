import { StateRuns } from './boundary';
import { ByteSource } from './byte-source';
import { Format } from './format';
import { CR, LF } from './grammar';
import { walkRecords } from './walk-records';

/** If the first record boundary at or after the chunk's start is `start`, the first one at or after its end is `end`. */
export interface ScanEntry {
  readonly start: number;
  readonly end: number;
}

/**
 * The repair's first round: where could records begin near the chunk's start, and where would each of these lead?
 *
 * The true first boundary is always among the candidates. The record that holds the start either ends where the DFA ends it,
 * from one of its states, or it is broken (see walk-records.ts): then it ends at the first line end.
 */
export async function scanChunk(source: ByteSource, format: Format, range: { start: number; end: number }): Promise<ScanEntry[]> {
  const entries: ScanEntry[] = [];
  for (const start of await candidateStarts(source, format, range.start)) {
    const { actualEnd } = await walkRecords(source, { ...format, header: false }, { start, end: Math.max(start, range.end) },
      { record: () => undefined, broken: () => undefined });
    entries.push({ start, end: actualEnd });
  }
  return entries;
}

async function candidateStarts(source: ByteSource, format: Format, offset: number): Promise<number[]> {
  const { size } = source;
  if (offset === 0) return [0];
  // One record may end within its largest size; one byte before tells whether a line begins at the offset.
  const to = Math.min(offset + format.maxRecordSize + 2, size);
  const bytes = await source.read(offset - 1, to);
  const runs = new StateRuns(format.grammar);
  runs.feed(bytes.subarray(1), 0, bytes.length - 1);

  const starts = new Set(runs.candidates().map((relative) => offset + relative));
  const { loneCr } = format.grammar.dialect;
  if (bytes[0] === LF || (loneCr && bytes[0] === CR && bytes[1] !== LF)) starts.add(offset);
  starts.add(await firstLineStart(source, loneCr, offset));
  // The last record of the file may have no line end.
  if (to === size) starts.add(size);
  return [...starts].sort((a, b) => a - b);
}

/** The byte after the first line end at or after `offset`, however far that is; the file's size where there is none. */
async function firstLineStart(source: ByteSource, loneCr: boolean, offset: number): Promise<number> {
  const blockSize = 64 * 1024;
  let afterCr = false;
  for (let from = offset; from < source.size; from += blockSize) {
    const block = await source.read(from, Math.min(from + blockSize, source.size));
    for (let index = 0; index < block.length; index++) {
      if (block[index] === LF) return from + index + 1;
      if (afterCr) return from + index;
      afterCr = loneCr && block[index] === CR;
    }
  }
  return source.size;
}
