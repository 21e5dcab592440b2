/**
 * An event pattern has no AND on one field: a `prefix` and a `suffix` in one array are alternatives. `wildcard` holds
 * both (`incoming/*.csv`), but knows no `equals-ignore-case`; so there is one wildcard for each way to write a suffix,
 * spread over several rules, because EventBridge refuses a rule with many wildcards as too complex.
 */

/**
 * EventBridge counts how many beginnings of wildcards one key can match at once, and refuses a rule somewhat above 10.
 * This lets 4 wildcards like `*.csv` share a rule: each counts 2.
 */
const MAX_COMPLEXITY = 8;

/**
 * An event bus has room for 300 rules. Each letter doubles a suffix's spellings: this is enough for 7 letters, or for
 * `.csv.gz` beside `.csv`.
 */
const MAX_RULES = 32;

/** What another suffix takes anyway is left out: a key matches one wildcard, and so one rule, exactly. */
export function checkSuffixes(suffixes: string[]): string[] {
  for (const suffix of suffixes) {
    if (!/^[^*\\/]{1,20}$/.test(suffix)) throw new Error(`suffixes must have 1 to 20 characters, none of * \\ /, got "${suffix}"`);
    if (complexity(suffix) > MAX_COMPLEXITY) {
      throw new Error(`suffixes must hold their first character at most ${MAX_COMPLEXITY - 1} times (EventBridge refuses it), got "${suffix}"`);
    }
  }
  const lowerCase = [...new Set(suffixes.map((suffix) => suffix.toLowerCase()))];
  const distinct = lowerCase.filter((suffix) => !lowerCase.some((other) => other !== suffix && suffix.endsWith(other)));
  const ruleCount = distinct.reduce((sum, suffix) => sum + Math.ceil(countSpellings(suffix) / spellingsPerRule(suffix)), 0);
  if (ruleCount > MAX_RULES) {
    throw new Error(`suffixes must need at most ${MAX_RULES} event rules (each letter doubles them: upper and lower case; `
      + `an empty list takes every file), got ${ruleCount} for ${suffixes.join(', ')}`);
  }
  return distinct;
}

/**
 * One pattern a rule; together they match a key that begins with the prefix and ends with one of the suffixes in any
 * case.
 */
export function keyPatterns(prefix: string, suffixes: string[]): object[][] {
  if (suffixes.length === 0) return [[{ prefix }]];
  return suffixes.flatMap((suffix) => {
    const wildcards = spellings(suffix).map((spelling) => ({ wildcard: `${prefix}*${spelling}` }));
    const perRule = spellingsPerRule(suffix);
    return Array.from({ length: Math.ceil(wildcards.length / perRule) }, (_, rule) => wildcards.slice(rule * perRule, (rule + 1) * perRule));
  });
}

function spellingsPerRule(suffix: string): number {
  return Math.floor(MAX_COMPLEXITY / complexity(suffix));
}

/** A wildcard counts one, and one more for each place where its suffix may begin anew: `*.csv` 2, `*.csv.gz` 3. */
function complexity(suffix: string): number {
  const [first, ...rest] = suffix.toLowerCase();
  return 2 + rest.filter((letter) => letter === first).length;
}

/** `.a1` -> `.a1`, `.A1`. */
function spellings(suffix: string): string[] {
  return [...suffix].reduce<string[]>(
    (heads, letter) => heads.flatMap((head) => cases(letter).map((spelled) => head + spelled)),
    ['']);
}

/** Without making them: a long suffix has millions. */
function countSpellings(suffix: string): number {
  return [...suffix].reduce((product, letter) => product * cases(letter).length, 1);
}

function cases(letter: string): string[] {
  return [...new Set([letter.toLowerCase(), letter.toUpperCase()])];
}
