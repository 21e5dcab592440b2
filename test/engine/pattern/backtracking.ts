import { PatternSteps, WrittenPattern } from '../../../src/engine/pattern/pattern-steps';

/** The repetitions that are open, each with the place where it has begun. */
type Begun = { readonly loop: number; readonly at: number; readonly outer: Begun } | undefined;

class TooMany extends Error {}

/** Matches as JavaScript does: one way after the other. @returns undefined where it takes more moves than `most` */
export function matchOneByOne({ forward, backward }: WrittenPattern, text: string, flags: string, most: number): boolean | undefined {
  const characters = [...text];
  const reversed = [...characters].reverse();
  const word = new RegExp('^\\w$', flags);
  let moves = 0;

  const matcher = ({ steps }: PatternSteps, read: readonly string[]) => {
    const isWord = (place: number) => place >= 0 && place < read.length && word.test(read[place]);
    const matches = (index: number, at: number, begun: Begun): boolean => {
      if (++moves > most) throw new TooMany();
      const step = steps[index];
      switch (step.kind) {
        case 'end': return at === read.length;
        case 'found': return true;
        case 'character': return at < read.length && step.set.holds(read[at].codePointAt(0)!) && matches(step.next, at + 1, begun);
        case 'count': {
          let taken = 0;
          while (taken < step.most && at + taken < read.length && step.set.holds(read[at + taken].codePointAt(0)!)) taken++;
          moves += taken;
          for (; taken >= step.least; taken--) if (matches(step.next, at + taken, begun)) return true;
          return false;
        }
        case 'look': return matches(step.body, at, undefined) !== step.isNegative && matches(step.next, at, begun);
        case 'lookBack': return back(backward.starts[step.place], characters.length - at, undefined) !== step.isNegative && matches(step.next, at, begun);
        case 'assertion': {
          const holds = {
            start: () => at === 0,
            end: () => at === read.length,
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
    return matches;
  };
  const back = matcher(backward, reversed);
  try {
    return matcher(forward, characters)(forward.starts[0], 0, undefined);
  } catch (error) {
    if (error instanceof TooMany) return undefined;
    throw error;
  }
}
