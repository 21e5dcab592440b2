/**
 * A match takes a time in proportion to the text: a few microseconds a character at most. Where JavaScript has one way
 * through a pattern, JavaScript matches; where it could try several, and so take hours for a text of forty characters, we
 * do. What we cannot match JavaScript does where it makes a bounded number of moves for each character; the rest is refused.
 */
import { hasNestedWays, JavaScriptMoves, javaScriptMoves, MOST_MOVES } from './javascript-moves';
import { LinearMatcher } from './linear-matcher';
import { otherWay } from './other-ways';
import { patternSteps } from './pattern-steps';
import { PatternNode, patternTree } from './pattern-tree';
import { javaScriptPattern } from '../../spec/pattern-syntax';
import { beginning, visible } from '../../spec/visible-text';

/** Whether the whole text matches. */
export type PatternMatch = (text: string) => boolean;

/** JavaScript keeps a note of each time that a group comes again, and fails where these fill its memory. */
const LONG_TEXT = 100_000;
const MOST_TOLD = 20;
/** Where what is looked for takes more, one pass is faster. */
const FEW_MOVES = 100;

/** @throws Error with what the pattern must be, where it cannot be matched in time */
export function compilePattern(pattern: string): PatternMatch {
  const { source, flags } = javaScriptPattern(pattern);
  const regexp = new RegExp(`^(?:${source})$`, flags);
  const tree = patternTree(source, flags);
  const counted = patternSteps(tree, Infinity);
  const onlyForJavaScript = firstOnlyForJavaScript(tree);
  if (counted.kind === 'too many' || onlyForJavaScript !== undefined) {
    const counts = javaScriptMoves(tree);
    if (counts.moves <= MOST_MOVES) return (text) => testSafely(regexp, text);
    throw new Error(refusal(source, ambiguousAt(tree, counts), hasNestedWays(tree), onlyForJavaScript));
  }
  let matcher: LinearMatcher | undefined;
  const inOnePass: PatternMatch = (text) => (matcher ??= new LinearMatcher(counted, flags)).matches(text);
  const isFast = otherWay(counted) === undefined && (!counted.steps.some(({ kind }) => kind === 'look') || javaScriptMoves(tree).ofLooks <= FEW_MOVES);
  return isFast ? (text) => text.length < LONG_TEXT ? regexp.test(text) : inOnePass(text) : inOnePass;
}

/** The place of what a text may have many ways through. */
function ambiguousAt(tree: PatternNode, { ways, slowLook }: JavaScriptMoves): number {
  if (slowLook !== undefined && ways <= MOST_MOVES) return slowLook.at;
  const steps = patternSteps(tree, 1);
  return steps.kind === 'too many' ? steps.at : otherWay(steps) ?? 0;
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

type OnlyForJavaScript = Extract<PatternNode, { kind: 'look' | 'reference' }>;

/** What only JavaScript can match. */
function firstOnlyForJavaScript(node: PatternNode): OnlyForJavaScript | undefined {
  switch (node.kind) {
    case 'reference': return node;
    case 'look': return node.isBehind ? node : firstOnlyForJavaScript(node.body);
    case 'repeat': return firstOnlyForJavaScript(node.body);
    case 'sequence': return firstOf(node.parts);
    case 'choice': return firstOf(node.options);
    case 'character':
    case 'assertion': return undefined;
  }
}

function firstOf(nodes: readonly PatternNode[]): OnlyForJavaScript | undefined {
  for (const node of nodes) {
    const found = firstOnlyForJavaScript(node);
    if (found !== undefined) return found;
  }
  return undefined;
}

function refusal(source: string, ambiguous: number, isNested: boolean, onlyForJavaScript: OnlyForJavaScript | undefined): string {
  const from = (at: number) => `${visible(beginning(source.slice(at), MOST_TOLD))} at character ${at + 1}`;
  const several = `a text may have many ways through ${from(ambiguous)}, and take ${isNested ? 'hours' : 'many times its length'}; write what repeats so that `
    + 'what follows cannot begin as it goes on, such as "[^,]*," in place of ".*,"';
  if (onlyForJavaScript === undefined) return `pattern must have few ways to match a text where it counts to more than 1,000: ${several}, or count by minLength and maxLength`;
  const name = onlyForJavaScript.kind === 'reference' ? 'refers to a group' : 'looks behind';
  return `pattern must have few ways to match a text where it ${name}, as ${from(onlyForJavaScript.at)} does: ${several}, or leave that out`;
}
