/** A pattern as a tree. It has been compiled by JavaScript, with the flag `u`: its syntax is right. */
import { CharacterSet } from './character-set';

export type AssertionName = 'start' | 'end' | 'boundary' | 'noBoundary';

export interface CharacterNode {
  readonly kind: 'character';
  readonly set: CharacterSet;
  /** In how many JavaScript may take one character: more than one for a choice such as `a|[ab]`. */
  readonly ways: number;
  readonly at: number;
}

export type PatternNode =
  | CharacterNode
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly body: PatternNode; readonly least: number; readonly most: number; readonly at: number }
  | { readonly kind: 'assertion'; readonly name: AssertionName }
  | { readonly kind: 'look'; readonly isBehind: boolean; readonly isNegative: boolean; readonly body: PatternNode; readonly at: number }
  /** What one of these groups has matched; none of them has where the reference stands before or within its group. */
  | { readonly kind: 'reference'; readonly groups: readonly PatternNode[]; readonly at: number };

/** So deep that neither this nor what goes through the tree runs out of stack. */
const DEEPEST = 100;

const ASSERTIONS: Readonly<Record<string, AssertionName>> = { '^': 'start', '$': 'end', '\\b': 'boundary', '\\B': 'noBoundary' };
const ASSERTION = /[$^]|\\[bB]/y;
const LOOK = /\(\?(<?)([=!])/y;
const GROUP = /\((?:\?:|\?<([^>]+)>|(?!\?))/y;
const REFERENCE = /\\(?:([1-9]\d*)|k<([^>]+)>)/y;
const QUANTIFIER = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y;
/** A pair of escapes may be one character, and so may `\u{1f600}`. A class holds no brackets but escaped ones. */
const CHARACTER = /(?:\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u\{[0-9a-fA-F]+\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\c[a-zA-Z]|\\[pP]\{[^}]*\}|\\[^]|\[(?:[^\\\]]|\\[^])*\]|[^])/uy;
const OR = /\|/y;
const CLOSING = /\)/y;

/** @throws Error that says what is not taken */
export function patternTree(source: string, flags: string): PatternNode {
  return new TreeReader(source, flags).whole();
}

class TreeReader {
  private at = 0;
  private depth = 0;
  private readonly groups: Array<PatternNode | undefined> = [];
  private readonly named = new Map<string, PatternNode[]>();
  private readonly sets = new Map<string, CharacterSet>();

  constructor(private readonly source: string, private readonly flags: string) {}

  whole(): PatternNode {
    const tree = this.choice();
    if (this.at < this.source.length) throw new Error(`internal: expected the end of a pattern, got ${this.source.slice(this.at, this.at + 10)}`);
    return tree;
  }

  private choice(): PatternNode {
    if (++this.depth > DEEPEST) throw new Error(`pattern must have groups at most ${DEEPEST} deep, got more`);
    const options = [this.sequence()];
    while (this.take(OR) !== undefined) options.push(this.sequence());
    this.depth--;
    if (options.length === 1) return options[0];
    return options.every((option) => option.kind === 'character') ? this.oneOf(options) : { kind: 'choice', options };
  }

  /** `a|b|[cd]` takes one character, as `[abcd]` does. */
  private oneOf(options: readonly CharacterNode[]): CharacterNode {
    let bits = 0n;
    let ways = 0;
    for (const { set, ways: more } of options) {
      ways = set.meets(bits) ? ways + more : Math.max(ways, more);
      bits |= set.bits;
    }
    const source = `(?:${options.map(({ set }) => set.source).join('|')})`;
    return { kind: 'character', set: new CharacterSet(source, this.flags, bits), ways, at: options[0].at };
  }

  private sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (this.at < this.source.length && !'|)'.includes(this.source[this.at])) parts.push(this.repeated());
    return parts.length === 1 ? parts[0] : { kind: 'sequence', parts };
  }

  private repeated(): PatternNode {
    const { at } = this;
    const body = this.single();
    const quantifier = this.take(QUANTIFIER);
    if (quantifier === undefined) return body;
    const [, sign, least, comma, most] = quantifier;
    if (sign !== undefined) return { kind: 'repeat', body, least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Infinity, at };
    return { kind: 'repeat', body, least: Number(least), most: comma === undefined ? Number(least) : most === '' ? Infinity : Number(most), at };
  }

  private single(): PatternNode {
    const { at } = this;
    const assertion = this.take(ASSERTION);
    if (assertion !== undefined) return { kind: 'assertion', name: ASSERTIONS[assertion[0]] };
    const look = this.take(LOOK);
    if (look !== undefined) return { kind: 'look', isBehind: look[1] !== '', isNegative: look[2] === '!', body: this.toEnd(), at };
    const group = this.take(GROUP);
    if (group !== undefined) return this.group(group[0] !== '(?:', group[1]);
    if (this.source.startsWith('(?', at)) throw new Error('pattern must have flags at its start only, such as (?i), got some for a part of it');
    const reference = this.take(REFERENCE);
    if (reference !== undefined) return { kind: 'reference', groups: this.referred(reference[1], reference[2]), at };
    const [source] = this.take(CHARACTER)!;
    let set = this.sets.get(source);
    if (set === undefined) this.sets.set(source, set = new CharacterSet(source, this.flags));
    return { kind: 'character', set, ways: 1, at };
  }

  private group(isCaptured: boolean, name: string | undefined): PatternNode {
    const index = isCaptured ? this.groups.push(undefined) - 1 : -1;
    const body = this.toEnd();
    if (isCaptured) this.groups[index] = body;
    if (name !== undefined) this.named.set(name, [...this.named.get(name) ?? [], body]);
    return body;
  }

  private referred(number: string | undefined, name: string): readonly PatternNode[] {
    if (number === undefined) return this.named.get(name) ?? [];
    const group = this.groups[Number(number) - 1];
    return group === undefined ? [] : [group];
  }

  /** To the closing bracket of a group. */
  private toEnd(): PatternNode {
    const body = this.choice();
    this.take(CLOSING);
    return body;
  }

  /** @param shape that looks where it is told to, and nowhere else */
  private take(shape: RegExp): RegExpExecArray | undefined {
    shape.lastIndex = this.at;
    const taken = shape.exec(this.source);
    if (taken !== null) this.at += taken[0].length;
    return taken ?? undefined;
  }
}
