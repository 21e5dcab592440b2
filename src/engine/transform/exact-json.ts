/**
 * JSON as values of JavaScript and back, where what is not changed comes back as it was written: digits, escapes, the
 * order of the keys. Without recursion, so that no depth of nesting is too much.
 */
import { toExactNumber } from './exact-number';
import { endOfString } from '../json/json-elements';
import { jsonToString } from '../types/string-type';

type Container = Record<string, unknown>;

/** How a member of a container was written. */
interface Member {
  /** For an element of an array: its index. */
  readonly key: string;
  readonly keyLiteral: string;
  readonly value: unknown;
  /** Undefined where the value is a container, which has members of its own. */
  readonly literal: string | undefined;
}

/** In place of the JSON of a value that has none. */
export class NoJson {
  /** @param got what messages put after "got" */
  constructor(readonly got: string) {}
}

/**
 * How each container that was read was written. Kept as long as the container lives, because it may come back within
 * others.
 */
const membersOf = new WeakMap<object, readonly Member[]>();

/**
 * Objects and arrays are ordinary ones. A number that a double does not hold is a bigint, or a string where it is no
 * integer.
 *
 * @param json a valid object or array, without blanks between its parts
 */
export function parseExact(json: string): unknown {
  const root = new OpenContainer(json[0]);
  const open = [root];
  let keyLiteral = '';
  for (let at = 1; at < json.length;) {
    const inner = open[open.length - 1];
    const char = json[at];
    if (char === ',') {
      at++;
    } else if (char === ']' || char === '}') {
      open.pop();
      at++;
    } else if (char === '[' || char === '{') {
      const container = new OpenContainer(char);
      inner.add(keyLiteral, container.value);
      open.push(container);
      at++;
    } else {
      const end = char === '"' ? endOfString(json, at) + 1 : endOfWord(json, at);
      const literal = json.slice(at, end);
      const isKey = json[end] === ':';
      if (isKey) keyLiteral = literal;
      else inner.add(keyLiteral, toValue(literal), literal);
      at = isKey ? end + 1 : end;
    }
  }
  return root.value;
}

/** An array or an object that is being read. */
class OpenContainer {
  readonly value: Container | unknown[];
  private readonly members: Member[] = [];

  /** @param bracket `[` or `{` */
  constructor(bracket: string) {
    this.value = bracket === '[' ? [] : {};
    membersOf.set(this.value, this.members);
  }

  /** @param keyLiteral any text for an element of an array */
  add(keyLiteral: string, value: unknown, literal?: string): void {
    if (Array.isArray(this.value)) {
      this.members.push({ key: String(this.value.length), keyLiteral: '', value, literal });
      this.value.push(value);
      return;
    }
    const key = jsonToString(keyLiteral);
    this.members.push({ key, keyLiteral, value, literal });
    setOwn(this.value, key, value);
  }
}

/** Sets an ordinary property even for `__proto__`, which means another thing to an assignment. */
export function setOwn(object: Container, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}

function toValue(literal: string): unknown {
  const first = literal[0];
  if (first === '"') return jsonToString(literal);
  if (first === 't' || first === 'f' || first === 'n') return JSON.parse(literal);
  return toExactNumber(literal, /^-?\d+$/.test(literal) ? 'integer' : 'number');
}

function endOfWord(json: string, start: number): number {
  let end = start;
  while (end < json.length && !',]}'.includes(json[end])) end++;
  return end;
}

/**
 * The JSON of an object or array. What `parseExact` has read and nobody has changed is written as it was. The rest is
 * written as `JSON.stringify` does it, except that bigints become their digits, and that a value without JSON gives
 * `NoJson`.
 */
export function printExact(value: object): string | NoJson {
  const texts: string[] = [];
  const pending: Array<Piece | Closing> = [value];
  const open = new Set<object>();
  for (let piece = pending.pop(); piece !== undefined; piece = pending.pop()) {
    if (typeof piece === 'string') {
      texts.push(piece);
    } else if (piece instanceof Closing) {
      open.delete(piece.container);
    } else if (piece instanceof NoJson) {
      return piece;
    } else if (open.has(piece)) {
      return new NoJson('an object that holds itself');
    } else {
      open.add(piece);
      pending.push(new Closing(piece));
      const pieces = Array.isArray(piece) ? elementPieces(piece) : memberPieces(piece as Container);
      for (let index = pieces.length - 1; index >= 0; index--) pending.push(pieces[index]);
    }
  }
  return texts.join('');
}

/** A text, or an object or array that is yet to be taken into pieces. */
type Piece = string | object | NoJson;

/** The end of an object or array. */
class Closing {
  constructor(readonly container: object) {}
}

function elementPieces(array: readonly unknown[]): Piece[] {
  const given = membersOf.get(array);
  const pieces: Piece[] = ['['];
  for (let index = 0; index < array.length; index++) {
    const member = given?.[index];
    const isSame = member?.literal !== undefined && Object.is(array[index], member.value);
    if (index > 0) pieces.push(',');
    pieces.push(isSame ? member.literal! : pieceOf(array[index], String(index)) ?? 'null');
  }
  pieces.push(']');
  return pieces;
}

/**
 * Members that were read come first, in their order; a key that came twice is written twice as long as its value is the
 * same.
 */
function memberPieces(object: Container): Piece[] {
  const given = membersOf.get(object) ?? [];
  const last = new Map(given.map((member) => [member.key, member]));
  const pieces: Piece[] = ['{'];
  const add = (keyLiteral: string, piece: Piece | undefined) => {
    if (piece !== undefined) pieces.push(`${pieces.length > 1 ? ',' : ''}${keyLiteral}:`, piece);
  };
  for (const member of given) {
    const { key, keyLiteral } = member;
    if (!Object.hasOwn(object, key)) continue;
    if (Object.is(object[key], last.get(key)!.value)) add(keyLiteral, member.literal ?? member.value as object);
    else if (last.get(key) === member) add(keyLiteral, pieceOf(object[key], key));
  }
  for (const key of Object.keys(object)) {
    if (!last.has(key)) add(JSON.stringify(key), pieceOf(object[key], key));
  }
  pieces.push('}');
  return pieces;
}

/** Undefined for undefined, which JSON leaves out. */
function pieceOf(value: unknown, key: string): Piece | undefined {
  switch (typeof value) {
    case 'undefined':
      return undefined;
    case 'bigint':
      return String(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : new NoJson(String(value));
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value) || isPlainObject(value)) return value;
      // Dates, and other classes that say what their JSON is.
      if ('toJSON' in value && typeof value.toJSON === 'function') return pieceOf((value.toJSON as (key: string) => unknown)(key), key);
      return new NoJson(`an object of class ${value.constructor.name}`);
    case 'function':
    case 'symbol':
      return new NoJson(`a ${typeof value}`);
  }
}

/** Objects of other realms are plain too. */
export function isPlainObject(value: unknown): value is Container {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
