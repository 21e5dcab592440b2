/**
 * The states that a pattern has at the places of a text, by numbers. Which state comes of another one before which character
 * is worked out where it is needed first, and kept.
 */
import { ASCII_SIZE, CharacterSet } from './character-set';
import { PatternSteps } from './pattern-steps';
import { CharacterKind, PlaceState, StepTable, Surroundings } from './step-table';

/** What is kept of states may take so much, and so may as many characters beyond the first plane: then it begins anew. */
const MOST_BYTES = 8 * 2 ** 20;
const MOST_CHARACTERS = 10_000;
/** Of a state beside its key and its ways. */
const STATE_BYTES = 300;
const BYTES_PER_WAY = 4;
const PLANE_SIZE = 0x10000;
const FIRST_STATES = 16;
/** Kinds of characters beyond ASCII that there is room for from the beginning. */
const MORE_KINDS = 8;
const UNKNOWN = -1;

export class PlaceAutomaton {
  /** Of the state that leads to no match. */
  dead = UNKNOWN;
  readonly asksBefore: boolean;
  readonly kinds: CharacterKind[] = [];
  private workedOut = 0;
  private readonly table: StepTable;
  private readonly word: CharacterSet;
  private readonly kindByKey = new Map<string, number>();
  private readonly asciiKinds: Uint16Array;
  /** Of characters from ASCII to the end of the first plane, each more by one than its kind: 0 where it is not known. */
  private planeKinds: Uint16Array | undefined;
  private readonly otherKinds = new Map<number, number>();
  private readonly states: PlaceState[] = [];
  private stateBytes = 0;
  private readonly stateByKey = new Map<string, number>();
  private readonly ends = new Map<number, number>();
  /** The state before a character: by the state behind it, its kind, and what stands before it. */
  private ways = new Int32Array(0);
  private surroundingsRoom = 0;
  /** Of the ways from one state. */
  private width = 0;

  /** @param surroundings that there may be; more may follow */
  constructor(pattern: PatternSteps, flags: string, private readonly surroundings: readonly Surroundings[]) {
    this.table = new StepTable(pattern);
    this.asksBefore = this.table.asksBefore;
    this.word = new CharacterSet('\\w', flags);
    this.asciiKinds = Uint16Array.from({ length: ASCII_SIZE }, (_, code) => this.kindOf(code));
    this.layOut();
  }

  /** For all texts: what they cost beside one look at each character. */
  get statesWorkedOut(): number {
    return this.workedOut;
  }

  kindAt(code: number): number {
    return code < ASCII_SIZE ? this.asciiKinds[code] : this.otherKind(code);
  }

  matchesIn(state: number): number {
    return this.states[state].matches;
  }

  /** @param surroundings by number, here as below */
  stateAtEnd(surroundings: number): number {
    let state = this.ends.get(surroundings);
    if (state === undefined) {
      this.workedOut++;
      state = this.numberOf(this.table.stateBefore(undefined, this.surroundings[surroundings], undefined));
      this.ends.set(surroundings, state);
    }
    return state;
  }

  stateBefore(later: number, kind: number, surroundings: number): number {
    if (surroundings < this.surroundingsRoom) {
      const known = this.ways[later * this.width + kind * this.surroundingsRoom + surroundings];
      if (known !== UNKNOWN) return known;
    }
    return this.workOut(later, kind, surroundings);
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
    if (this.kinds.length * this.surroundingsRoom > this.width) this.layOut();
    return index;
  }

  /** Makes room for the ways of all states, and forgets those that are known. */
  private layOut(): void {
    this.surroundingsRoom = this.surroundings.length;
    this.width = (this.kinds.length + MORE_KINDS) * this.surroundingsRoom;
    this.ways = new Int32Array(this.width * Math.max(this.states.length * 2, FIRST_STATES)).fill(UNKNOWN);
  }

  private workOut(later: number, kind: number, surroundings: number): number {
    this.workedOut++;
    const state = this.table.stateBefore(this.states[later], this.surroundings[surroundings], this.kinds[kind]);
    const isFull = this.stateBytes > MOST_BYTES;
    if (isFull) {
      this.states.length = 0;
      this.stateBytes = 0;
      this.stateByKey.clear();
      this.ends.clear();
      this.dead = UNKNOWN;
    }
    if (isFull || this.surroundings.length > this.surroundingsRoom) this.layOut();
    const number = this.numberOf(state);
    if (!isFull) this.ways[later * this.width + kind * this.surroundingsRoom + surroundings] = number;
    return number;
  }

  private numberOf(state: PlaceState): number {
    const known = this.stateByKey.get(state.key);
    if (known !== undefined) return known;
    const number = this.states.push(state) - 1;
    this.stateByKey.set(state.key, number);
    this.stateBytes += STATE_BYTES + state.key.length * 2 + this.width * BYTES_PER_WAY;
    if (state.isDead) this.dead = number;
    if (this.states.length * this.width > this.ways.length) {
      const wider = new Int32Array(this.ways.length * 2).fill(UNKNOWN);
      wider.set(this.ways);
      this.ways = wider;
    }
    return number;
  }
}
