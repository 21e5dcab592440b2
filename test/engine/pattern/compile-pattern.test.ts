import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { matchOneByOne } from './backtracking';
import { CharacterSet } from '../../../src/engine/pattern/character-set';
import { compilePattern, TextTooLong } from '../../../src/engine/pattern/compile-pattern';
import { LinearMatcher } from '../../../src/engine/pattern/linear-matcher';
import { otherWay, slowLook } from '../../../src/engine/pattern/other-ways';
import { patternSteps } from '../../../src/engine/pattern/pattern-steps';
import { patternTree } from '../../../src/engine/pattern/pattern-tree';
import { PlaceAutomaton } from '../../../src/engine/pattern/place-automaton';
import { writtenOut } from '../../../src/engine/pattern/written-out';
import { fuzz, FUZZ_TIMEOUT_MS } from '../support/fuzz';

const treeOf = (pattern: string, flags = 'u') => writtenOut(patternTree(pattern, flags), flags);
const stepsOf = (pattern: string, flags = 'u') => patternSteps(treeOf(pattern, flags), flags);
const isOneWay = (pattern: string, flags = 'u') => slowLook(treeOf(pattern, flags)) === undefined && otherWay(stepsOf(pattern, flags).forward) === undefined;

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
    expect(isOneWay(source, flags)).toBe(false);
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

  test('that has something else behind each place makes room a few times, not for each', () => {
    const source = `.*[0-9].*${Array.from({ length: 20 }, (_, place) => `(?<![a-e].{${place}})`).join('')}.*`;
    const regexp = new RegExp(`^(?:${source})$`, 'u');
    const matcher = new LinearMatcher(stepsOf(source), 'u');
    const layOut = jest.spyOn(PlaceAutomaton.prototype as unknown as { layOut: () => void }, 'layOut');
    for (let number = 0; number < 2000; number++) {
      const text = createHash('md5').update(String(number)).digest('hex').slice(0, 24);
      expect([text, matcher.matches(text)]).toEqual([text, regexp.test(text)]);
    }
    expect(layOut.mock.calls.length).toBeLessThan(100);
    layOut.mockRestore();
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

  test('that is empty may be as hostile: no part of it is tried while a pattern is read', () => {
    const matches = compilePattern('(?:a?|^){40}\\b');
    expect(['', 'a', 'a'.repeat(40), 'a'.repeat(41)].map(matches)).toEqual([false, true, true, false]);
  });

  test('of megabytes is matched where JavaScript would fail for want of memory', () => {
    expect(isOneWay('(?:ab|c)*')).toBe(true);
    expect(() => /^(?:a|b)*$/u.test('a'.repeat(16_000_000))).toThrow(RangeError);
    expect(compilePattern('(?:a|b)*')('a'.repeat(16_000_000))).toBe(true);
    expect(compilePattern('(?:a|b)*')(`${'a'.repeat(16_000_000)}!`)).toBe(false);
    expect(() => compilePattern('(xy)(?:cb|a)*\\1')(`xy${'a'.repeat(16_000_000)}xy`)).toThrow(TextTooLong);
  });
});

test.each([
  '[A-Z]{2}\\d{2}[A-Z0-9]{1,30}', '\\d{4}-\\d{2}-\\d{2}', '(19|20)\\d\\d', '[a-z]+(,[a-z]+)*', '[^,]*,[^,]*', '-?\\d+(\\.\\d+)?', '\\+?[0-9 ]{5,20}', '[A-Z][a-z]*( [A-Z][a-z]*)*',
  '.{1,5000}', '(?!000)\\d{3}', '(?=[A-Z])\\w+', '(?<!-)\\d+', '(["\'])[^"\']*\\1', '(?<x>\\w)\\k<x>', '(\\d)\\1{3}', '(a?)*', '(?!-)[a-z0-9-]{1,63}(?<!-)(?:\\.(?!-)[a-z0-9-]{1,63}(?<!-))*', '\\b\\w+\\b', '^\\s*\\S+$', '',
])('%s has one way, and is left to JavaScript', (pattern) => {
  expect(isOneWay(pattern)).toBe(true);
  expect(() => compilePattern(pattern)).not.toThrow();
});

test.each([
  ['(a*)\\1*', 'pattern must have one way to match a text where it refers to a group, as \\1* at character 5 does: a text may have several ways through '
    + 'a*)\\1* at character 2, and take hours; write what repeats so that what follows cannot begin as it goes on, such as "[^,]*," in place of ".*,", or leave that out'],
  ['(["\']{2}).*\\1', 'pattern must have one way to match a text where it refers to a group, as \\1 at character 12 does'],
  ['(.)x.*\\1', 'pattern must have one way to match a text where it refers to a group, as \\1 at character 7 does'],
  ['(?<=\\b(?!x).*)y.*z', 'pattern must have one way to match a text where it looks ahead within a look behind, as (?!x).*)y.*z at character 7 does'],
  [`.*${Array.from({ length: 31 }, (_, place) => `(?<!${place})`).join('')}.*x`, 'pattern must have one way to match a text where it looks behind for more than 30 things, as (?<!0)'],
  ['(?<=a(?=.*x).)b', 'as (?=.*x).)b at character 6 does: at each place of a text it may take long to look for (?<=a(?=.*x).)b at character 1; write what is looked for so that it is a few characters, '
    + 'or leave that out'],
  ['(?:ab?){1,5000}a', 'pattern must have one way to match a text where it counts as far as (?:ab?){1,5000}a at character 1 does: a text may have several ways through a at character 16'],
  ['(a{1,100}b?){1,500}c', 'pattern must have one way to match a text where it counts as far as (a{1,100}b?){1,500}c at character 1 does'],
  ['(a)(\\1\\1)(\\2\\2)(\\3\\3)(\\4\\4)(\\5\\5)(\\6\\6)(\\7\\7)(\\8\\8)(\\9\\9)(\\10\\10)*', 'pattern must have one way to match a text'],
  [`${'('.repeat(101)}a${')'.repeat(101)}`, 'pattern must have groups at most 100 deep, got more'],
])('%s is refused, with the part and what to write', (pattern, message) => {
  expect(() => compilePattern(pattern)).toThrow(message);
});

/** A text of each that matches, and one that does not. */
test.each([
  ['(["\']).*\\1', '"it\'s"', '"it\''],
  ['(\\d)\\d*\\1(?!\\1)', '1231', '1232'],
  ['(["\'])(?:(a|b)\\2|.)*\\1', '\'abb"\'', '\'abb"'],
  ['.*(?<!a.*b).*c', 'bac', 'abca'],
  ['(?:\\w+ )*\\w+(?<=\\bthe end)', 'this is the end', 'this is bathe end'],
  ['\\S.{0,1998}\\S', `a${' '.repeat(1998)}b`, `a${' '.repeat(1999)}b`],
  ['.{1,5000}a', `${'a'.repeat(5001)}`, `${'a'.repeat(5002)}`],
  ['.{2,}a{3,}', 'aaaaa', 'aaaa'],
  ['(a{1,100}){1,100}b', `${'a'.repeat(10_000)}b`, `${'a'.repeat(10_001)}b`],
  ['(?=.*\\d)[\\w ]{1,4000}', `${'a '.repeat(1999)}1`, 'a '.repeat(2000)],
  ["(?:\\p{L}|\\p{M}|[ '-]){1,2000}", 'Зоя Космодемьянская', 'Зоя 1'],
  ['(?:[^;]{0,255};){0,20}[^;]*', `${`${'x'.repeat(255)};`.repeat(20)}y`, `${'x'.repeat(256)};`],
  ['(?:(?!a{5000}b)a)*', 'a'.repeat(6000), `${'a'.repeat(6000)}b`],
])('%s may be tried in several ways by JavaScript, and is matched in one pass', (pattern, good, bad) => {
  expect(isOneWay(pattern)).toBe(false);
  const test = jest.spyOn(RegExp.prototype, 'test');
  const matches = compilePattern(pattern);
  test.mockClear();
  expect([matches(good), matches(bad)]).toEqual([true, false]);
  expect(test.mock.contexts.filter(({ source }: RegExp) => source === `^(?:${pattern})$`)).toEqual([]);
  test.mockRestore();
});

test.each([
  ['(?:(?!a{90}b)(?!a{90}c)a)*', 'each takes half of what all may take'], ['(?:(?!a{5000}b)a)*', 'it counts far'], ['(?:(?!(?!(?!a{40})a{40})a{40})a)*', 'one holds another'],
  ['(?:(?!b)){90}(?:(?<!ba{20})){90}a', 'it comes again at one place'], ['(?:(?!(?:a|b|[ab]){6}c)[ab])*', 'there are several ways'], ['(?:(?<!ba*)a)*', 'it has no end'],
])('what %s looks for takes JavaScript long: %s', (pattern) => {
  expect(slowLook(treeOf(pattern))).toBeDefined();
});

test('a group that takes no character is referred to in vain', () => {
  expect(['', 'a'].map(compilePattern('([])\\1'))).toEqual([false, false]);
});

test('a choice of characters is one of them, and JavaScript may try two', () => {
  expect(isOneWay('(?:a|b|[cd])*')).toBe(true);
  expect(isOneWay('(?:a|[ab])*')).toBe(false);
  expect(isOneWay('(?:é|[a-z]|ü)*')).toBe(false);
});

describe('random patterns', () => {
  const single = fc.constantFrom(
    'a', 'b', '.', '[ab]', '[^a]', '\\w', '\\W', '\\s', 'é', '😀', '\\u{1f600}', '\\ud83d\\ude00', '\\p{L}', '[a-c\\]é]', '\\b', '\\B', '^', '$', '', '(a|[bc])', '(\\s|\\W)', '\\1', '\\2',
  );
  const times = fc.constantFrom('', '*', '+', '?', '*?', '{2}', '{0,2}', '{1,3}', '{2,}', '{0}', '{2,3}', '{3,}');
  const { pattern } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
    pattern: fc.array(fc.array(tie('part'), { maxLength: 4 }).map((parts) => parts.join('')), { minLength: 1, maxLength: 3 }).map((options) => options.join('|')),
    part: fc.oneof({ depthSize: 'small', withCrossShrink: true },
      single,
      fc.tuple(single, times).map(([one, many]) => /^[$^]?$|^\\\\b$/i.test(one) ? one : `${one}${many}`),
      fc.tuple(tie('pattern'), times).map(([inner, many]) => `(${inner})${many}`),
      fc.tuple(tie('pattern'), fc.constantFrom('?=', '?!', '?<=', '?<!')).map(([inner, kind]) => `(${kind}${inner})`),
    ),
  }));
  const flags = fc.constantFrom('u', 'iu', 'su');
  const text = fc.array(fc.constantFrom('a', 'b', 'c', 'A', ' ', '\n', 'é', '😀', '_'), { maxLength: 8 }).map((characters) => characters.join(''));
  const isPattern = (source: string) => {
    try {
      return new RegExp(source, 'u') !== undefined;
    } catch {
      return false;
    }
  };

  test('match what JavaScript matches', () => {
    fc.assert(fc.property(pattern, flags, fc.array(text, { minLength: 10, maxLength: 10 }), (source, flag, texts) => {
      fc.pre(isPattern(source) && stepsOf(source, flag).approximated === undefined);
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
    fc.assert(fc.property(pattern, text, fc.integer({ min: 1, max: 12 }), (source, unit, many) => {
      if (!isPattern(source) || !isOneWay(source)) return;
      const steps = stepsOf(source);
      left++;
      for (const each of [unit.repeat(many), `${unit.repeat(many)}!`]) {
        const most = 200 * (steps.forward.steps.length + steps.backward.steps.length) * (each.length + 1);
        const matched = matchOneByOne(steps, each, 'u', most);
        expect([each, matched]).not.toEqual([each, undefined]);
        if (steps.approximated === undefined) expect([each, matched]).toEqual([each, new RegExp(`^(?:${source})$`, 'u').test(each)]);
      }
    }), fuzz(3000, 'pattern', 'unit', 'times'));
    expect(left).toBeGreaterThan(300);
  }, FUZZ_TIMEOUT_MS);
});
