import { fail, Properties } from './descriptor-check';

/**
 * Which properties a schema may have that Table Schema does not know: all that only describe. One whose name is much
 * like that of a property that is enforced is refused, because it is most likely that property, misspelt: ignored, it
 * would let bad records pass.
 */

export interface KnownNames {
  /** Properties that are looked at. */
  readonly enforced: readonly string[];
  /** Properties that only describe: what is like them describes too. */
  readonly describing: readonly string[];
  /** Properties that are enforced in another place, and that place. */
  readonly elsewhere: Readonly<Record<string, string>>;
}

/** Other names for the same thing, which differ by more than a few letters. Without case and punctuation. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  min: 'minimum',
  minvalue: 'minimum',
  max: 'maximum',
  maxvalue: 'maximum',
  exclusivemin: 'exclusiveMinimum',
  exclusivemax: 'exclusiveMaximum',
  minlen: 'minLength',
  minimumlength: 'minLength',
  maxlen: 'maxLength',
  maximumlength: 'maxLength',
  regex: 'pattern',
  regexp: 'pattern',
  mandatory: 'required',
  notnull: 'required',
  enumeration: 'enum',
  allowedvalues: 'enum',
  validvalues: 'enum',
  nullvalues: 'missingValues',
  navalues: 'missingValues',
  missing: 'missingValues',
  datatype: 'type',
  dateformat: 'format',
  alias: 'aliases',
  decimalseparator: 'decimalChar',
  thousandsseparator: 'groupChar',
  groupseparator: 'groupChar',
  primary: 'primaryKey',
  pk: 'primaryKey',
  isprimarykey: 'primaryKey',
};

/** Of these, false asks for something. */
const TRUE_BY_DEFAULT = ['quotedMissingValues', 'headerCase', 'bareNumber'];

/** Throws on a name that is most likely meant for another one. */
export function checkUnknownNames(path: string, properties: Properties, { enforced, describing, elsewhere }: KnownNames): void {
  for (const [name, value] of Object.entries(properties)) {
    if (enforced.includes(name) || describing.includes(name) || isExtension(name)) continue;
    const likely = likelyName(name, [...enforced, ...Object.keys(elsewhere)]);
    if (likely === undefined || (asksNothing(value) && !(value === false && TRUE_BY_DEFAULT.includes(likely)))) continue;
    fail(`${path}.${name}`, `be written as ${enforced.includes(likely) ? likely : elsewhere[likely]}, which is most likely meant and would not be checked`, value);
  }
}

/** Whether an unknown property cannot be meant to refuse a record. */
export function asksNothing(value: unknown): boolean {
  return value === false || value === null || value === undefined || value === ''
    || (typeof value === 'object' && Object.keys(value).length === 0);
}

/** A name of another vocabulary: `skos:broadMatch`, `esb$enum`, `x-note`. */
export function isExtension(name: string): boolean {
  return /[:$]|^x-|^_/.test(name);
}

/** The one of the names that another one is much like; undefined: none of them. */
export function likelyName(name: string, names: readonly string[]): string | undefined {
  const letters = lettersOf(name);
  const other = OTHER_NAMES[letters];
  if (other !== undefined && names.includes(other)) return other;
  const near = names.map((each) => ({ each, distance: distanceOf(letters, lettersOf(each)) })).sort((a, b) => a.distance - b.distance)[0];
  if (near === undefined) return undefined;
  // In a short word one letter makes another word.
  const mostDistance = near.each.length >= 8 && near.each[0].toLowerCase() === letters[0] ? 2 : 1;
  return near.distance <= mostDistance ? near.each : undefined;
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** How many letters are to be added, left out, replaced or swapped with their neighbour. */
function distanceOf(word: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= word.length; row++) {
    const next = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = word[row - 1] === other[column - 1];
      next[column] = Math.min(last[column] + 1, next[column - 1] + 1, last[column - 1] + (same ? 0 : 1));
      if (row > 1 && column > 1 && word[row - 1] === other[column - 2] && word[row - 2] === other[column - 1]) {
        next[column] = Math.min(next[column], before[column - 2] + 1);
      }
    }
    before = last;
    last = next;
  }
  return last[other.length];
}
