/**
 * An event pattern has no AND on one field: a `prefix` and a `suffix` in one array are alternatives. `wildcard` holds
 * both (`incoming/*.csv`), but knows no `equals-ignore-case`; so there is one wildcard for each way to write a suffix,
 * spread over several rules, because EventBridge refuses a rule with many wildcards as too complex.
 */
import * as s3 from 'aws-cdk-lib/aws-s3';
import { FileKeys, SuffixCaseName } from '../contract/file-keys';
import { visibleJson } from '../spec/visible-text';

/**
 * EventBridge counts how many beginnings of wildcards one key can match at once, and refuses a rule somewhat above 10.
 * This lets 4 wildcards like `*.csv` share a rule: each counts 2.
 */
const MAX_COMPLEXITY = 8;
const LEAST_COMPLEXITY = 2;
const MAX_WILDCARDS = MAX_COMPLEXITY / LEAST_COMPLEXITY;

/**
 * An event bus has room for 300 rules. Each letter doubles a suffix's spellings: this is enough for 7 letters, or for
 * `.csv.gz` beside `.csv`.
 */
const MAX_RULES = 32;

/** What another suffix takes anyway is left out: a key matches one wildcard, and so one rule, exactly. */
export function checkSuffixes(suffixes: string[], suffixCase: SuffixCaseName): string[] {
  for (const suffix of suffixes) {
    if (!/^[^*\\/]{1,20}$/.test(suffix)) throw new Error(`suffixes must have 1 to 20 characters, none of * \\ /, got ${visibleJson(suffix)}`);
    if (/[\p{Cc}\u2028\u2029]/u.test(suffix)) throw new Error(`suffixes must hold no control characters or line ends, got ${visibleJson(suffix)}`);
    if (complexity(suffix) > MAX_COMPLEXITY) {
      throw new Error(`suffixes must hold their first character at most ${MAX_COMPLEXITY - 1} times (EventBridge refuses it), got ${visibleJson(suffix)}`);
    }
  }
  const spelled = [...new Set(suffixCase === 'any' ? suffixes.map((suffix) => suffix.toLowerCase()) : suffixes)];
  const distinct = spelled.filter((suffix) => !spelled.some((other) => other !== suffix && suffix.endsWith(other)));
  const ruleCount = countRules(distinct, suffixCase);
  if (ruleCount > MAX_RULES) {
    const why = suffixCase === 'any' ? 'each letter doubles them: upper and lower case, unless suffixCase is EXACT' : 'four suffixes share one';
    throw new Error(`suffixes must need at most ${MAX_RULES} event rules (${why}; an empty list takes every file), got ${ruleCount} for ${suffixes.join(', ')}`);
  }
  return distinct;
}

/** What the rules take, for the functions. */
export function fileKeysIn(
  sourceBucket: s3.IBucket, { prefixes, suffixes, suffixCase }: { prefixes: { incoming: string }; suffixes: string[]; suffixCase: SuffixCaseName },
): FileKeys {
  return { sourceBucket: sourceBucket.bucketName, incomingPrefix: prefixes.incoming, fileSuffixes: suffixes, suffixCase };
}

/**
 * One pattern a rule; together they match a key that begins with the prefix and ends with one of the suffixes, in any
 * case or in their own.
 */
export function keyPatterns(prefix: string, suffixes: readonly string[], suffixCase: SuffixCaseName): object[][] {
  if (suffixes.length === 0) return [[{ prefix }]];
  const rules: object[][] = [];
  let room = 0;
  for (const suffix of suffixes) {
    for (const spelling of spellings(suffix, suffixCase)) {
      room -= complexity(suffix);
      if (room < 0) {
        rules.push([]);
        room = MAX_COMPLEXITY - complexity(suffix);
      }
      rules[rules.length - 1].push({ wildcard: `${prefix}*${spelling}` });
    }
  }
  return rules;
}

/** A long suffix has millions of spellings: these are not made to be counted, and fill as few rules as they could. */
function countRules(suffixes: readonly string[], suffixCase: SuffixCaseName): number {
  const wildcards = suffixes.reduce((sum, suffix) => sum + countSpellings(suffix, suffixCase), 0);
  const least = Math.ceil(wildcards / MAX_WILDCARDS);
  return least > MAX_RULES ? least : keyPatterns('', suffixes, suffixCase).length;
}

/** A wildcard counts one, and one more for each place where its suffix may begin anew: `*.csv` 2, `*.csv.gz` 3. */
function complexity(suffix: string): number {
  const [first, ...rest] = suffix.toLowerCase();
  return LEAST_COMPLEXITY + rest.filter((letter) => letter === first).length;
}

/** `.a1` -> `.a1`, `.A1`. */
function spellings(suffix: string, suffixCase: SuffixCaseName): string[] {
  return [...suffix].reduce<string[]>(
    (heads, letter) => heads.flatMap((head) => lettersFor(letter, suffixCase).map((spelled) => head + spelled)),
    ['']);
}

function countSpellings(suffix: string, suffixCase: SuffixCaseName): number {
  return [...suffix].reduce((product, letter) => product * lettersFor(letter, suffixCase).length, 1);
}

function lettersFor(letter: string, suffixCase: SuffixCaseName): string[] {
  return suffixCase === 'any' ? [...new Set([letter.toLowerCase(), letter.toUpperCase()])] : [letter];
}
