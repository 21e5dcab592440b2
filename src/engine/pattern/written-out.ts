/**
 * References to what a group has matched, written out where that is one of a few characters: `(["']).*\1` takes what
 * `".*"|'.*'` does. The matcher of one pass knows no references.
 */
import { CharacterSet } from './character-set';
import { CharacterNode, PatternNode } from './pattern-tree';

type Reference = Extract<PatternNode, { kind: 'reference' }>;
type Sequence = Extract<PatternNode, { kind: 'sequence' }>;

/** So many nodes may come of one that is written out. */
const MOST_NODES = 2000;

/** The same pattern, without those of its references that can be written out. */
export function writtenOut(tree: PatternNode, flags: string): PatternNode {
  return new ReferenceWriter(tree, flags).write(tree, 1);
}

class ReferenceWriter {
  /** To each group of one character. */
  private readonly references = new Map<PatternNode, Set<Reference>>();

  constructor(tree: PatternNode, private readonly flags: string) {
    for (const reference of referencesIn(tree)) {
      for (const group of reference.groups) this.references.set(group, (this.references.get(group) ?? new Set()).add(reference));
    }
  }

  /** @param copies that there are of the node already */
  write(node: PatternNode, copies: number): PatternNode {
    if (this.references.size === 0) return node;
    switch (node.kind) {
      case 'sequence': return this.sequence(node, copies);
      case 'choice': return { ...node, options: node.options.map((option) => this.write(option, copies)) };
      case 'repeat': return { ...node, body: this.write(node.body, copies) };
      // Looking behind, JavaScript reads a reference before the group that stands before it.
      case 'look': return node.isBehind ? node : { ...node, body: this.write(node.body, copies) };
      case 'character':
      case 'assertion':
      case 'reference': return node;
    }
  }

  private sequence(node: Sequence, copies: number): PatternNode {
    for (const [place, part] of node.parts.entries()) {
      const characters = part.kind === 'character' ? this.charactersOf(part, node.parts.slice(place + 1)) : undefined;
      if (characters === undefined || copies * characters.length * sizeOf(node) > MOST_NODES) continue;
      const options = characters.map((character): PatternNode => {
        const one: CharacterNode = { ...part as CharacterNode, set: new CharacterSet(`\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`, this.flags) };
        const rest = node.parts.slice(place + 1).map((later) => withCharacter(later, part, one));
        return { kind: 'sequence', parts: [...node.parts.slice(0, place), one, ...rest] };
      });
      return { kind: 'choice', options: options.map((option) => this.write(option, copies * characters.length)) };
    }
    return { ...node, parts: node.parts.map((part) => this.write(part, copies)) };
  }

  /** What the group may match, where all references to it stand in what follows it. */
  private charactersOf(group: CharacterNode, rest: readonly PatternNode[]): readonly string[] | undefined {
    const references = this.references.get(group);
    if (references === undefined) return undefined;
    const following = new Set(rest.flatMap((part) => [...referencesIn(part)]));
    const isKnown = [...references].every((reference) => reference.groups.length === 1 && following.has(reference));
    // One that takes no character at all, such as `[]`, is left as it is: of nothing there is no choice.
    return isKnown && group.set.bits !== 0n ? group.set.asciiCharacters : undefined;
  }
}

function* referencesIn(node: PatternNode): Generator<Reference> {
  switch (node.kind) {
    case 'reference': yield node; break;
    case 'sequence': for (const part of node.parts) yield* referencesIn(part); break;
    case 'choice': for (const option of node.options) yield* referencesIn(option); break;
    case 'repeat':
    case 'look': yield* referencesIn(node.body); break;
    case 'character':
    case 'assertion': break;
  }
}

function sizeOf(node: PatternNode): number {
  switch (node.kind) {
    case 'sequence': return 1 + node.parts.reduce((size, part) => size + sizeOf(part), 0);
    case 'choice': return 1 + node.options.reduce((size, option) => size + sizeOf(option), 0);
    case 'repeat':
    case 'look': return 1 + sizeOf(node.body);
    case 'character':
    case 'assertion':
    case 'reference': return 1;
  }
}

/** The same node for what does not refer to the group: the other groups are known by theirs. */
function withCharacter(node: PatternNode, group: PatternNode, one: CharacterNode): PatternNode {
  switch (node.kind) {
    case 'reference': return node.groups[0] === group ? one : node;
    case 'sequence': return { ...node, parts: node.parts.map((part) => withCharacter(part, group, one)) };
    case 'choice': return { ...node, options: node.options.map((option) => withCharacter(option, group, one)) };
    case 'repeat':
    case 'look': return { ...node, body: withCharacter(node.body, group, one) };
    case 'character':
    case 'assertion': return node;
  }
}
