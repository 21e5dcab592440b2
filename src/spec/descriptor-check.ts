/** What the checks of descriptors share: messages that name the path, what was expected and what came. */
import { shortened, visible, visibleBeginning, visibleJson } from './visible-text';

const MOST_CHARACTERS_TOLD = 80;
const MOST_OF_A_PATH = 300;

export function fail(path: string, expectation: string, got: unknown): never {
  throw new Error(`${visibleBeginning(path, MOST_OF_A_PATH)} must ${visible(expectation)}, got ${show(got)}`);
}

function show(value: unknown): string {
  return shortened(visibleJson(value), MOST_CHARACTERS_TOLD);
}

export type Properties = Readonly<Record<string, unknown>>;

/** An object's properties; those that are undefined count as left out. */
export function checkObject(path: string, value: unknown): Properties {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    fail(path, 'be an object', value);
  }
  return Object.fromEntries(Object.entries(value).filter(([, property]) => property !== undefined));
}

/** Nothing is ignored silently: a misspelt setting would not be the one that is meant. */
export function checkPropertyNames(path: string, properties: Properties, known: readonly string[]): void {
  for (const [name, value] of Object.entries(properties)) {
    if (!known.includes(name)) {
      fail(`${path}.${name}`, `be one of the known properties (${known.join(', ')})`, value);
    }
  }
}

/** For each property that is there, what it has to be. */
export function checkBoolean(path: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') {
    fail(path, 'be true or false', value);
  }
}

export function checkString(path: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'string') {
    fail(path, 'be a string', value);
  }
}

export function checkStrings(path: string, value: unknown): void {
  if (value === undefined) {
    return;
  }
  if (!Array.isArray(value)) {
    fail(path, 'be a list of strings', value);
  }
  value.forEach((entry, index) => checkString(`${path}[${index}]`, entry ?? null));
}

/** Names and words of a descriptor reach the output, and half a surrogate pair would spoil each part file. */
export function checkUnicode(path: string, value: unknown): void {
  if (typeof value === 'string') {
    if (/\p{Surrogate}/u.test(value)) fail(path, 'be Unicode text, without half a surrogate pair', value);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      if (!Array.isArray(value)) checkUnicode(`the name of ${path}.${name}`, name);
      checkUnicode(Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`, inner);
    }
  }
}

export function checkWholeNumber(path: string, value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (value === undefined) {
    return;
  }
  if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most) {
    fail(path, most === Number.MAX_SAFE_INTEGER ? `be a whole number >= ${least}` : `be a whole number from ${least} to ${most}`, value);
  }
}
