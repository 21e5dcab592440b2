import { Boundary, findBoundary } from './boundary';
import { Format, recordReach } from '../format/format';
import { ByteSource } from '../io/byte-source';
import { inParallel } from '../io/in-parallel';

export interface PlannedChunk {
  /** First byte; a record begins here. The first chunk begins at 0 and holds byte order mark and header. */
  readonly start: number;
  /** First byte of the next chunk. */
  readonly end: number;
  /** How the start was found. The first chunk's is exact. */
  readonly boundary: 'exact' | 'guess';
}

export interface PlanOptions {
  /** From the head's report. What comes before the data follows no grammar, and would lead to false boundaries. */
  readonly dataStart: number;
  /** Bytes of a chunk, about. */
  readonly chunkSize: number;
  /** A file that would need more gets larger chunks. */
  readonly maxChunks: number;
  /** Boundaries looked for at once. */
  readonly concurrency: number;
  /**
   * Told as soon as it is known of each stretch in which a place to cut was looked for, and none found: from where a
   * chunk begins to the next place, to the boundary that is found at last, or to the end of the file. What it throws
   * ends the search: a file that has none anywhere is not looked at in thousands of places.
   */
  readonly onUncut?: (start: number, end: number) => void;
  /** Told of each place that is looked at how many are, of how many: what it throws ends the search, too. */
  readonly onLooked?: (looked: number, places: number) => void;
}

/** How large the chunks of such a file are, about. */
export function chunkSizeOf(sizeBytes: number, { chunkSize, maxChunks }: Pick<PlanOptions, 'chunkSize' | 'maxChunks'>): number {
  return Math.max(chunkSize, Math.ceil(sizeBytes / maxChunks));
}

/** Cuts `[0, size)` into chunks that begin where records begin, reading a few KiB around each nominal offset. */
export async function findChunks(source: ByteSource, format: Format, options: PlanOptions): Promise<PlannedChunk[]> {
  const { size } = source;
  const chunkSize = chunkSizeOf(size, options);
  const nominal: number[] = [];
  for (let offset = chunkSize; offset < size; offset += chunkSize) {
    if (offset > options.dataStart) nominal.push(offset);
  }

  const boundaries = new Array<Boundary | undefined>(nominal.length);
  const uncut = new Stretches(nominal, size, recordReach(format), options.onUncut);
  let looked = 0;
  await inParallel(nominal.entries(), options.concurrency, async ([index, offset]) => {
    boundaries[index] = await findBoundary(source, format, offset);
    uncut.found(index, boundaries[index]);
    options.onLooked?.(++looked, nominal.length);
  });

  const starts: Boundary[] = [{ offset: 0, kind: 'exact' }];
  for (const boundary of boundaries) {
    // Long records: several offsets lead to one boundary, or to none.
    if (boundary === undefined || boundary.offset >= size) continue;
    if (boundary.offset > starts[starts.length - 1].offset) starts.push(boundary);
  }
  return starts.map(({ offset, kind }, index) => ({ start: offset, end: starts[index + 1]?.offset ?? size, boundary: kind }));
}

/** Follows the places in their order, whichever of them is looked at first. */
class Stretches {
  private readonly ahead = new Map<number, Boundary | undefined>();
  /** The place that comes next. */
  private next = 0;
  /** Where the chunk begins that holds it. */
  private start = 0;
  /** Whether that chunk holds the place before it, too. */
  private isUncut = false;

  /** @param reach so far from a place on it may lie in a record */
  constructor(
    private readonly nominal: readonly number[],
    private readonly size: number,
    private readonly reach: number,
    private readonly onUncut?: PlanOptions['onUncut'],
  ) {}

  found(index: number, boundary: Boundary | undefined): void {
    this.ahead.set(index, boundary);
    for (; this.ahead.has(this.next); this.next++) {
      const known = this.ahead.get(this.next);
      this.ahead.delete(this.next);
      const place = this.nominal[this.next];
      // The end of the last record cuts nothing, and is no sign that nothing does: it may have no line end, too.
      const isInLast = place + this.reach >= this.size;
      if (known === undefined && !isInLast) this.passed(place);
      else if (known !== undefined && known.offset < this.size && known.offset > this.start) this.cutAt(known.offset);
    }
    if (this.next === this.nominal.length && this.isUncut) this.onUncut?.(this.start, this.size);
  }

  private passed(place: number): void {
    this.isUncut = true;
    this.onUncut?.(this.start, place);
  }

  private cutAt(offset: number): void {
    if (this.isUncut) this.onUncut?.(this.start, offset);
    this.isUncut = false;
    this.start = offset;
  }
}
