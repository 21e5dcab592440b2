/**
 * Matches a text in one pass, whatever the pattern and the text are: it goes from the last character to the first, and
 * knows at each place which steps of the pattern take all that follows. So what a pattern looks for ahead is known too
 * where it is asked for. What it looks for behind is known from a pass from the first character to the last, before.
 */
import { WrittenPattern } from './pattern-steps';
import { PlaceAutomaton } from './place-automaton';
import { OTHER, START, surroundingsOf, WORD } from './step-table';

export class LinearMatcher {
  private readonly forward: PlaceAutomaton;
  private readonly backward: PlaceAutomaton | undefined;

  constructor({ forward, backward }: WrittenPattern, flags: string) {
    this.forward = new PlaceAutomaton(forward, flags);
    if (backward.starts.length > 0) this.backward = new PlaceAutomaton(backward, flags);
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

  /** @returns the surroundings of each place in the text */
  private lookBack(text: string, backward: PlaceAutomaton): Float64Array {
    const known = new Float64Array(text.length + 1);
    const after = (index: number) => backward.asksBefore ? standsAt(index, text, backward) : OTHER;
    let state = backward.stateAtEnd(after(0));
    known[0] = surroundingsOf(START, backward.matchesIn(state));
    for (let index = 0; index < text.length;) {
      const code = text.codePointAt(index)!;
      index += code > 0xffff ? 2 : 1;
      const kind = backward.kinds.of(code);
      state = backward.stateBefore(state, kind, after(index));
      known[index] = surroundingsOf(backward.kinds.all[kind].isWord ? WORD : OTHER, backward.matchesIn(state));
    }
    return known;
  }
}

/** What a character is, or an end of the text, to the place beside it. */
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
