import * as fc from 'fast-check';
import { matchOneByOne } from './backtracking';
import { compilePattern } from '../../../src/engine/pattern/compile-pattern';
import { javaScriptMoves, MOST_MOVES } from '../../../src/engine/pattern/javascript-moves';
import { LinearMatcher } from '../../../src/engine/pattern/linear-matcher';
import { otherWay } from '../../../src/engine/pattern/other-ways';
import { patternSteps, PatternSteps } from '../../../src/engine/pattern/pattern-steps';
import { patternTree } from '../../../src/engine/pattern/pattern-tree';
import { fuzz, FUZZ_TIMEOUT_MS } from '../support/fuzz';

const stepsOf = (pattern: string, flags = 'u') => patternSteps(patternTree(pattern, flags), Infinity) as PatternSteps;
const inOneWay = (pattern: string) => javaScriptMoves(patternTree(pattern, 'u')).ofLooks <= 100 && otherWay(stepsOf(pattern)) === undefined;

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
    expect(javaScriptMoves(patternTree(source, flags)).ofLooks > 100 || otherWay(stepsOf(source, flags)) !== undefined).toBe(true);
    const matcher = new LinearMatcher(stepsOf(source, flags), flags);
    matcher.matches(text.repeat(1000) + '!');
    matcher.matches(`!${text.repeat(1000)}`);
    const { worked } = matcher;
    expect(worked).toBeLessThan(200);
    matcher.matches(text.repeat(100_000) + '!');
    matcher.matches(`!${text.repeat(100_000)}`);
    expect(matcher.worked).toBe(worked);
  });

  test('of which every character leads to another state costs so much for each, and no memory', () => {
    const matcher = new LinearMatcher(stepsOf('.*b.{300}c'), 'u');
    const text = Array.from({ length: 20_000 }, (_, index) => index * index % 7 < 3 ? 'b' : 'c').join('');
    expect(matcher.matches(text)).toBe(/^.*b.{300}c$/.test(text));
    expect(matcher.worked).toBeLessThanOrEqual(text.length + 1);
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
  expect(javaScriptMoves(patternTree(pattern, 'u')).moves).toBeLessThanOrEqual(5);
  expect(() => compilePattern(pattern)).not.toThrow();
});

/** What everybody has: each with a text that matches, and one that does not. */
test.each([
  ['a host name', '^(?=.{1,254}$)(?:(?!-)[a-z0-9-]{1,63}(?<!-)\\.)+[a-z]{2,}$', 'data.example.com', '-a.com'],
  ['an e-mail address', '[^@\\s]+@[^@\\s]+\\.[^@\\s]+', 'jane@example.com', 'jane@'],
  ['an e-mail address without a point at its end', '(?!\\.)[\\w.+-]{1,64}(?<!\\.)@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}', 'jane.doe@example.com', 'jane.@example.com'],
  ['an IBAN', '[A-Z]{2}\\d{2}[A-Z0-9]{1,30}', 'DE89370400440532013000', 'DE8'],
  ['a UUID', '(?i)[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}', '6BA7B810-9DAD-11D1-80B4-00C04FD430C8', '6ba7b810'],
  ['a date', '\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])', '2024-02-29', '2024-13-01'],
  ['a date of one separator', '(\\d{2})([-/.])\\d{2}\\2\\d{4}', '01.02.2024', '01.02-2024'],
  ['a time', '\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?(?:Z|[+-]\\d{2}:\\d{2})', '2024-01-02T03:04:05.678Z', '2024-01-02'],
  ['a phone number', '\\+?(?:[0-9] ?){6,14}[0-9]', '+49 30 123456', '12'],
  ['a password', '^(?=.*[A-Z])(?=.*[a-z])(?=.*\\d)(?=.*[^\\w\\s])(?!.*(.)\\1{3}).{8,2000}$', 'aB3$aB3$', 'aB3$aaaa'],
  ['a name', "(?:\\p{L}|\\p{M}|[ '-]){1,2000}", "Zoë O'Neil-Ma\u0301s", 'R2'],
  ['a quoted text', '(["\']).*\\1', '"a\'b"', '"a\''],
  ['a version', '(?:0|[1-9]\\d*)(?:\\.(?:0|[1-9]\\d*)){2}(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?(?:\\+[0-9A-Za-z.-]+)?', '1.0.0-rc.1+5', '1.0'],
  ['an IPv4 address', '(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}', '192.168.0.255', '1.2.3.256'],
  ['a URL', 'https?://[^\\s/$.?#].[^\\s]*', 'https://example.com/a?b', 'ftp://a'],
  ['blanks neither first nor last', '\\S.{0,1998}\\S', 'a b', 'a '],
  ['no two hyphens', '^(?!.*--).{1,2000}$', 'a-b', 'a--b'],
  ['a digit somewhere', '(?=.*\\d)[\\w ]{1,4000}', 'a 1', 'a'],
  ['no blank last', '.{0,4000}[^\\s]', ' a', 'a '],
  ['a list', '(?:[^;]{0,255};){0,20}[^;]*', 'a;;b', `${';'.repeat(21)}`],
  ['a point before a long rest', '[^<>]{0,900}a.{0,1500}', 'bab', 'b'],
])('%s is matched: %s', (_, pattern, match, other) => {
  const matches = compilePattern(pattern);
  expect([matches(match), matches(other)]).toEqual([true, false]);
});

/** What is looked for, and moves for each character: the characters that it takes, multiplied where it stands in another one. */
test.each([
  ['(?:(?!a{50}b)a)*', 53], ['(?:a(?<!ba{50}))*', 53], ['(?:(?=a{90})(?=a{90})a)*', 183], ['(?:(?=(?:(?!ab)a){5})a)*', 25],
  ['^(?=.{1,254}$)(?:(?!-)[a-z0-9-]{1,63}(?<!-)\\.)+[a-z]{2,}$', 12], ['^(?!.*--).{1,2000}$', 4], ['.{0,900}a.{0,1500}', 1804], ['(?<=a.*)b', 3],
  ['(?:a?){0,2000}', 1], ['(["\'])(?:(?!\\1).)*\\1', 6],
])('%s takes JavaScript at most %d moves a character', (pattern, most) => {
  const { moves } = javaScriptMoves(patternTree(pattern, 'u'));
  expect(moves).toBeLessThanOrEqual(most);
  expect(moves).toBeGreaterThan(most / 2);
});

test.each([
  ['(a*)\\1*', 'pattern must have few ways to match a text where it refers to a group, as \\1* at character 5 does: a text may have many ways through '
    + 'a*)\\1* at character 2, and take hours; write what repeats so that what follows cannot begin as it goes on, such as "[^,]*," in place of ".*,", or leave that out'],
  ['(.*),\\1', 'pattern must have few ways to match a text where it refers to a group, as \\1 at character 6 does: a text may have many ways through ,\\1 at character 5, and take many '
    + 'times its length'],
  ['.*(?<=a.*)b', 'pattern must have few ways to match a text where it looks behind, as (?<=a.*)b at character 3 does'],
  ['(?<!x).*y.*', 'pattern must have few ways to match a text where it looks behind, as (?<!x).*y.* at character 1 does: a text may have many ways through y.* at character 9'],
  ['(?:(?!a{5000}b)a)*', 'it counts to more than 1,000: a text may have many ways through (?!a{5000}b)a)* at character 4, and take many times its length'],
  ['(?:(?=(?:(?=(?:(?!a{40}b)a){40})a){40})a)*b', 'and take many times its length'],
  [`(?:${'(?=a{90})'.repeat(300)}a)*`, 'and take many times its length'],
  ['(?:a(?<!ba{5000}))*', 'as (?<!ba{5000}))* at character 5 does'],
  // Of those that must come each may take nothing: two characters took minutes.
  ['(?:a?){2000}', 'a text may have many ways through (?:a?){2000} at character 1, and take hours'],
  [`()${Array.from({ length: 40 }, (_, index) => `(\\${index + 1}\\${index + 1})`).join('')}`, 'it refers to a group'],
  ['(a{1,100}){1,100}b', 'pattern must have few ways to match a text where it counts to more than 1,000: a text may have many ways through a{1,100}){1,100}b at character 2, and take hours'],
  ['(a)(\\1\\1)(\\2\\2)(\\3\\3)(\\4\\4)(\\5\\5)(\\6\\6)(\\7\\7)(\\8\\8)(\\9\\9)(\\10\\10)*', 'pattern must have few ways to match a text'],
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
    const steps = patternSteps(patternTree(source, 'u'), Infinity);
    return steps.kind === 'too many' ? undefined : steps;
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
      const { moves } = javaScriptMoves(patternTree(source, 'u'));
      const steps = works(source);
      if (steps === undefined || moves > MOST_MOVES) return;
      left++;
      for (const each of [unit.repeat(times), `${unit.repeat(times)}!`]) {
        const most = 3 * moves * steps.steps.length * (each.length + 1);
        expect([each, matchOneByOne(steps, each, 'u', most)]).toEqual([each, new RegExp(`^(?:${source})$`, 'u').test(each)]);
      }
    }), fuzz(3000, 'pattern', 'unit', 'times'));
    expect(left).toBeGreaterThan(300);
  }, FUZZ_TIMEOUT_MS);
});
