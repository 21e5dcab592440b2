/** Which steps of a pattern take the rest of a text, at one place after the other, from its end on. */
import { CharacterKind } from './character-kinds';
import { CharacterSet } from './character-set';
import { PatternSteps, Step } from './pattern-steps';

/** What stands before a place, in the direction of the steps. */
export const START = 0;
export const WORD = 1;
export const OTHER = 2;
export const BEFORE_KINDS = 3;

/**
 * What is before a place, as far as a pattern asks for it, as one number: START, WORD or OTHER where it looks back for
 * nothing.
 *
 * @param lookBacks a bit for each look back that finds what it looks for
 */
export function surroundingsOf(before: number, lookBacks: number): number {
  return lookBacks * BEFORE_KINDS + before;
}

/** What is known at a place. */
export interface PlaceState {
  /** Of the steps that are asked for at the place before: which take the rest of the text; then of each count, behind one character. */
  readonly taken: Uint8Array;
  /** Of each count a bit for each number: whether the rest of the text is taken behind so many characters. */
  readonly counts: Uint32Array;
  /** Equal for equal states. */
  readonly key: string;
  /** A bit for each start of the steps that takes the rest of the text. */
  readonly matches: number;
  /** Nothing that may stand before the place leads to a match. */
  readonly isDead: boolean;
}

/** The steps as numbers: where a text has many states, they are gone through for each of its characters. */
const CODES = { end: 0, found: 1, character: 2, either: 3, count: 4, assertion: 5, look: 6, lookBack: 7 } as const satisfies Record<Step['kind'], number>;
const NONE = -1;

const BITS = 32;

interface CountPlace {
  readonly step: number;
  /** Among what is taken. */
  readonly place: number;
  readonly set: number;
  readonly next: number;
  /** The first of its words, and the one behind its last. */
  readonly from: number;
  readonly to: number;
}

export class StepTable {
  readonly sets: readonly CharacterSet[];
  /** Whether a step asks what stands before its place; most patterns have none. */
  readonly asksBefore: boolean;
  private readonly asksAhead: boolean;
  /** The steps that are asked for at the place before: the starts, and those behind a character. */
  private readonly asked: readonly number[];
  private readonly counts: readonly CountPlace[];
  /** A bit for each number of characters behind which the step behind the count may come. */
  private readonly numbers: Uint32Array;
  private readonly codes: Uint8Array;
  /** The step behind it; for a character or a count its place among what is taken. */
  private readonly next: Int32Array;
  /** The other step behind it; for a character or a count its set. */
  private readonly other: Int32Array;
  /** The step behind a count of which there may be none. */
  private readonly skip: Int32Array;
  private readonly values: Uint8Array;

  constructor(private readonly pattern: PatternSteps) {
    const { steps, starts } = pattern;
    const characters = steps.filter((step) => step.kind === 'character');
    this.sets = [...new Set(steps.flatMap((step) => step.kind === 'character' || step.kind === 'count' ? [step.set] : []))];
    this.asked = [...new Set([...starts, ...characters.map(({ next }) => next)])];
    this.asksBefore = steps.some(({ kind }) => kind === 'assertion');
    this.asksAhead = steps.some(({ kind }) => kind === 'look');
    const placeOfSet = new Map(this.sets.map((set, place) => [set, place]));
    const placeOfStep = new Map(this.asked.map((step, place) => [step, place]));
    this.counts = countPlaces(steps, placeOfSet, this.asked.length);
    this.numbers = numbersOf(steps, this.counts);
    const placeOfCount = new Map(this.counts.map(({ step, place }) => [step, place]));
    this.codes = Uint8Array.from(steps, ({ kind }) => CODES[kind]);
    this.next = Int32Array.from(steps, (step, index) => {
      if (step.kind === 'character') return placeOfStep.get(step.next)!;
      if (step.kind === 'count') return placeOfCount.get(index)!;
      return step.kind === 'either' ? step.first : 'next' in step ? step.next : NONE;
    });
    this.other = Int32Array.from(steps, (step) => step.kind === 'either' ? step.second : 'set' in step ? placeOfSet.get(step.set)! : NONE);
    this.skip = Int32Array.from(steps, (step) => step.kind === 'count' && step.least === 0 ? step.next : NONE);
    this.values = new Uint8Array(steps.length);
  }

  /** @param kind of the character between the place and that of `later`; none at the end of the text */
  stateBefore(later: PlaceState | undefined, surroundings: number, kind: CharacterKind | undefined): PlaceState {
    const { values, asked } = this;
    for (const { order, hasCircle } of this.pattern.strata) {
      if (hasCircle) for (const index of order) values[index] = 0;
      while (this.workOut(order, later?.taken, surroundings, kind) && hasCircle);
    }
    const taken = new Uint8Array(asked.length + this.counts.length);
    let any = 0;
    for (let place = 0; place < asked.length; place++) any |= taken[place] = values[asked[place]];
    const counts = this.countsBefore(later, kind);
    for (const count of this.counts) taken[count.place] = counts[count.from] >>> 1 & 1;
    for (let word = 0; word < counts.length; word++) any |= counts[word];
    return {
      taken,
      counts,
      key: Buffer.from(taken.buffer).latin1Slice() + Buffer.from(counts.buffer).latin1Slice(),
      matches: this.matches(),
      // Where it is asked what does not follow, what takes nothing now may be taken all the same.
      isDead: any === 0 && !this.asksAhead,
    };
  }

  /** With one character more before them, the numbers are less by one. */
  private countsBefore(later: PlaceState | undefined, kind: CharacterKind | undefined): Uint32Array {
    const { numbers, values } = this;
    const counts = new Uint32Array(numbers.length);
    for (const { set, next, from, to } of this.counts) {
      if (kind !== undefined && kind.held[set] === 1) {
        const before = later!.counts;
        for (let word = from; word < to; word++) counts[word] = before[word] >>> 1 | (word + 1 < to ? before[word + 1] << BITS - 1 : 0);
      }
      if (values[next] === 1) for (let word = from; word < to; word++) counts[word] |= numbers[word];
    }
    return counts;
  }

  private matches(): number {
    return this.pattern.starts.reduce((bits, start, place) => bits | this.values[start] << place, 0);
  }

  /** @returns whether a value is another one than before */
  private workOut(order: readonly number[], taken: Uint8Array | undefined, surroundings: number, kind: CharacterKind | undefined): boolean {
    const { values, codes, next, other, skip } = this;
    let hasChanged = false;
    for (const index of order) {
      let value: number;
      switch (codes[index]) {
        case CODES.end: value = Number(kind === undefined); break;
        case CODES.found: value = 1; break;
        case CODES.character: value = kind === undefined ? 0 : kind.held[other[index]] & taken![next[index]]; break;
        case CODES.either: value = values[next[index]] | values[other[index]]; break;
        case CODES.count:
          value = kind === undefined ? 0 : kind.held[other[index]] & taken![next[index]];
          if (skip[index] !== NONE) value |= values[skip[index]];
          break;
        default: value = values[next[index]] & Number(this.holds(index, surroundings, kind));
      }
      hasChanged ||= value !== values[index];
      values[index] = value;
    }
    return hasChanged;
  }

  /** What takes no character. */
  private holds(index: number, surroundings: number, kind: CharacterKind | undefined): boolean {
    const step = this.pattern.steps[index] as Extract<Step, { kind: 'assertion' | 'look' | 'lookBack' }>;
    if (step.kind === 'look') return (this.values[step.body] === 1) !== step.isNegative;
    if (step.kind === 'lookBack') return (Math.floor(surroundings / BEFORE_KINDS) >> step.place & 1) === Number(!step.isNegative);
    const before = surroundings % BEFORE_KINDS;
    switch (step.name) {
      case 'start': return before === START;
      case 'end': return kind === undefined;
      case 'boundary': return (before === WORD) !== (kind?.isWord ?? false);
      case 'noBoundary': return (before === WORD) === (kind?.isWord ?? false);
    }
  }
}

/** @param first of their places among what is taken */
function countPlaces(steps: readonly Step[], placeOfSet: ReadonlyMap<CharacterSet, number>, first: number): readonly CountPlace[] {
  const places: CountPlace[] = [];
  let from = 0;
  for (const [index, step] of steps.entries()) {
    if (step.kind !== 'count') continue;
    const to = from + Math.floor(step.most / BITS) + 1;
    places.push({ step: index, place: first + places.length, set: placeOfSet.get(step.set)!, next: step.next, from, to });
    from = to;
  }
  return places;
}

function numbersOf(steps: readonly Step[], places: readonly CountPlace[]): Uint32Array {
  const numbers = new Uint32Array(places.at(-1)?.to ?? 0);
  for (const { step, from } of places) {
    const { least, most } = steps[step] as Extract<Step, { kind: 'count' }>;
    for (let number = least; number <= most; number++) numbers[from + Math.floor(number / BITS)] |= 1 << number % BITS;
  }
  return numbers;
}
