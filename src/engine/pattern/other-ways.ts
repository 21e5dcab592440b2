/**
 * Whether JavaScript, which tries one way after the other, may have several for one text. Where it has one at most, what it
 * tries in vain ends at once, and a match takes time in proportion to the text.
 */
import { PatternSteps, Step } from './pattern-steps';
import { PatternNode } from './pattern-tree';

/** @returns the place in the pattern of what may be matched in another way too; undefined: there is none */
export function otherWay({ steps, start }: PatternSteps): number | undefined {
  const sources = new Set([start]);
  for (const step of steps) {
    if (step.kind === 'character') sources.add(step.next);
    else if (step.kind === 'look') sources.add(step.body);
  }
  for (const source of sources) {
    const place = new Ways(steps).follow(source);
    if (place !== undefined) return place;
  }
  return undefined;
}

/** The ways from one place to the next characters. */
class Ways {
  private readonly seen = new Set<number>();
  /** The repetitions that have begun anew, and not ended. */
  private readonly begun = new Set<number>();
  private bits = 0n;

  constructor(private readonly steps: readonly Step[]) {}

  follow(start: number): number | undefined {
    const { seen, begun, steps } = this;
    for (let index = start; ;) {
      // A repetition of nothing: JavaScript does not go on with it.
      if (begun.has(index)) return undefined;
      if (seen.has(index)) return this.placeOf(index);
      seen.add(index);
      const step = steps[index];
      switch (step.kind) {
        case 'end':
        case 'found': return undefined;
        case 'character': return this.meets(step) ? step.at : undefined;
        case 'assertion':
        case 'look':
          index = step.next;
          break;
        case 'either': {
          begun.add(index);
          const place = this.follow(step.first);
          if (place !== undefined) return place;
          begun.delete(index);
          index = step.second;
        }
      }
    }
  }

  /** Whether a character may be this one, or one that another way leads to. */
  private meets({ set }: Extract<Step, { kind: 'character' }>): boolean {
    const meets = (this.bits & set.bits) !== 0n;
    this.bits |= set.bits;
    return meets;
  }

  /** Of the first character from there on. */
  private placeOf(start: number): number {
    let index = start;
    for (let moves = 0; moves < this.steps.length; moves++) {
      const step = this.steps[index];
      if (step.kind === 'character') return step.at;
      if (step.kind === 'end' || step.kind === 'found') break;
      index = step.kind === 'either' ? step.first : step.next;
    }
    return 0;
  }
}

/** Ways through what is looked for ahead or behind: all of them may be tried at each place. */
const MOST_WAYS = 100;

/** What the pattern looks for that takes more time than a few characters do. */
export function slowLook(node: PatternNode): Extract<PatternNode, { kind: 'look' }> | undefined {
  switch (node.kind) {
    case 'sequence': return firstOf(node.parts);
    case 'choice': return firstOf(node.options);
    case 'repeat': return slowLook(node.body);
    case 'look': return countWays(node.body) > MOST_WAYS ? node : slowLook(node.body);
    case 'character':
    case 'assertion':
    case 'reference': return undefined;
  }
}

function firstOf(nodes: readonly PatternNode[]): ReturnType<typeof slowLook> {
  for (const node of nodes) {
    const found = slowLook(node);
    if (found !== undefined) return found;
  }
  return undefined;
}

function countWays(node: PatternNode): number {
  switch (node.kind) {
    case 'sequence': return node.parts.reduce((ways, part) => ways * countWays(part), 1);
    case 'choice': return node.options.reduce((ways, option) => ways + countWays(option), 0);
    case 'repeat': return waysToRepeat(countWays(node.body), node.least, node.most);
    case 'look': return countWays(node.body);
    case 'character':
    case 'assertion': return 1;
    // The length of what it matches is not known.
    case 'reference': return Infinity;
  }
}

function waysToRepeat(ways: number, least: number, most: number): number {
  if (most === Infinity || most > MOST_WAYS) return most === least && ways === 1 ? 1 : Infinity;
  let sum = 0;
  for (let times = least; times <= most; times++) sum += ways ** times;
  return sum;
}
