/**
 * A match never takes more time than the text is long. Where JavaScript has one way through a pattern, JavaScript matches;
 * where it could try several, and so take hours for a text of forty characters, we do; where neither can, the pattern is
 * refused.
 */
import { LinearMatcher } from './linear-matcher';
import { otherWay, slowLook } from './other-ways';
import { patternSteps, TooManySteps } from './pattern-steps';
import { PatternNode, patternTree } from './pattern-tree';
import { javaScriptPattern } from '../../spec/pattern-syntax';
import { beginning, visible } from '../../spec/visible-text';

/** Whether the whole text matches. */
export type PatternMatch = (text: string) => boolean;

/** JavaScript keeps a note of each time that a group comes again, and fails where these fill its memory. */
const LONG_TEXT = 100_000;
const MOST_TOLD = 20;

/** @throws Error with what the pattern must be, where it cannot be matched in time */
export function compilePattern(pattern: string): PatternMatch {
  const { source, flags } = javaScriptPattern(pattern);
  const regexp = new RegExp(`^(?:${source})$`, flags);
  const tree = patternTree(source, flags);
  const steps = patternSteps(tree, true);
  const other = slowLook(tree)?.at ?? placeOfOtherWay(steps instanceof TooManySteps ? patternSteps(tree, false) : steps);
  const special = specialOf(tree);
  if (steps instanceof TooManySteps || special !== undefined) {
    if (other === undefined) return (text) => testSafely(regexp, text);
    throw new Error(refusal(source, other, special, steps));
  }
  let matcher: LinearMatcher | undefined;
  const inOnePass: PatternMatch = (text) => (matcher ??= new LinearMatcher(steps, flags)).matches(text);
  return other === undefined ? (text) => text.length < LONG_TEXT ? regexp.test(text) : inOnePass(text) : inOnePass;
}

function placeOfOtherWay(steps: ReturnType<typeof patternSteps>): number | undefined {
  return steps instanceof TooManySteps ? steps.at : otherWay(steps);
}

/** A text for which JavaScript has not memory enough does not match. */
function testSafely(regexp: RegExp, text: string): boolean {
  try {
    return regexp.test(text);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

type Special = Extract<PatternNode, { kind: 'look' | 'reference' }>;

/** What only JavaScript can match. */
function specialOf(node: PatternNode): Special | undefined {
  switch (node.kind) {
    case 'reference': return node;
    case 'look': return node.isBehind ? node : specialOf(node.body);
    case 'repeat': return specialOf(node.body);
    case 'sequence': return firstSpecial(node.parts);
    case 'choice': return firstSpecial(node.options);
    case 'character':
    case 'assertion': return undefined;
  }
}

function firstSpecial(nodes: readonly PatternNode[]): Special | undefined {
  for (const node of nodes) {
    const special = specialOf(node);
    if (special !== undefined) return special;
  }
  return undefined;
}

function refusal(source: string, other: number, special: Special | undefined, steps: ReturnType<typeof patternSteps>): string {
  const from = (at: number) => `${visible(beginning(source.slice(at), MOST_TOLD))} at character ${at + 1}`;
  const several = `a text may have several ways through ${from(other)}, and take hours; write what repeats so that what follows cannot begin as it goes on, `
    + 'such as "[^,]*," in place of ".*,"';
  if (special !== undefined) {
    const name = special.kind === 'reference' ? 'refers to a group' : 'looks behind';
    return `pattern must have one way to match a text where it ${name}, as ${from(special.at)} does: ${several}, or leave that out`;
  }
  const repeated = steps instanceof TooManySteps ? steps.at : other;
  return `pattern must have one way to match a text where it counts as far as ${from(repeated)} does: ${several}, or count by minLength and maxLength`;
}
