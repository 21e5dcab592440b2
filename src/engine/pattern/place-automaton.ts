/**
 * The states that a pattern has at the places of a text, by numbers. Which state comes of another one before which character
 * is worked out where it is needed first, and kept.
 */
import { CharacterKinds } from './character-kinds';
import { PatternSteps } from './pattern-steps';
import { BEFORE_KINDS, PlaceState, StepTable } from './step-table';

/** What is kept of states may take so much: then it begins anew. */
const MOST_BYTES = 8 * 2 ** 20;
/** Of a state beside its key. */
const STATE_BYTES = 300;
const FIRST_STATES = 16;
/** Kinds of characters beyond those known that there is room for. */
const MORE_KINDS = 8;
/** What comes behind others than so many surroundings is worked out each time: twenty looks behind may have a million. */
const MOST_SURROUNDINGS = 48;
const UNKNOWN = -1;

export class PlaceAutomaton {
  readonly kinds: CharacterKinds;
  readonly asksBefore: boolean;
  /** Of the state that leads to no match. */
  dead = UNKNOWN;
  private workedOut = 0;
  private readonly table: StepTable;
  private readonly states: PlaceState[] = [];
  private stateBytes = 0;
  private readonly stateByKey = new Map<string, number>();
  private readonly ends = new Map<number, number>();
  /** The state before a character: by the state behind it, its kind, and what stands before it. */
  private transitions = new Int32Array(0);
  private kindsRoom = 0;
  private surroundingsRoom = BEFORE_KINDS;
  /** Those of a pattern that looks back, each with its place among the transitions. */
  private readonly placeBySurroundings = new Map<number, number>();

  constructor(pattern: PatternSteps, flags: string) {
    this.table = new StepTable(pattern);
    this.kinds = new CharacterKinds(this.table.sets, flags);
    this.asksBefore = this.table.asksBefore;
    this.layOut();
  }

  /** For all texts: what they cost beside one look at each character. */
  get statesWorkedOut(): number {
    return this.workedOut;
  }

  matchesIn(state: number): number {
    return this.states[state].matches;
  }

  /** @param surroundings of the place, here as below: see `surroundingsOf` */
  stateAtEnd(surroundings: number): number {
    let state = this.ends.get(surroundings);
    if (state === undefined) {
      this.workedOut++;
      const worked = this.table.stateBefore(undefined, surroundings, undefined);
      if (this.ends.size === MOST_SURROUNDINGS || this.isFull) this.forget();
      state = this.numberOf(worked);
      this.ends.set(surroundings, state);
    }
    return state;
  }

  stateBefore(later: number, kind: number, surroundings: number): number {
    const place = surroundings < BEFORE_KINDS ? surroundings : this.placeOf(surroundings);
    if (kind < this.kindsRoom && place < this.surroundingsRoom) {
      const known = this.transitions[this.transitionOf(later, kind, place)];
      if (known !== UNKNOWN) return known;
    }
    return this.workOut(later, kind, surroundings, place);
  }

  private placeOf(surroundings: number): number {
    const known = this.placeBySurroundings.get(surroundings);
    if (known !== undefined) return known;
    const place = BEFORE_KINDS + this.placeBySurroundings.size;
    if (place < MOST_SURROUNDINGS) this.placeBySurroundings.set(surroundings, place);
    return place;
  }

  private workOut(later: number, kind: number, surroundings: number, place: number): number {
    this.workedOut++;
    const state = this.table.stateBefore(this.states[later], surroundings, this.kinds.all[kind]);
    const isKept = place < MOST_SURROUNDINGS;
    if (kind >= this.kindsRoom || (isKept && place >= this.surroundingsRoom)) this.layOut();
    const isFull = this.isFull;
    if (isFull) this.forget();
    const number = this.numberOf(state);
    if (isKept && !isFull) this.transitions[this.transitionOf(later, kind, place)] = number;
    return number;
  }

  /** By what all states take, and their transitions. The room for the first ones is there in any case. */
  private get isFull(): boolean {
    return this.states.length > FIRST_STATES && this.stateBytes + this.transitions.byteLength > MOST_BYTES;
  }

  private forget(): void {
    this.states.length = 0;
    this.stateBytes = 0;
    this.stateByKey.clear();
    this.ends.clear();
    this.dead = UNKNOWN;
    this.layOut();
  }

  private transitionOf(later: number, kind: number, place: number): number {
    return (later * this.kindsRoom + kind) * this.surroundingsRoom + place;
  }

  /** Makes room for the transitions of all states, and forgets those that are known. */
  private layOut(): void {
    this.kindsRoom = this.kinds.all.length + MORE_KINDS;
    while (this.surroundingsRoom < BEFORE_KINDS + this.placeBySurroundings.size) this.surroundingsRoom *= 2;
    this.transitions = new Int32Array(this.transitionOf(Math.max(this.states.length * 2, FIRST_STATES), 0, 0)).fill(UNKNOWN);
  }

  private numberOf(state: PlaceState): number {
    const known = this.stateByKey.get(state.key);
    if (known !== undefined) return known;
    const number = this.states.push(state) - 1;
    this.stateByKey.set(state.key, number);
    this.stateBytes += STATE_BYTES + state.key.length * 2;
    if (state.isDead) this.dead = number;
    if (this.transitionOf(this.states.length, 0, 0) > this.transitions.length) {
      const wider = new Int32Array(this.transitions.length * 2).fill(UNKNOWN);
      wider.set(this.transitions);
      this.transitions = wider;
    }
    return number;
  }
}
