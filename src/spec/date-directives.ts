/** The directives of strptime patterns that the engine reads; a test holds that its list is this one. */
export const DATE_DIRECTIVES = ['Y', 'y', 'm', 'd', 'j', 'b', 'B', 'a', 'A', 'H', 'I', 'p', 'M', 'S', 'f', 'z', '%'];

/** Why a pattern cannot say one date (or datetime), to follow "must"; undefined if it can. The engine has the same rules. */
export function patternFault(pattern: string, type: 'date' | 'datetime'): string | undefined {
  const elements = pattern.match(/%.?|[^%]/gsu) ?? [];
  const directives = elements.filter((element) => element.startsWith('%')).map((element) => element.slice(1));
  const unknown = directives.find((directive) => !DATE_DIRECTIVES.includes(directive));
  if (unknown !== undefined) {
    return `hold only the directives ${DATE_DIRECTIVES.map((name) => `%${name}`).join(' ')}, not %${unknown}`;
  }
  const count = (names: string) => directives.filter((directive) => names.includes(directive)).length;
  const rules: ReadonlyArray<[boolean, string]> = [
    [[...'YymdjbBaAHIpMSfz'].every((name) => count(name) <= 1), 'hold each directive once'],
    [count('Yy') === 1, 'hold one of %Y and %y'],
    [count('j') === 1 ? count('mbBd') === 0 : count('mbB') === 1 && count('d') === 1, 'hold one of %m, %b and %B with %d, or %j alone'],
    [count('aA') <= 1, 'hold one of %a and %A at most'],
    [count('HI') <= 1 && count('I') === count('p'), 'hold %H, or %I with %p'],
    [count('M') === 0 || count('HI') === 1, 'hold an hour if it holds %M'],
    [count('S') === 0 || count('M') === 1, 'hold %M if it holds %S'],
    [count('f') === 0 || count('S') === 1, 'hold %S if it holds %f'],
    [!/^(?:[^%]|%[^f])*%f(?:\d|%[YymdjHIMS])/su.test(pattern), 'not go on with digits after %f'],
    [type === 'datetime' || count('HIpMSfz') === 0, 'hold no time of day and no offset, because the type is date'],
  ];
  return rules.find(([holds]) => !holds)?.[1];
}
