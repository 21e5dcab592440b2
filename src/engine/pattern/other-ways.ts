/**
 * Whether JavaScript, which tries one way after the other, may have several for one text. Where it has one at most, what it
 * tries in vain ends at once, and a match takes time in proportion to the text.
 */
import { PatternSteps, Step } from './pattern-steps';
import { PatternNode } from './pattern-tree';

type Count = Extract<Step, { kind: 'count' }>;

/** @returns the place in the pattern of what may be matched in another way too; undefined: there is none */
export function otherWay({ steps, starts }: PatternSteps): number | undefined {
  const sources = new Set(starts);
  const counts: Count[] = [];
  for (const step of steps) {
    if (step.kind === 'character' || step.kind === 'count') sources.add(step.next);
    if (step.kind === 'count') counts.push(step);
  }
  for (const source of sources) {
    const place = new Ways(steps).follow(source);
    if (place !== undefined) return place;
  }
  for (const count of counts) {
    const place = new Ways(steps).goOn(count);
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

  /** Behind some of those that are counted, and not all. */
  goOn(count: Count): number | undefined {
    if (this.meets(count)) return count.at;
    return count.least === count.most ? undefined : this.follow(count.next);
  }

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
        case 'count':
          if (this.meets(step)) return step.at;
          if (step.least > 0) return undefined;
          index = step.next;
          break;
        case 'assertion':
        case 'look':
        case 'lookBack':
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
  private meets({ set, ways }: Extract<Step, { kind: 'character' | 'count' }>): boolean {
    const meets = ways > 1 || set.meets(this.bits);
    this.bits |= set.bits;
    return meets;
  }

  /** Of the first character from there on. */
  private placeOf(start: number): number {
    let index = start;
    for (let moves = 0; moves < this.steps.length; moves++) {
      const step = this.steps[index];
      if (step.kind === 'character' || step.kind === 'count') return step.at;
      if (step.kind === 'end' || step.kind === 'found') break;
      index = step.kind === 'either' ? step.first : step.next;
    }
    return 0;
  }
}

/** What JavaScript may do at each place for all that is looked for there: a character, or another one tried, is a move. */
const MOST_MOVES = 100;

/** @returns the place of the look that takes most, where all together take more than a few characters do */
export function slowLook(tree: PatternNode): number | undefined {
  const looks = [...looksOf(tree, 1)];
  const sum = looks.reduce((moves, look) => moves + look.moves, 0);
  return sum > MOST_MOVES ? looks.reduce((one, other) => other.moves > one.moves ? other : one).at : undefined;
}

interface Look {
  readonly moves: number;
  readonly at: number;
}

/** @param times that the node may come without a character between */
function* looksOf(node: PatternNode, times: number): Generator<Look> {
  switch (node.kind) {
    case 'sequence': for (const part of node.parts) yield* looksOf(part, times); break;
    case 'choice': for (const option of node.options) yield* looksOf(option, times); break;
    case 'repeat': if (node.most > 0) yield* looksOf(node.body, times * (node.most === Infinity ? Math.max(node.least, 1) : node.most)); break;
    case 'look': yield { moves: times * triesOf(node.body).moves, at: node.at }; break;
    case 'character':
    case 'assertion':
    case 'reference': break;
  }
}

/** All that JavaScript may try of a node, at one place. Above `MOST_MOVES` they are not counted on. */
interface Tries {
  readonly ways: number;
  readonly moves: number;
}

const ONE: Tries = { ways: 1, moves: 1 };
const TOO_MANY: Tries = { ways: 1, moves: MOST_MOVES + 1 };

function triesOf(node: PatternNode): Tries {
  switch (node.kind) {
    case 'sequence': return node.parts.reduce((tries, part) => inTurn(tries, triesOf(part)), ONE);
    case 'choice': return node.options.map(triesOf).reduce((one, other) => ({ ways: one.ways + other.ways, moves: one.moves + other.moves }));
    case 'repeat': return triesOfRepeat(triesOf(node.body), node.least, node.most);
    case 'look': return inTurn(ONE, { ways: 1, moves: triesOf(node.body).moves });
    case 'character': return { ways: node.ways, moves: node.ways };
    case 'assertion': return ONE;
    // The length of what it matches is not known.
    case 'reference': return TOO_MANY;
  }
}

/** The second one is tried behind each way of the first. */
function inTurn(first: Tries, second: Tries): Tries {
  const moves = first.moves + first.ways * second.moves;
  return moves > MOST_MOVES ? TOO_MANY : { ways: first.ways * second.ways, moves };
}

function triesOfRepeat(body: Tries, least: number, most: number): Tries {
  let ways = least === 0 ? 1 : 0;
  let all = ONE;
  for (let times = 1; times <= most && all.moves <= MOST_MOVES; times++) {
    all = inTurn(all, body);
    if (times >= least) ways += all.ways;
  }
  return all.moves > MOST_MOVES ? TOO_MANY : { ways, moves: all.moves };
}
