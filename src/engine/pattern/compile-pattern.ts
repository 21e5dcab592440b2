/**
 * A match never takes more time than the text is long. Where JavaScript has one way through a pattern, JavaScript matches;
 * where it could try several, and so take hours for a text of forty characters, we do; where neither can, the pattern is
 * refused.
 */
import { LinearMatcher } from './linear-matcher';
import { otherWay, slowLook } from './other-ways';
import { ApproximatedPart, MOST_LOOKS_BEHIND, patternSteps } from './pattern-steps';
import { patternTree } from './pattern-tree';
import { writtenOut } from './written-out';
import { javaScriptPattern } from '../../spec/pattern-syntax';
import { beginning, visible } from '../../spec/visible-text';

/** JavaScript keeps notes of the ways that it may still try, and fills its memory with them. */
export class TextTooLong extends Error {}

/** @throws TextTooLong where no other than JavaScript could match */
export type PatternMatch = (text: string) => boolean;

/** JavaScript keeps a note of each time that a group comes again, and fails where these fill its memory. */
const LONG_TEXT = 100_000;
const MOST_TOLD = 20;

/**
 * @returns whether the whole of a text matches
 * @throws Error with what the pattern must be, where it cannot be matched in time
 */
export function compilePattern(pattern: string): PatternMatch {
  const { source, flags } = javaScriptPattern(pattern);
  const regexp = new RegExp(`^(?:${source})$`, flags);
  const tree = writtenOut(patternTree(source, flags), flags);
  const steps = patternSteps(tree, flags);
  const trouble = troubleOf(source, slowLook(tree), otherWay(steps.forward));
  if (steps.approximated !== undefined) {
    if (trouble !== undefined) throw new Error(refusal(source, trouble, steps.approximated));
    return (text) => testByJavaScript(regexp, text);
  }
  let matcher: LinearMatcher | undefined;
  const inOnePass: PatternMatch = (text) => (matcher ??= new LinearMatcher(steps, flags)).matches(text);
  return trouble === undefined ? (text) => text.length < LONG_TEXT ? regexp.test(text) : inOnePass(text) : inOnePass;
}

function testByJavaScript(regexp: RegExp, text: string): boolean {
  try {
    return regexp.test(text);
  } catch (error) {
    if (error instanceof RangeError) throw new TextTooLong(error.message);
    throw error;
  }
}

/** What may take JavaScript long, and what to write in its place. */
function troubleOf(source: string, slow: number | undefined, other: number | undefined): string | undefined {
  if (slow !== undefined) {
    return `at each place of a text it may take long to look for ${from(source, slow)}; write what is looked for so that it is a few characters`;
  }
  if (other === undefined) return undefined;
  return `a text may have several ways through ${from(source, other)}, and take hours; write what repeats so that what follows cannot begin as it goes on, `
    + 'such as "[^,]*," in place of ".*,"';
}

const REASONS: Readonly<Record<ApproximatedPart['reason'], readonly [does: string, remedy: string]>> = {
  count: ['counts as far as', 'count by minLength and maxLength'],
  reference: ['refers to a group, as', 'leave that out'],
  look: ['looks ahead within a look behind, as', 'leave that out'],
  looks: [`looks behind for more than ${MOST_LOOKS_BEHIND} things, as`, 'leave that out'],
};

function refusal(source: string, trouble: string, { reason, at }: ApproximatedPart): string {
  const [does, remedy] = REASONS[reason];
  return `pattern must have one way to match a text where it ${does} ${from(source, at)} does: ${trouble}, or ${remedy}`;
}

function from(source: string, at: number): string {
  return `${visible(beginning(source.slice(at), MOST_TOLD))} at character ${at + 1}`;
}
