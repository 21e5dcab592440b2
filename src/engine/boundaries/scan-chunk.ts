import { Format, recordReach } from '../format/format';
import { CR, LF } from '../grammar/grammar';
import { StateRuns } from '../grammar/state-runs';
import { ByteSource } from '../io/byte-source';
import { READ_SIZE } from '../io/window';
import { NO_VISITOR } from '../records/record-visitor';
import { walkRecords } from '../records/walk-records';

/**
 * If the first record boundary at or after the chunk's start is `start`, the first one at or after its end is `end`.
 */
export interface ScanEntry {
  readonly start: number;
  readonly end: number;
}

/** The first stretch from the chunk's start; each further one ends four times as far from it. */
const FIRST_STRETCH = 64 * 1024;
/** The first read for the candidates; each further one ends at most four times as far from the chunk's start. */
const FIRST_READ = 4 * 1024;

/**
 * The repair's first round: where could records begin near the chunk's start, and where would each of these lead?
 *
 * The true first boundary is always among the candidates. The record that holds the start either ends where the DFA
 * ends it, from one of its states, or it is broken (see walk-records.ts): then it ends at the first line end.
 *
 * Most candidates soon lead to one boundary, and from there on to the same ones. So all are followed over one stretch
 * of the chunk after the other, and those that have met by the end of a stretch go on as one.
 */
export async function scanChunk(source: ByteSource, format: Format, range: { start: number; end: number }): Promise<ScanEntry[]> {
  const starts = await candidateStarts(source, format, range.start);
  let entries = starts.map((start): ScanEntry => ({ start, end: start }));
  for (let size = FIRST_STRETCH; ; size *= 4) {
    const to = Math.min(range.start + size, range.end);
    entries = await followed(entries, async (from) => boundaryAfter(source, format, from, to));
    if (to === range.end) return entries;
  }
}

/** The entries, each with the place that its end leads to; `lead` is asked once for each place. */
async function followed(entries: readonly ScanEntry[], lead: (from: number) => Promise<number>): Promise<ScanEntry[]> {
  const ends = new Map<number, number>();
  for (const { end } of entries) {
    if (!ends.has(end)) ends.set(end, await lead(end));
  }
  return entries.map(({ start, end }) => ({ start, end: ends.get(end)! }));
}

/** The first record boundary at or after `to`, if `from` is one. */
async function boundaryAfter(source: ByteSource, format: Format, from: number, to: number): Promise<number> {
  if (from >= to) return from;
  const { actualEnd } = await walkRecords(source, format, { start: from, end: to }, NO_VISITOR);
  return actualEnd;
}

async function candidateStarts(source: ByteSource, format: Format, offset: number): Promise<number[]> {
  if (offset === 0) return [0];
  const { size } = source;
  const reach = recordReach(format);
  // The byte before tells whether a line begins at the offset.
  const first = await source.read(offset - 1, Math.min(offset + FIRST_READ, size));
  const runs = new StateRuns(format.grammar);
  runs.feed(first.subarray(1));
  let read = first.length - 1;
  // One record may end within its largest size; the first line may be of any length.
  while (offset + read < size && (runs.firstLine < 0 || (!runs.allEnded && read < reach))) {
    const most = runs.firstLine < 0 ? read + READ_SIZE : reach;
    const bytes = await source.read(offset + read, Math.min(offset + read * 4, offset + most, size));
    runs.feed(bytes);
    read += bytes.length;
  }
  const starts = new Set<number>();
  if (beginsLine(first, format)) starts.add(offset);
  for (const candidate of runs.candidates) {
    if (candidate <= reach) starts.add(offset + candidate);
  }
  starts.add(runs.firstLine < 0 ? size : offset + runs.firstLine);
  // The last record of the file may have no line end.
  if (offset + reach >= size) starts.add(size);
  return [...starts].sort((a, b) => a - b);
}

/** Whether a physical line begins behind the first of the bytes. */
function beginsLine([before, byte]: Uint8Array, { grammar: { dialect: { lineEnds } } }: Format): boolean {
  return before === LF || (lineEnds === 'cr' && before === CR && byte !== LF);
}
