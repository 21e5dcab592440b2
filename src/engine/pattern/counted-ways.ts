/**
 * How many ways JavaScript may be on at one place of a text, for all texts: the ways to each step are counted from one
 * character to the next, for each kind of character, until no other counts come.
 */
import { CharacterSet, distinctCharacters } from './character-set';
import { PatternSteps, Step } from './pattern-steps';

/** Counts that are looked at, and kinds of characters for which they are, before there are too many. */
const MOST_COUNTS = 3000;
const MOST_LOOKS = 300_000;

/** @returns Infinity where there are more than `most`, or where counting takes too long */
export function countedWays({ steps, start }: PatternSteps, most: number): number {
  const characters = steps.filter((step) => step.kind === 'character');
  const kinds = kindsOf([...new Set(characters.map(({ set }) => set))]);
  const aheads = new Map<number, Ahead>();
  const known = new Set<string>();
  const pending: Array<ReadonlyMap<number, number>> = [new Map([[start, 1]])];
  let greatest = 0;
  let looks = 0;
  for (let counts = pending.pop(); counts !== undefined; counts = pending.pop()) {
    const here = new Map<CharacterStep, number>();
    let ways = 0;
    for (const [source, count] of counts) {
      let ahead = aheads.get(source);
      if (ahead === undefined) aheads.set(source, ahead = new Ahead(steps, source, most));
      ways += count * ahead.most;
      for (const [step, times] of ahead.characters) here.set(step, (here.get(step) ?? 0) + count * times);
    }
    greatest = Math.max(greatest, ways);
    looks += kinds.length * here.size;
    if (greatest > most || looks > MOST_LOOKS) return Infinity;
    for (const kind of kinds) {
      const next = new Map<number, number>();
      for (const [step, count] of here) if (kind.has(step.set)) next.set(step.next, (next.get(step.next) ?? 0) + count);
      const key = [...next].sort(([one], [other]) => one - other).join(' ');
      if (next.size === 0 || known.has(key)) continue;
      if (known.add(key).size > MOST_COUNTS) return Infinity;
      pending.push(next);
    }
  }
  return greatest;
}

type CharacterStep = Extract<Step, { kind: 'character' }>;

/** The sets that hold a character, for each kind of characters. */
function kindsOf(sets: readonly CharacterSet[]): ReadonlyArray<ReadonlySet<CharacterSet>> {
  const kinds = new Map<string, ReadonlySet<CharacterSet>>();
  for (const character of distinctCharacters(sets)) {
    const held = sets.map((set) => set.holds(character.codePointAt(0)!));
    const key = held.map(Number).join('');
    if (!kinds.has(key)) kinds.set(key, new Set(sets.filter((_, place) => held[place])));
  }
  return [...kinds.values()];
}

/** The ways from one place to the next characters. */
class Ahead {
  readonly characters = new Map<CharacterStep, number>();
  /** The most ways to one step. */
  most = 0;
  private readonly visits = new Map<number, number>();
  /** The repetitions that have begun anew, and not ended. */
  private readonly begun = new Set<number>();

  constructor(private readonly steps: readonly Step[], start: number, private readonly limit: number) {
    this.follow(start);
  }

  private follow(start: number): void {
    for (let index = start; ;) {
      // A repetition of nothing: JavaScript does not go on with it.
      if (this.begun.has(index) || this.most > this.limit) return;
      const visits = (this.visits.get(index) ?? 0) + 1;
      this.visits.set(index, visits);
      this.most = Math.max(this.most, visits);
      const step = this.steps[index];
      switch (step.kind) {
        case 'end':
        case 'found': return;
        case 'character':
          this.characters.set(step, visits);
          return;
        case 'assertion':
        case 'look':
          index = step.next;
          break;
        case 'either':
          this.begun.add(index);
          this.follow(step.first);
          this.begun.delete(index);
          index = step.second;
      }
    }
  }
}
