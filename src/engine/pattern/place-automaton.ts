/**
 * The states that a pattern has at the places of a text, by numbers. Which state comes of another one before which character
 * is worked out where it is needed first, and kept.
 */
import { CharacterKinds } from './character-kinds';
import { PatternSteps } from './pattern-steps';
import { PlaceState, StepTable, Surroundings } from './step-table';

/** What is kept of states may take so much: then it begins anew. */
const MOST_BYTES = 8 * 2 ** 20;
/** Of a state beside its key and its transitions. */
const STATE_BYTES = 300;
const BYTES_PER_TRANSITION = 4;
const FIRST_STATES = 16;
/** Kinds of characters beyond those known that there is room for. */
const MORE_KINDS = 8;
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
  private surroundingsRoom = 0;

  /** @param surroundings that there may be; more may follow */
  constructor(pattern: PatternSteps, flags: string, private readonly surroundings: readonly Surroundings[]) {
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
    if (this.hasRoomFor(kind, surroundings)) {
      const known = this.transitions[this.transitionOf(later, kind, surroundings)];
      if (known !== UNKNOWN) return known;
    }
    return this.workOut(later, kind, surroundings);
  }

  private workOut(later: number, kind: number, surroundings: number): number {
    this.workedOut++;
    const state = this.table.stateBefore(this.states[later], this.surroundings[surroundings], this.kinds.all[kind]);
    const isFull = this.stateBytes > MOST_BYTES;
    if (isFull) {
      this.states.length = 0;
      this.stateBytes = 0;
      this.stateByKey.clear();
      this.ends.clear();
      this.dead = UNKNOWN;
    }
    if (isFull || !this.hasRoomFor(kind, surroundings)) this.layOut();
    const number = this.numberOf(state);
    if (!isFull) this.transitions[this.transitionOf(later, kind, surroundings)] = number;
    return number;
  }

  private hasRoomFor(kind: number, surroundings: number): boolean {
    return kind < this.kindsRoom && surroundings < this.surroundingsRoom;
  }

  private transitionOf(later: number, kind: number, surroundings: number): number {
    return (later * this.kindsRoom + kind) * this.surroundingsRoom + surroundings;
  }

  /** Makes room for the transitions of all states, and forgets those that are known. */
  private layOut(): void {
    this.kindsRoom = this.kinds.all.length + MORE_KINDS;
    this.surroundingsRoom = this.surroundings.length;
    this.transitions = new Int32Array(this.transitionOf(Math.max(this.states.length * 2, FIRST_STATES), 0, 0)).fill(UNKNOWN);
  }

  private numberOf(state: PlaceState): number {
    const known = this.stateByKey.get(state.key);
    if (known !== undefined) return known;
    const number = this.states.push(state) - 1;
    this.stateByKey.set(state.key, number);
    this.stateBytes += STATE_BYTES + state.key.length * 2 + this.transitionOf(1, 0, 0) * BYTES_PER_TRANSITION;
    if (state.isDead) this.dead = number;
    if (this.transitionOf(this.states.length, 0, 0) > this.transitions.length) {
      const wider = new Int32Array(this.transitions.length * 2).fill(UNKNOWN);
      wider.set(this.transitions);
      this.transitions = wider;
    }
    return number;
  }
}
