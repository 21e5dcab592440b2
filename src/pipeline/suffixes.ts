/**
 * An event pattern has no AND on one field: a `prefix` and a `suffix` in one array are alternatives. `wildcard` holds both
 * (`incoming/*.csv`), but knows no `equals-ignore-case`; so there is one wildcard for each way to write a suffix.
 */

/** EventBridge takes patterns of 2,048 characters; this leaves room for the rest of the pattern, long bucket names too. */
const MAX_PATTERN_LENGTH = 1_800;

export function checkSuffixes(suffixes: string[], incomingPrefix: string): string[] {
  for (const suffix of suffixes) {
    if (!/^[^*\\/]{1,20}$/.test(suffix)) throw new Error(`suffixes must have 1 to 20 characters, none of * \\ /, got "${suffix}"`);
  }
  const spellingCount = suffixes.reduce((sum, suffix) => sum + countSpellings(suffix), 0);
  const length = spellingCount * `{"wildcard":"${incomingPrefix}*.csv"},`.length;
  if (length > MAX_PATTERN_LENGTH) {
    throw new Error(`suffixes must make an event pattern of at most ${MAX_PATTERN_LENGTH} characters (each letter doubles it: `
      + `upper and lower case; an empty list takes every file), got ${length} for ${suffixes.join(', ')}`);
  }
  return suffixes;
}

/** Matches a key that begins with the prefix and ends with one of the suffixes in any case. */
export function keyPattern(prefix: string, suffixes: string[]): object[] {
  if (suffixes.length === 0) return [{ prefix }];
  return suffixes.flatMap(spellings).map((suffix) => ({ wildcard: `${prefix}*${suffix}` }));
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
