/** Which steps of a pattern take the rest of a text, at one place after the other, from its end on. */
import { CharacterSet } from './character-set';
import { PatternSteps, Step } from './pattern-steps';

/** What stands before a place. */
export const START = 0;
export const WORD = 1;
export const OTHER = 2;

/** Characters that the pattern cannot tell apart. */
export interface CharacterKind {
  readonly index: number;
  readonly isWord: boolean;
  /** Of each of the pattern's sets, whether it holds them. */
  readonly held: Uint8Array;
}

/** What is known at a place. */
export interface PlaceState {
  /** Of the steps that are asked for at the place before: which take the rest of the text. */
  readonly taken: Uint8Array;
  /** Equal for equal states. */
  readonly key: string;
  /** The whole pattern takes the rest of the text. */
  readonly isMatch: boolean;
  /** Nothing that may stand before the place leads to a match. */
  readonly isDead: boolean;
}

/** The steps as numbers: where a text has many states, they are gone through for each of its characters. */
const CODES = { end: 0, found: 1, character: 2, either: 3, assertion: 4, look: 5 } as const satisfies Record<Step['kind'], number>;

export class StepTable {
  readonly sets: readonly CharacterSet[];
  /** Whether a step asks what stands before its place; most patterns have none. */
  readonly asksBefore: boolean;
  private readonly asksAhead: boolean;
  /** The steps that are asked for at the place before: the first, and those behind a character. */
  private readonly asked: readonly number[];
  private readonly codes: Uint8Array;
  /** The step behind it; for a character its place among those that are asked for. */
  private readonly next: Int32Array;
  /** The other step behind it; for a character its set. */
  private readonly other: Int32Array;
  private readonly values: Uint8Array;

  constructor(private readonly pattern: PatternSteps) {
    const { steps, start } = pattern;
    const characters = steps.filter((step) => step.kind === 'character');
    this.sets = [...new Set(characters.map(({ set }) => set))];
    this.asked = [...new Set([start, ...characters.map(({ next }) => next)])];
    this.asksBefore = steps.some(({ kind }) => kind === 'assertion');
    this.asksAhead = steps.some(({ kind }) => kind === 'look');
    const placeOfSet = new Map(this.sets.map((set, place) => [set, place]));
    const placeOfStep = new Map(this.asked.map((step, place) => [step, place]));
    this.codes = Uint8Array.from(steps, ({ kind }) => CODES[kind]);
    this.next = Int32Array.from(steps, (step) => step.kind === 'character' ? placeOfStep.get(step.next)! : step.kind === 'either' ? step.first : 'next' in step ? step.next : -1);
    this.other = Int32Array.from(steps, (step) => step.kind === 'character' ? placeOfSet.get(step.set)! : step.kind === 'either' ? step.second : step.kind === 'look' ? step.body : -1);
    this.values = new Uint8Array(steps.length);
  }

  /** @param kind of the character between the place and that of `later`; none at the end of the text */
  stateBefore(later: PlaceState | undefined, before: number, kind: CharacterKind | undefined): PlaceState {
    const { values, asked } = this;
    for (const { order, hasCircle } of this.pattern.strata) {
      if (hasCircle) for (const index of order) values[index] = 0;
      while (this.workOut(order, later?.taken, before, kind) && hasCircle);
    }
    const taken = new Uint8Array(asked.length);
    let any = 0;
    for (let place = 0; place < asked.length; place++) any |= taken[place] = values[asked[place]];
    return {
      taken,
      key: Buffer.from(taken.buffer).latin1Slice(),
      isMatch: taken[0] === 1,
      // Where it is asked what does not follow, what takes nothing now may be taken all the same.
      isDead: any === 0 && !this.asksAhead,
    };
  }

  /** @returns whether a value is another one than before */
  private workOut(order: readonly number[], taken: Uint8Array | undefined, before: number, kind: CharacterKind | undefined): boolean {
    const { values, codes, next, other } = this;
    let hasChanged = false;
    for (const index of order) {
      let value: number;
      switch (codes[index]) {
        case CODES.end: value = Number(kind === undefined); break;
        case CODES.found: value = 1; break;
        case CODES.character: value = kind === undefined ? 0 : kind.held[other[index]] & taken![next[index]]; break;
        case CODES.either: value = values[next[index]] | values[other[index]]; break;
        default: value = values[next[index]] & Number(this.holds(index, before, kind));
      }
      hasChanged ||= value !== values[index];
      values[index] = value;
    }
    return hasChanged;
  }

  /** What takes no character. */
  private holds(index: number, before: number, kind: CharacterKind | undefined): boolean {
    const step = this.pattern.steps[index] as Extract<Step, { kind: 'assertion' | 'look' }>;
    if (step.kind === 'look') return (this.values[step.body] === 1) !== step.isNegative;
    switch (step.name) {
      case 'start': return before === START;
      case 'end': return kind === undefined;
      case 'boundary': return (before === WORD) !== (kind?.isWord ?? false);
      case 'noBoundary': return (before === WORD) === (kind?.isWord ?? false);
    }
  }
}
