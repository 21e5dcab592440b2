import { javaScriptPattern } from '../../src/spec/pattern-syntax';
import { convert } from '../engine/types/convert';

const matches = (pattern: string, text: string) => convert({ constraints: { pattern } }, text) !== 'constraint';

test.each(['[A-Z]{2}', '^a|b$', '[a\\-z]', '\\p{Lu}', '(?<x>a)\\k<x>', '\\/', '[^\\]]+', ''])('%j is of JavaScript, and stays as it is', (pattern) => {
  expect(javaScriptPattern(pattern)).toEqual({ source: pattern, flags: 'u' });
});

test.each([
  ['needless escapes', '[0-9]{4}\\-[0-9]{2}', ['2024-05'], ['2024\\-05']],
  ['needless escapes in a class', "[a-z\\-\\'\\_\\,\\–\\«]+", ["a-'_,–«"], ['\\', 'A']],
  ['an escaped blank and quotes', '\\"a\\ b\\"\\#', ['"a b"#'], ['a b']],
  ['an escaped backslash before punctuation', "\\\\\\'", ["\\'"], ["'"]],
  ['a hyphen beside a class', '[\\w-.]+', ['a-b.c'], ['a b']],
  ['a bracket at the start of a class', '[]a]+', [']a]'], ['[']],
  ['lone brackets', 'a]b}{c', ['a]b}{c'], ['ab']],
  ['anchors of Python and Java', '\\Aab\\Z', ['ab'], ['ab\n', 'A']],
  ['any case', '(?i)ab[c-d]', ['aBD'], ['abe']],
  ['any character is a line end too', '(?s)a.b', ['a\nb'], ['ab']],
  ['named groups of Python', '(?P<one>a|b)-(?P=one)', ['a-a', 'b-b'], ['a-b']],
  ['properties and characters in braces beside flags', '(?i)\\p{L}+\\u{1f600}', ['éA😀'], ['1😀', 'a']],
  ['properties in braces between anchors of Python', '\\A\\p{Lu}\\P{L}\\Z', ['A1'], ['AB']],
  ['properties of one letter', '\\pL+\\PN', ['éa-'], ['a1']],
  ['POSIX classes', '[[:upper:]][[:alpha:]_]*[^[:digit:]]', ['Ab_!'], ['Ab1', 'éb!']],
  ['POSIX punctuation', '[[:punct:]]+', ['!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'], ['a', ' ']],
  ['subtraction of XML Schema', '[a-z-[aeiou]]+', ['xyz'], ['abc']],
  ['subtraction from what is not there', '[^0-9-[ab]]', ['c'], ['a', '1']],
])('%s', (_, pattern, fits, fitsNot) => {
  for (const text of fits) expect([text, matches(pattern, text)]).toEqual([text, true]);
  for (const text of fitsNot) expect([text, matches(pattern, text)]).toEqual([text, false]);
});

test.each([
  ['a++', 'JavaScript has no possessive quantifiers, such as a++'],
  ['a{2}+', 'JavaScript has no possessive quantifiers, such as a++'],
  ['(?>a)b', 'JavaScript has no atomic groups, such as (?>a)'],
  ['a(?#note)', 'JavaScript has no comments, such as (?#a)'],
  ['a(?i)b', 'flags are taken at the start only, such as (?i)'],
  ['a(?i:b)\\-', 'flags are taken at the start only, such as (?i)'],
  ['(?m)^a$', 'the flag (?m) is not taken'],
  ['(?x)a b', 'the flag (?x) is not taken'],
  ['a{,3}', '{,3} has no one meaning: write {0,3}'],
  ['[a-z&&[^aeiou]]', 'a bracket within brackets has no one meaning: write \\['],
  ['[[:name:]]', 'the class [:name:] is not known'],
  ['[[:constructor:]]', 'the class [:constructor:] is not known'],
  ['[[.a.]]', 'JavaScript has no collating symbols, such as [.a.]'],
  ['[a-z-[b]c]', 'a class that is taken away from another one stands at its end: [a-z-[aeiou]]'],
  ['[a', 'a class has no end'],
  ['\\i\\c*', 'Invalid regular expression: Invalid escape'],
  ['\\p{IsBasicLatin}', 'Invalid property name'],
  ['\\p{Digit}', 'Invalid property name'],
  ['\\h+', 'Invalid escape'],
  ['\\Qa.b\\E', 'Invalid escape'],
  ['(', 'Unterminated group'],
  ['a'.repeat(100_000), 'Regular expression too large'],
  ['a)|(b', 'Unmatched'],
])('%j is refused', (pattern, reason) => {
  expect(() => javaScriptPattern(pattern)).toThrow(reason);
});
