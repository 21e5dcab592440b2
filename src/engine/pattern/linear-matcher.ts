/**
 * Matches a text in one pass, whatever the pattern and the text are: it goes from the last character to the first, and
 * knows at each place which steps of the pattern take all that follows. So what a pattern looks for ahead is known too
 * where it is asked for. Which state comes of another one before which character is worked out where it is needed first,
 * and kept.
 */
import { ASCII_SIZE, CharacterSet } from './character-set';
import { PatternSteps } from './pattern-steps';
import { CharacterKind, OTHER, PlaceState, START, StepTable, WORD } from './step-table';

/** So many states, and characters beyond the first plane, are kept: then it begins anew. */
const MOST_STATES = 1000;
const MOST_CHARACTERS = 10_000;
const PLANE_SIZE = 0x10000;
const FIRST_STATES = 16;
/** Kinds of characters beyond ASCII that there is room for from the beginning. */
const MORE_KINDS = 8;
const KINDS_BEFORE = 3;
const UNKNOWN = -1;

export class LinearMatcher {
  private workedOut = 0;
  private readonly table: StepTable;
  private readonly word: CharacterSet;
  private readonly kinds: CharacterKind[] = [];
  private readonly kindByKey = new Map<string, number>();
  private readonly asciiKinds: Uint16Array;
  /** Of characters from ASCII to the end of the first plane, each more by one than its kind: 0 where it is not known. */
  private planeKinds: Uint16Array | undefined;
  private readonly otherKinds = new Map<number, number>();
  private readonly states: PlaceState[] = [];
  private readonly stateByKey = new Map<string, number>();
  private readonly ends = new Map<number, number>();
  /** Of the state that leads to no match. */
  private dead = UNKNOWN;
  /** The state before a character: by the state behind it, its kind, and what stands before it. */
  private ways = new Int32Array(0);
  /** Of the ways from one state. */
  private width = 0;

  constructor(pattern: PatternSteps, flags: string) {
    this.table = new StepTable(pattern);
    this.word = new CharacterSet('\\w', flags);
    this.asciiKinds = Uint16Array.from({ length: ASCII_SIZE }, (_, code) => this.kindOf(code));
    this.layOut();
  }

  /** States that were worked out, for all texts: what these cost beside one look at each character. */
  get statesWorkedOut(): number {
    return this.workedOut;
  }

  matches(text: string): boolean {
    const { asciiKinds, table: { asksBefore } } = this;
    let state = this.endState(asksBefore ? this.before(text, text.length) : OTHER);
    let index = text.length;
    while (index > 0) {
      if (state === this.dead) return false;
      let code = text.charCodeAt(--index);
      if (code >= 0xdc00 && code <= 0xdfff && index > 0 && isFirstHalf(text.charCodeAt(index - 1))) code = text.codePointAt(--index)!;
      const kind = code < ASCII_SIZE ? asciiKinds[code] : this.otherKind(code);
      const before = asksBefore ? this.before(text, index) : OTHER;
      const known = this.ways[state * this.width + kind * KINDS_BEFORE + before];
      state = known === UNKNOWN ? this.workOut(state, this.kinds[kind], before) : known;
    }
    return this.states[state].isMatch;
  }

  private before(text: string, index: number): number {
    if (index === 0) return START;
    const code = text.charCodeAt(index - 1);
    return this.kinds[code < ASCII_SIZE ? this.asciiKinds[code] : this.otherKind(code)].isWord ? WORD : OTHER;
  }

  private otherKind(code: number): number {
    if (code >= PLANE_SIZE) return this.kindBeyondPlane(code);
    const kinds = this.planeKinds ??= new Uint16Array(PLANE_SIZE);
    if (kinds[code] === 0) kinds[code] = this.kindOf(code) + 1;
    return kinds[code] - 1;
  }

  private kindBeyondPlane(code: number): number {
    const known = this.otherKinds.get(code);
    if (known !== undefined) return known;
    if (this.otherKinds.size === MOST_CHARACTERS) this.otherKinds.clear();
    const kind = this.kindOf(code);
    this.otherKinds.set(code, kind);
    return kind;
  }

  private kindOf(code: number): number {
    const held = Uint8Array.from(this.table.sets, (set) => Number(set.holds(code)));
    const isWord = this.word.holds(code);
    const key = `${String(isWord)} ${held.join('')}`;
    const known = this.kindByKey.get(key);
    if (known !== undefined) return known;
    const index = this.kinds.push({ index: this.kinds.length, isWord, held }) - 1;
    this.kindByKey.set(key, index);
    if (this.kinds.length * KINDS_BEFORE > this.width) this.layOut();
    return index;
  }

  /** Makes room for the ways of all states, and forgets those that are known. */
  private layOut(): void {
    this.width = (this.kinds.length + MORE_KINDS) * KINDS_BEFORE;
    this.ways = new Int32Array(this.width * Math.max(this.states.length * 2, FIRST_STATES)).fill(UNKNOWN);
  }

  private endState(before: number): number {
    let state = this.ends.get(before);
    if (state === undefined) {
      this.workedOut++;
      state = this.numberOf(this.table.stateBefore(undefined, before, undefined));
      this.ends.set(before, state);
    }
    return state;
  }

  private workOut(later: number, kind: CharacterKind, before: number): number {
    this.workedOut++;
    const state = this.table.stateBefore(this.states[later], before, kind);
    const isFull = this.states.length === MOST_STATES;
    if (isFull) {
      this.states.length = 0;
      this.stateByKey.clear();
      this.ends.clear();
      this.dead = UNKNOWN;
      this.layOut();
    }
    const number = this.numberOf(state);
    if (!isFull) this.ways[later * this.width + kind.index * KINDS_BEFORE + before] = number;
    return number;
  }

  private numberOf(state: PlaceState): number {
    const known = this.stateByKey.get(state.key);
    if (known !== undefined) return known;
    const number = this.states.push(state) - 1;
    this.stateByKey.set(state.key, number);
    if (state.isDead) this.dead = number;
    if (this.states.length * this.width > this.ways.length) {
      const wider = new Int32Array(this.ways.length * 2).fill(UNKNOWN);
      wider.set(this.ways);
      this.ways = wider;
    }
    return number;
  }
}

function isFirstHalf(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
