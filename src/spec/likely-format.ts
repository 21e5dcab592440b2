import { datePatternFault } from './date-directives';

/** The letters of other notations of dates, the longest first. */
const LETTERS: ReadonlyArray<readonly [letters: RegExp, directive: string]> = [
  [/YYYY|yyyy/, '%Y'], [/YY|yy/, '%y'], [/MM/, '%m'], [/DD|dd/, '%d'], [/HH|hh/, '%H'], [/mm/, '%M'], [/ss|SS/, '%S'],
];

/** `%d/%m/%Y` for `DD/MM/YYYY` and the like; undefined: who knows. */
export function likelyPattern(format: string, type: 'date' | 'datetime'): string | undefined {
  // Where it says no other month, this is it.
  const named = format.includes('MM') ? format : format.replace('mm', 'MM');
  const pattern = LETTERS.reduce((text, [letters, directive]) => text.replace(letters, directive), named);
  const isPlain = !/[a-zA-Z]/.test(pattern.replace(/%[a-zA-Z]|T/g, ''));
  return isPlain && datePatternFault(pattern, type) === undefined ? pattern : undefined;
}
