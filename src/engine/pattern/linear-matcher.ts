/**
 * Matches a text in one pass, whatever the pattern and the text are: it goes from the last character to the first, and
 * knows at each place which steps of the pattern take all that follows. So what a pattern looks for ahead is known too
 * where it is asked for. What it looks for behind is known from a pass from the first character to the last, before.
 */
import { WrittenPattern } from './pattern-steps';
import { PlaceAutomaton } from './place-automaton';
import { OTHER, START, Surroundings, WORD } from './step-table';

/** Where there is nothing to look back for; the number of each is its `before`. */
const PLAIN_SURROUNDINGS: readonly Surroundings[] = [START, WORD, OTHER].map((before) => ({ before, lookBacks: 0 }));

export class LinearMatcher {
  private readonly surroundings: Surroundings[] = [...PLAIN_SURROUNDINGS];
  private readonly numberByKey = new Map(PLAIN_SURROUNDINGS.map(({ before }) => [before, before]));
  private readonly forward: PlaceAutomaton;
  private readonly backward: PlaceAutomaton | undefined;

  constructor({ forward, backward }: WrittenPattern, flags: string) {
    this.forward = new PlaceAutomaton(forward, flags, this.surroundings);
    if (backward.starts.length > 0) this.backward = new PlaceAutomaton(backward, flags, PLAIN_SURROUNDINGS);
  }

  /** For all texts: what they cost beside one look at each character. */
  get statesWorkedOut(): number {
    return this.forward.statesWorkedOut + (this.backward?.statesWorkedOut ?? 0);
  }

  matches(text: string): boolean {
    const { forward } = this;
    const known = this.backward === undefined ? undefined : this.lookBack(text, this.backward);
    const before = (index: number) => known !== undefined ? known[index] : forward.asksBefore ? standsAt(index - 1, text, forward) : OTHER;
    let state = forward.stateAtEnd(before(text.length));
    for (let index = text.length; index > 0;) {
      if (state === forward.dead) return false;
      let code = text.charCodeAt(--index);
      if (isSecondHalf(code) && index > 0 && isFirstHalf(text.charCodeAt(index - 1))) code = text.codePointAt(--index)!;
      state = forward.stateBefore(state, forward.kinds.of(code), before(index));
    }
    return forward.matchesIn(state) === 1;
  }

  /** @returns of each place in the text its surroundings, by number */
  private lookBack(text: string, backward: PlaceAutomaton): Uint32Array {
    const known = new Uint32Array(text.length + 1);
    const after = (index: number) => backward.asksBefore ? standsAt(index, text, backward) : OTHER;
    let state = backward.stateAtEnd(after(0));
    known[0] = this.numberOf(START, backward.matchesIn(state));
    for (let index = 0; index < text.length;) {
      const code = text.codePointAt(index)!;
      index += code > 0xffff ? 2 : 1;
      const kind = backward.kinds.of(code);
      state = backward.stateBefore(state, kind, after(index));
      known[index] = this.numberOf(backward.kinds.all[kind].isWord ? WORD : OTHER, backward.matchesIn(state));
    }
    return known;
  }

  private numberOf(before: number, lookBacks: number): number {
    const key = lookBacks * PLAIN_SURROUNDINGS.length + before;
    let number = this.numberByKey.get(key);
    if (number === undefined) this.numberByKey.set(key, number = this.surroundings.push({ before, lookBacks }) - 1);
    return number;
  }
}

/** @returns the number of the plain surroundings that have this character, or the end of the text, beside them */
function standsAt(index: number, text: string, { kinds }: PlaceAutomaton): number {
  if (index < 0 || index >= text.length) return START;
  return kinds.all[kinds.of(text.charCodeAt(index))].isWord ? WORD : OTHER;
}

function isFirstHalf(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isSecondHalf(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
