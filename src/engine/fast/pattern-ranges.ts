/**
 * The part of regular expressions that the fast path knows: characters and classes of ASCII, each a fixed number of
 * times. All else is undefined, and the regular expression itself decides.
 */
export interface Range {
  readonly lowest: number;
  readonly highest: number;
}

const DIGITS: readonly Range[] = [range('0', '9')];
const WORD: readonly Range[] = [range('0', '9'), range('A', 'Z'), range('_', '_'), range('a', 'z')];

/** @returns the ranges of each byte of a matching text; undefined where the pattern has other parts */
export function patternRanges(pattern: string, longest: number): ReadonlyArray<readonly Range[]> | undefined {
  const reader = new PatternReader(pattern.replace(/^\^/, '').replace(/(?<!\\)\$$/, ''));
  const bytes: Array<readonly Range[]> = [];
  while (!reader.done) {
    const ranges = reader.one();
    const count = ranges === undefined ? undefined : reader.count();
    if (ranges === undefined || count === undefined || bytes.length + count > longest) return undefined;
    for (let index = 0; index < count; index++) bytes.push(ranges);
  }
  return bytes;
}

class PatternReader {
  constructor(private rest: string) {}

  get done(): boolean {
    return this.rest === '';
  }

  /** A character or a class. */
  one(): readonly Range[] | undefined {
    if (this.take(/^\[(?!\^)/) !== undefined) return this.class();
    return this.escape() ?? this.character(/^[^\\^$.*+?()[\]{}|]/);
  }

  /** How often: once, or as `{3}` says. */
  count(): number | undefined {
    const count = this.take(/^\{\d{1,3}\}/);
    if (count !== undefined) return Number(count.slice(1, -1));
    return /^[*+?{]/.test(this.rest) ? undefined : 1;
  }

  private class(): readonly Range[] | undefined {
    const ranges: Range[] = [];
    while (this.take(/^\]/) === undefined) {
      const item = this.escape() ?? this.character(/^[^\\[\]]/);
      if (item === undefined) return undefined;
      if (this.take(/^-(?!\])/) === undefined) {
        ranges.push(...item);
        continue;
      }
      const last = this.escape() ?? this.character(/^[^\\[\]]/);
      if (last === undefined || !isOneByte(item) || !isOneByte(last)) return undefined;
      ranges.push({ lowest: item[0].lowest, highest: last[0].highest });
    }
    return merge(ranges);
  }

  private escape(): readonly Range[] | undefined {
    if (this.take(/^\\d/) !== undefined) return DIGITS;
    if (this.take(/^\\w/) !== undefined) return WORD;
    const punctuation = this.take(/^\\[\^$\\.*+?()[\]{}|/-]/);
    return punctuation === undefined ? undefined : [range(punctuation[1], punctuation[1])];
  }

  private character(shape: RegExp): readonly Range[] | undefined {
    const character = this.take(shape);
    return character === undefined || character > '\x7f' ? undefined : [range(character, character)];
  }

  private take(shape: RegExp): string | undefined {
    const taken = shape.exec(this.rest)?.[0];
    if (taken !== undefined) this.rest = this.rest.slice(taken.length);
    return taken;
  }
}

function range(lowest: string, highest: string): Range {
  return { lowest: lowest.charCodeAt(0), highest: highest.charCodeAt(0) };
}

function isOneByte(ranges: readonly Range[]): boolean {
  return ranges.length === 1 && ranges[0].lowest === ranges[0].highest;
}

/** The ranges in order; those that touch become one. */
function merge(ranges: readonly Range[]): readonly Range[] {
  const merged: Range[] = [];
  for (const { lowest, highest } of [...ranges].sort((a, b) => a.lowest - b.lowest)) {
    const last = merged.at(-1);
    if (last !== undefined && lowest <= last.highest + 1) {
      merged[merged.length - 1] = { lowest: last.lowest, highest: Math.max(last.highest, highest) };
    } else {
      merged.push({ lowest, highest });
    }
  }
  return merged;
}
