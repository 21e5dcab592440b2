import * as fc from 'fast-check';
import { matchOneByOne } from './backtracking';
import { CharacterSet } from '../../../src/engine/pattern/character-set';
import { compilePattern } from '../../../src/engine/pattern/compile-pattern';
import { LinearMatcher } from '../../../src/engine/pattern/linear-matcher';
import { otherWay, slowLook } from '../../../src/engine/pattern/other-ways';
import { patternSteps, PatternSteps, TooManySteps } from '../../../src/engine/pattern/pattern-steps';
import { patternTree } from '../../../src/engine/pattern/pattern-tree';
import { fuzz, FUZZ_TIMEOUT_MS } from '../support/fuzz';

const stepsOf = (pattern: string, flags = 'u') => patternSteps(patternTree(pattern, flags), true) as PatternSteps;
const inOneWay = (pattern: string) => slowLook(patternTree(pattern, 'u')) === undefined && otherWay(stepsOf(pattern)) === undefined;

/** Each takes JavaScript a time that grows with the square of the text's length, or doubles with each character. */
const HOSTILE: ReadonlyArray<readonly [pattern: string, text: string]> = [
  ['(a+)+$', 'a'], ['(a+)+', 'a'], ['(a*)*', 'a'], ['(a|aa)+$', 'a'], ['(a|a)*', 'a'], ['(a?b?)*', 'ab'], ['((a*)*)*', 'a'],
  ['.*.*.*x', 'a'], ['a*a*', 'a'], ['\\d+\\d+', '1'], ['(\\w+\\s?)*$', 'a '], ['(\\w+\\s*)+:', 'ab '], ['([a-z]+)*\\d', 'a'],
  ['[^@\\s]+@[^@\\s]+\\.[^@\\s]+', '@.'], ['(.*),(.*),(.*)', ','], ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'], ['.*\\bfoo\\b.*', 'foo '],
  ['(?:(?=.*x)a)*', 'a'], ['(?=(a+)+$)a*b', 'a'], ['(a|b|ab)*c', 'ab'], ['(\\d{1,3}){1,99}x', '1'], ['(é|é)*', 'é'], ['(😀|[^a])*', '😀'], ['(?i)(k|\u212a)*', 'k'],
];

describe('a hostile text', () => {
  test.each(HOSTILE)('%s takes one look at each of its characters', (pattern, text) => {
    const source = pattern.replace('(?i)', '');
    const flags = pattern.startsWith('(?i)') ? 'iu' : 'u';
    expect(slowLook(patternTree(source, flags)) ?? otherWay(stepsOf(source, flags))).toBeDefined();
    const matcher = new LinearMatcher(stepsOf(source, flags), flags);
    matcher.matches(text.repeat(1000) + '!');
    matcher.matches(`!${text.repeat(1000)}`);
    const { statesWorkedOut } = matcher;
    expect(statesWorkedOut).toBeLessThan(200);
    matcher.matches(text.repeat(100_000) + '!');
    matcher.matches(`!${text.repeat(100_000)}`);
    expect(matcher.statesWorkedOut).toBe(statesWorkedOut);
  });

  test('of which every character leads to another state costs so much for each, and no memory', () => {
    const matcher = new LinearMatcher(stepsOf('.*b.{300}c'), 'u');
    const text = Array.from({ length: 20_000 }, (_, index) => index * index % 7 < 3 ? 'b' : 'c').join('');
    expect(matcher.matches(text)).toBe(/^.*b.{300}c$/.test(text));
    expect(matcher.statesWorkedOut).toBeLessThanOrEqual(text.length + 1);
  });

  test('of twenty thousand different characters has each of them looked at once', () => {
    const matcher = new LinearMatcher(stepsOf('.*,.*,.*'), 'u');
    const text = Array.from({ length: 20_000 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join('');
    expect(matcher.matches(text)).toBe(false);
    const holds = jest.spyOn(CharacterSet.prototype, 'holds');
    expect(matcher.matches(text)).toBe(false);
    expect(matcher.matches(`${text},,`)).toBe(true);
    expect(holds).not.toHaveBeenCalled();
    holds.mockRestore();
  });

  test('of megabytes is matched where JavaScript would fail for want of memory', () => {
    expect(inOneWay('(?:ab|c)*')).toBe(true);
    expect(() => /^(?:a|b)*$/u.test('a'.repeat(16_000_000))).toThrow(RangeError);
    expect(compilePattern('(?:a|b)*')('a'.repeat(16_000_000))).toBe(true);
    expect(compilePattern('(?:a|b)*')(`${'a'.repeat(16_000_000)}!`)).toBe(false);
    expect(compilePattern('(x)(?:a|b)*\\1')(`x${'a'.repeat(16_000_000)}x`)).toBe(false);
  });
});

test.each([
  '[A-Z]{2}\\d{2}[A-Z0-9]{1,30}', '\\d{4}-\\d{2}-\\d{2}', '(19|20)\\d\\d', '[a-z]+(,[a-z]+)*', '[^,]*,[^,]*', '-?\\d+(\\.\\d+)?', '\\+?[0-9 ]{5,20}', '[A-Z][a-z]*( [A-Z][a-z]*)*',
  '.{1,5000}', '(?!000)\\d{3}', '(?=[A-Z])\\w+', '(?<!-)\\d+', '(["\'])[^"\']*\\1', '(?<x>\\w)\\k<x>', '(\\d)\\1{3}', '(a?)*', '\\b\\w+\\b', '^\\s*\\S+$', '',
])('%s has one way, and is left to JavaScript', (pattern) => {
  const tree = patternTree(pattern, 'u');
  const counted = patternSteps(tree, true);
  const steps = counted instanceof TooManySteps ? patternSteps(tree, false) as PatternSteps : counted;
  expect([slowLook(tree), otherWay(steps)]).toEqual([undefined, undefined]);
  expect(() => compilePattern(pattern)).not.toThrow();
});

test.each([
  ['(a*)\\1*', 'pattern must have one way to match a text where it refers to a group, as \\1* at character 5 does: a text may have several ways through '
    + 'a*)\\1* at character 2, and take hours; write what repeats so that what follows cannot begin as it goes on, such as "[^,]*," in place of ".*,", or leave that out'],
  ['(["\']).*\\1', 'pattern must have one way to match a text where it refers to a group, as \\1 at character 9 does'],
  ['(?<=a.*)b', 'pattern must have one way to match a text where it looks behind, as (?<=a.*)b at character 1 does'],
  ['(?<!x).*y.*', 'pattern must have one way to match a text where it looks behind, as (?<!x).*y.* at character 1 does: a text may have several ways through y.* at character 9'],
  ['.{1,5000}a', 'pattern must have one way to match a text where it counts as far as .{1,5000}a at character 1 does: a text may have several ways through a at character 10'],
  ['(a{1,100}){1,100}b', 'pattern must have one way to match a text where it counts as far as (a{1,100}){1,100}b at character 1 does'],
  ['(a)(\\1\\1)(\\2\\2)(\\3\\3)(\\4\\4)(\\5\\5)(\\6\\6)(\\7\\7)(\\8\\8)(\\9\\9)(\\10\\10)*', 'pattern must have one way to match a text'],
  [`${'('.repeat(101)}a${')'.repeat(101)}`, 'pattern must have groups at most 100 deep, got more'],
])('%s is refused, with the part and what to write', (pattern, message) => {
  expect(() => compilePattern(pattern)).toThrow(message);
});

describe('random patterns', () => {
  const single = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '\\W', '\\s', 'é', '😀', '\\u{1f600}', '\\ud83d\\ude00', '\\p{L}', '[a-c\\]é]', '\\b', '\\B', '^', '$', '');
  const { pattern } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
    pattern: fc.array(fc.array(tie('part'), { maxLength: 4 }).map((parts) => parts.join('')), { minLength: 1, maxLength: 3 }).map((options) => options.join('|')),
    part: fc.oneof({ depthSize: 'small', withCrossShrink: true },
      single,
      fc.tuple(tie('pattern'), fc.constantFrom('', '*', '+', '?', '*?', '{2}', '{0,2}', '{1,3}', '{2,}', '{0}')).map(([inner, times]) => `(${inner})${times}`),
      fc.tuple(tie('pattern'), fc.constantFrom('?=', '?!')).map(([inner, kind]) => `(${kind}${inner})`),
    ),
  }));
  const flags = fc.constantFrom('u', 'iu', 'su');
  const text = fc.array(fc.constantFrom('a', 'b', 'c', 'A', ' ', '\n', 'é', '😀', '_'), { maxLength: 8 }).map((characters) => characters.join(''));
  const works = (source: string) => {
    const steps = patternSteps(patternTree(source, 'u'), true);
    return steps instanceof TooManySteps ? undefined : steps;
  };

  test('match what JavaScript matches', () => {
    fc.assert(fc.property(pattern, flags, fc.array(text, { minLength: 10, maxLength: 10 }), (source, flag, texts) => {
      fc.pre(works(source) !== undefined);
      const regexp = new RegExp(`^(?:${source})$`, flag);
      const matcher = new LinearMatcher(stepsOf(source, flag), flag);
      for (const each of texts) {
        // JavaScript may need hours: then it is not asked.
        if (matchOneByOne(stepsOf(source, flag), each, flag, 20_000) === undefined) continue;
        expect([each, matcher.matches(each)]).toEqual([each, regexp.test(each)]);
      }
    }), fuzz(600, 'pattern', 'flags', 'texts'));
  }, FUZZ_TIMEOUT_MS);

  test('are left to JavaScript only where it comes to an end after a few moves for each character', () => {
    let left = 0;
    fc.assert(fc.property(pattern, text, fc.integer({ min: 1, max: 12 }), (source, unit, times) => {
      const tree = patternTree(source, 'u');
      const steps = works(source);
      if (steps === undefined || slowLook(tree) !== undefined || otherWay(steps) !== undefined) return;
      left++;
      for (const each of [unit.repeat(times), `${unit.repeat(times)}!`]) {
        const most = 200 * steps.steps.length * (each.length + 1);
        expect([each, matchOneByOne(steps, each, 'u', most)]).toEqual([each, new RegExp(`^(?:${source})$`, 'u').test(each)]);
      }
    }), fuzz(3000, 'pattern', 'unit', 'times'));
    expect(left).toBeGreaterThan(300);
  }, FUZZ_TIMEOUT_MS);
});
