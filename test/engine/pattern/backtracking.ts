import { PatternSteps } from '../../../src/engine/pattern/pattern-steps';

/** The repetitions that are open, each with the place where it has begun. */
type Begun = { readonly loop: number; readonly at: number; readonly outer: Begun } | undefined;

/** Matches as JavaScript does: one way after the other. @returns undefined where it takes more moves than `most` */
export function matchOneByOne({ steps, start }: PatternSteps, text: string, flags: string, most: number): boolean | undefined {
  const characters = [...text];
  const isWord = (place: number) => place >= 0 && place < characters.length && new RegExp('^\\w$', flags).test(characters[place]);
  let moves = 0;
  class TooMany extends Error {}

  const matches = (index: number, at: number, begun: Begun): boolean => {
    if (++moves > most) throw new TooMany();
    const step = steps[index];
    switch (step.kind) {
      case 'end': return at === characters.length;
      case 'found': return true;
      case 'character': return at < characters.length && step.set.holds(characters[at].codePointAt(0)!) && matches(step.next, at + 1, begun);
      case 'look': return matches(step.body, at, undefined) !== step.isNegative && matches(step.next, at, begun);
      case 'assertion': {
        const holds = {
          start: () => at === 0,
          end: () => at === characters.length,
          boundary: () => isWord(at - 1) !== isWord(at),
          noBoundary: () => isWord(at - 1) === isWord(at),
        }[step.name];
        return holds() && matches(step.next, at, begun);
      }
      case 'either': {
        let outer = begun;
        while (outer !== undefined && outer.loop !== index) outer = outer.outer;
        // A repetition of nothing.
        if (outer?.at === at) return false;
        return matches(step.first, at, { loop: index, at, outer: begun }) || matches(step.second, at, outer === undefined ? begun : outer.outer);
      }
    }
  };
  try {
    return matches(start, 0, undefined);
  } catch (error) {
    if (error instanceof TooMany) return undefined;
    throw error;
  }
}
