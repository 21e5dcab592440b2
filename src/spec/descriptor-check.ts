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
  // A list in place of recursion: properties of the user's own may be nested as deep as JSON can be.
  const pending: Inner[] = [{ value, name: path, isIndex: false, outer: undefined }];
  for (let inner = pending.pop(); inner !== undefined; inner = pending.pop()) {
    if (typeof inner.value === 'string') {
      if (HALF_A_PAIR.test(inner.value)) fail(pathOf(inner), UNICODE, inner.value);
    } else if (typeof inner.value === 'object' && inner.value !== null) {
      const isIndex = Array.isArray(inner.value);
      const outer = inner;
      const within = Object.entries(inner.value).map(([name, each]): Inner => ({ value: each, name, isIndex, outer }));
      const spoilt = within.find(({ name }) => HALF_A_PAIR.test(name));
      if (spoilt !== undefined) fail(`the name of ${pathOf(spoilt)}`, UNICODE, spoilt.name);
      // The first is taken off the list first.
      for (const each of within.reverse()) pending.push(each);
    }
  }
}

const HALF_A_PAIR = /\p{Surrogate}/u;
const UNICODE = 'be Unicode text, without half a surrogate pair';

/** What a schema or a dialect holds, and where: its path is put together for a message only. */
interface Inner {
  readonly value: unknown;
  readonly name: string;
  readonly isIndex: boolean;
  readonly outer: Inner | undefined;
}

function pathOf(inner: Inner): string {
  const parts: string[] = [];
  for (let at: Inner | undefined = inner; at !== undefined; at = at.outer) parts.push(at.outer === undefined ? at.name : at.isIndex ? `[${at.name}]` : `.${at.name}`);
  return parts.reverse().join('');
}

export function checkWholeNumber(path: string, value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (value === undefined) {
    return;
  }
  if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most) {
    fail(path, most === Number.MAX_SAFE_INTEGER ? `be a whole number >= ${least}` : `be a whole number from ${least} to ${most}`, value);
  }
}
