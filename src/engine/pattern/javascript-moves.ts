/**
 * How many moves JavaScript makes at most for each character of a text: the ways that it may be on at one place, and for
 * what is looked for the places where it is asked, the characters that it may take, and its own ways, multiplied. What
 * is looked for within it is multiplied by all of this too, and all of it is added.
 */
import { CharacterSet } from './character-set';
import { countedWays } from './counted-ways';
import { patternSteps } from './pattern-steps';
import { PatternNode } from './pattern-tree';

/** At some nanoseconds each a text takes up to ten microseconds a character. */
export const MOST_MOVES = 2000;

export interface JavaScriptMoves {
  readonly moves: number;
  /** At one place, without what is looked for. */
  readonly ways: number;
  /** Of the moves, what is looked for takes. */
  readonly ofLooks: number;
  /** What is looked for that makes more than `MOST_MOVES`. */
  readonly slowLook: Look | undefined;
}

type Look = Extract<PatternNode, { kind: 'look' }>;

export function javaScriptMoves(tree: PatternNode): JavaScriptMoves {
  return new MoveCount().count(tree);
}

/** Whether a repetition alone has many ways: with each character there may be twice as many. */
export function hasNestedWays(node: PatternNode): boolean {
  const parts = node.kind === 'sequence' ? node.parts : node.kind === 'choice' ? node.options : node.kind === 'look' || node.kind === 'repeat' ? [node.body] : [];
  return (node.kind === 'repeat' && node.most > 1 && javaScriptMoves(node).ways > MOST_MOVES) || parts.some(hasNestedWays);
}

class MoveCount {
  private readonly withoutLooks = new Map<PatternNode, PatternNode>();
  private readonly behind = new Map<PatternNode, PatternNode>();
  private readonly lengths = new Map<PatternNode, Length>();
  private readonly ways = new Map<PatternNode, number>();
  private slowLook: Look | undefined;
  private ofLooks = 0;

  count(tree: PatternNode): JavaScriptMoves {
    const ways = this.waysThrough(this.plain(tree, false));
    this.addLooks(tree, false, [], ways, 1);
    return { moves: ways + this.ofLooks, ways, ofLooks: this.ofLooks, slowLook: this.slowLook };
  }

  /** @param places where the node may begin, in a text in which what it is part of has begun somewhere */
  private addLooks(node: PatternNode, isBehind: boolean, outer: readonly number[], ways: number, places: number): void {
    switch (node.kind) {
      case 'sequence': {
        let from = places;
        for (const part of isBehind ? [...node.parts].reverse() : node.parts) {
          this.addLooks(part, isBehind, outer, ways, from);
          from += this.spread(part);
        }
        return;
      }
      case 'choice': node.options.forEach((option) => { this.addLooks(option, isBehind, outer, ways, places); }); return;
      case 'repeat': this.addLooks(node.body, isBehind, outer, ways, node.most > 1 ? places + this.lengthOf(node).most : places); return;
      case 'look': this.addLook(node, outer, ways, places); return;
      case 'character':
      case 'assertion':
      case 'reference':
    }
  }

  private addLook(look: Look, outer: readonly number[], waysTo: number, places: number): void {
    const body = this.plain(look.body, look.isBehind);
    const ways = waysTo * this.waysThrough(body);
    const factors = [...outer, places];
    this.ofLooks += ways * withoutGreatest([...factors, this.lengthOf(body).most + 1]);
    if (this.ofLooks > MOST_MOVES) this.slowLook ??= look;
    else this.addLooks(look.body, look.isBehind, factors, ways, 1);
  }

  /** A pattern in the order in which it is matched, and without what is looked for. */
  private plain(node: PatternNode, isBehind: boolean): PatternNode {
    const known = isBehind ? this.behind : this.withoutLooks;
    let plain = known.get(node);
    if (plain === undefined) known.set(node, plain = this.toPlain(node, isBehind));
    return plain;
  }

  private toPlain(node: PatternNode, isBehind: boolean): PatternNode {
    switch (node.kind) {
      case 'sequence': {
        const parts = node.parts.map((part) => this.plain(part, isBehind));
        return { kind: 'sequence', parts: isBehind ? parts.reverse() : parts };
      }
      case 'choice': return { kind: 'choice', options: node.options.map((option) => this.plain(option, isBehind)) };
      case 'repeat': return { ...node, body: this.plain(node.body, isBehind) };
      case 'look': return { kind: 'sequence', parts: [] };
      // Behind a place, a group is matched before what stands to its left: the reference may be to any text.
      case 'reference': return isBehind ? anyText(node.at) : { ...node, groups: node.groups.map((group) => this.plain(group, false)) };
      case 'character':
      case 'assertion': return node;
    }
  }

  private waysThrough(node: PatternNode): number {
    let ways = this.ways.get(node);
    if (ways === undefined) {
      ways = exactWays(node);
      if (ways === Infinity) ways = this.waysOfParts(node);
      this.ways.set(node, ways = ways > MOST_MOVES ? Infinity : ways);
    }
    return ways;
  }

  /** The ways through each part, from each place where it may have begun. */
  private waysOfParts(node: PatternNode): number {
    switch (node.kind) {
      case 'sequence': return this.waysInTurn(node.parts);
      case 'choice': return node.options.reduce((ways, option) => ways + this.waysThrough(option), 0);
      case 'repeat': return node.most <= MOST_TURNS ? this.waysInTurn(Array.from({ length: node.most }, () => node.body)) : Infinity;
      case 'reference': return node.groups.reduce((ways, group) => ways + this.waysThrough(group), 1);
      case 'look':
      case 'character':
      case 'assertion': return 1;
    }
  }

  private waysInTurn(parts: readonly PatternNode[]): number {
    let ways = 1;
    let spread = 0;
    for (let end = 1; end <= parts.length && ways <= MOST_MOVES; end++) {
      const part = parts[end - 1];
      const exact = exactWays({ kind: 'sequence', parts: parts.slice(0, end) });
      const places = Math.min(spread, this.lengthOf(part).most) + 1;
      ways = exact === Infinity ? ways + places * ways * this.waysThrough(part) : exact;
      spread += this.spread(part);
    }
    return ways;
  }

  private spread(node: PatternNode): number {
    const { least, most } = this.lengthOf(node);
    return most - least;
  }

  private lengthOf(node: PatternNode): Length {
    let length = this.lengths.get(node);
    if (length === undefined) this.lengths.set(node, length = this.toLength(node));
    return length;
  }

  private toLength(node: PatternNode): Length {
    switch (node.kind) {
      case 'character': return { least: 1, most: 1 };
      case 'assertion':
      case 'look': return NOTHING;
      case 'sequence': return node.parts.map((part) => this.lengthOf(part)).reduce((all, { least, most }) => ({ least: all.least + least, most: all.most + most }), NOTHING);
      case 'choice': return this.anyOf(node.options);
      case 'reference': return { least: 0, most: node.groups.length === 0 ? 0 : this.anyOf(node.groups).most };
      case 'repeat': {
        const { least, most } = this.lengthOf(node.body);
        return { least: least * node.least, most: most === 0 ? 0 : node.most * most };
      }
    }
  }

  private anyOf(nodes: readonly PatternNode[]): Length {
    const lengths = nodes.map((node) => this.lengthOf(node));
    return { least: Math.min(...lengths.map(({ least }) => least)), most: Math.max(...lengths.map(({ most }) => most)) };
  }
}

interface Length {
  readonly least: number;
  readonly most: number;
}

const NOTHING: Length = { least: 0, most: 0 };

/** Repetitions that are gone through one by one. */
const MOST_TURNS = 20;

/** So many repetitions are counted; where more may come, any number may. The fewer are counted, the fewer steps there are. */
const COUNTED = [Infinity, 20, 1];

function exactWays(node: PatternNode): number {
  for (const counted of COUNTED) {
    const steps = patternSteps(node, counted);
    if (steps.kind === 'too many') continue;
    const ways = countedWays(steps, MOST_MOVES);
    if (ways !== Infinity) return ways;
  }
  return Infinity;
}

/** No factor is greater than the text is long, and one of them is its length. */
function withoutGreatest(factors: readonly number[]): number {
  const sorted = [...factors].sort((one, other) => other - one);
  return sorted.slice(1).reduce((product, factor) => product * factor, 1);
}

function anyText(at: number): PatternNode {
  return { kind: 'repeat', body: { kind: 'character', set: new CharacterSet('[^]', 'u'), at }, least: 0, most: Infinity, at };
}
