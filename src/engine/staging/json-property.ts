/**
 * The array that stands in a JSON object, under a property, as lines, of the same length: as in json-array.ts, and all
 * that stands around the array becomes blanks. That it is JSON is checked all the same, but for the texts of strings.
 */
import {
  BACKSLASH, BLANK, CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, ElementScanner, isBlank, isPunctuation, LF, OPEN_ARRAY, OPEN_OBJECT, QUOTE,
} from './element-scanner';
import { ArrayScanner } from './json-array';
import { shortened, visibleJson } from '../../spec/visible-text';
import { FileError } from '../model/errors';

/** Bytes that are kept of a key, and of a number or word; no longer key can be meant, and no longer number is read. */
const MOST_KEPT = 8192;
const SCALAR = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/;
const DEEPEST = 1000;
const MOST_KEYS_TOLD = 20;
const MOST_CHARACTERS_TOLD = 60;

const EXPECTED = {
  start: 'an object, which begins with {',
  firstKey: 'a key or }',
  key: 'a key after the comma',
  colon: '":" after the key',
  value: 'a value',
  firstElement: 'a value or ]',
  afterValue: 'a comma or a closing bracket after the value',
  end: 'nothing after the object',
} as const;
type Place = keyof typeof EXPECTED;

/**
 * @param property the names that lead to the array, from the outer object to the inner one, with points between them
 * @throws FileError `bad_json` where the text is no such object, or one that is not in order
 */
export async function* jsonPropertyToLines(pieces: AsyncIterable<Uint8Array>, property: string): AsyncGenerator<Buffer, void, void> {
  const scanner = new PropertyScanner(property);
  for await (const piece of pieces) {
    // A copy, because the bytes belong to the source.
    const lines = Buffer.from(piece);
    scanner.scan(lines);
    yield lines;
  }
  scanner.finish();
}

/** An object or array that is open around the place of the scan. */
interface Container {
  readonly isArray: boolean;
  /** What its keys are put behind to tell the way to their values; undefined where there is an array on the way. */
  readonly prefix: string | undefined;
}

class PropertyScanner extends ElementScanner {
  private place: Place = 'start';
  private readonly open: Container[] = [];
  /** The array, from where it begins. */
  private array: ArrayScanner | undefined;
  /** What is read of a key or of a number or word. */
  private text: number[] = [];
  private readsKey = false;
  private inScalar = false;
  private escapes = false;
  /** The names that lead to the value at hand. */
  private path: string | undefined;
  /** The keys of each object on the way to the array, by their prefix. */
  private readonly keys = new Map<string, string[]>();

  constructor(private readonly property: string) {
    super();
  }

  /** Changes the bytes in place. */
  scan(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.array !== undefined && !this.array.isOver) {
        at = this.array.scanArray(bytes, this.base, at);
        if (this.array.isOver) this.place = 'afterValue';
      } else {
        this.scanAround(bytes[at], at);
        bytes[at++] = BLANK;
      }
    }
    this.base += bytes.length;
  }

  /** After the last byte. */
  finish(): void {
    if (this.array !== undefined && !this.array.isOver) this.array.finish(this.base);
    if (this.place !== 'end') this.failAtEnd(this.inScalar || this.inString ? 'the end of a value' : EXPECTED[this.place]);
    if (this.array === undefined) throw new FileError('bad_json', `expected an array under ${visibleJson(this.property)} (property), got ${this.found()}`);
  }

  private scanAround(byte: number, at: number): void {
    if (this.inString) return this.scanString(byte, at);
    if (this.inScalar) {
      if (!isBlank(byte) && !isPunctuation(byte)) return this.keep(byte);
      this.endScalar();
    }
    if (isBlank(byte) || (this.place === 'start' && this.isMark(byte, at))) return;
    switch (this.place) {
      case 'start':
        if (byte !== OPEN_OBJECT) this.failAt(EXPECTED.start, byte, at);
        return this.openContainer({ isArray: false, prefix: '' }, at);
      case 'firstKey':
      case 'key':
        if (byte === CLOSE_OBJECT && this.place === 'firstKey') return this.close();
        if (byte !== QUOTE) this.failAt(EXPECTED[this.place], byte, at);
        return this.beginString(true, at);
      case 'colon':
        if (byte !== COLON) this.failAt(EXPECTED.colon, byte, at);
        this.place = 'value';
        return;
      case 'firstElement':
        return byte === CLOSE_ARRAY ? this.close() : this.beginValue(byte, at);
      case 'value':
        return this.beginValue(byte, at);
      case 'afterValue':
        return this.afterValue(byte, at);
      case 'end':
        return this.failAt(EXPECTED.end, byte, at);
    }
  }

  private beginValue(byte: number, at: number): void {
    if (this.path === this.property) return this.beginArray(byte, at);
    if (byte === OPEN_OBJECT) this.openContainer({ isArray: false, prefix: this.path === undefined ? undefined : `${this.path}.` }, at);
    else if (byte === OPEN_ARRAY) this.openContainer({ isArray: true, prefix: undefined }, at);
    else if (byte === QUOTE) this.beginString(false, at);
    else if (isPunctuation(byte)) this.failAt(EXPECTED[this.place], byte, at);
    else this.beginScalar(byte, at);
  }

  private beginArray(byte: number, at: number): void {
    const told = `an array under ${visibleJson(this.property)} (property)`;
    if (byte !== OPEN_ARRAY) this.failAt(told, byte, at);
    if (this.array !== undefined) this.fail(`${told} once`, 'another one', at);
    // Its scan begins with this byte, which is blank by then.
    this.array = new ArrayScanner();
    this.array.scanArray(Buffer.of(byte), this.base + at, 0);
  }

  private afterValue(byte: number, at: number): void {
    const { isArray } = this.open[this.open.length - 1];
    if (byte === COMMA) this.place = isArray ? 'value' : 'key';
    else if (byte === (isArray ? CLOSE_ARRAY : CLOSE_OBJECT)) this.close();
    else this.failAt(EXPECTED.afterValue, byte, at);
  }

  private openContainer(container: Container, at: number): void {
    if (this.open.length === DEEPEST) this.fail(`at most ${DEEPEST} brackets one in the other`, 'more', at);
    this.open.push(container);
    this.path = undefined;
    this.place = container.isArray ? 'firstElement' : 'firstKey';
  }

  private close(): void {
    this.open.pop();
    this.path = undefined;
    this.place = this.open.length === 0 ? 'end' : 'afterValue';
  }

  private beginString(isKey: boolean, at: number): void {
    this.elementStart = this.base + at;
    this.inString = true;
    this.readsKey = isKey;
    this.text = [];
  }

  private scanString(byte: number, at: number): void {
    if (byte === LF || byte < BLANK) this.fail('the end of a string', 'a line end or another control character', at);
    if (byte === QUOTE && !this.escapes) return this.endString(at);
    this.escapes = byte === BACKSLASH && !this.escapes;
    if (this.readsKey) this.keep(byte);
  }

  private endString(at: number): void {
    this.inString = false;
    if (!this.readsKey) {
      this.place = 'afterValue';
      return;
    }
    this.place = 'colon';
    const { prefix } = this.open[this.open.length - 1];
    if (prefix === undefined) return;
    const key = this.readKey(at);
    this.path = prefix + key;
    if (this.property.startsWith(prefix)) this.keys.set(prefix, [...this.keys.get(prefix) ?? [], key].slice(0, MOST_KEYS_TOLD + 1));
  }

  private readKey(at: number): string {
    const text = Buffer.from(this.text).toString();
    if (this.text.length === MOST_KEPT) return text;
    try {
      return JSON.parse(`"${text}"`) as string;
    } catch {
      return this.fail('a key that is a string of JSON', 'another one', at);
    }
  }

  private beginScalar(byte: number, at: number): void {
    this.elementStart = this.base + at;
    this.inScalar = true;
    this.text = [byte];
  }

  private endScalar(): void {
    this.inScalar = false;
    this.place = 'afterValue';
    if (!SCALAR.test(Buffer.from(this.text).toString('latin1'))) throw new FileError('bad_json', `expected a value of JSON, got other text at byte ${this.elementStart}`);
  }

  private keep(byte: number): void {
    if (this.text.length < MOST_KEPT) this.text.push(byte);
  }

  /** What there is instead of the array: the keys on the way to it, as far as they lead. */
  private found(): string {
    const [prefix, keys] = [...this.keys].sort(([one], [other]) => other.length - one.length)[0] ?? ['', []];
    if (keys.length === 0) return 'an object without keys';
    const told = keys.slice(0, MOST_KEYS_TOLD).map((key) => visibleJson(shortened(key, MOST_CHARACTERS_TOLD)));
    return `an object with the keys ${told.join(', ')}${keys.length > MOST_KEYS_TOLD ? ' and more' : ''}${prefix === '' ? '' : ` under ${visibleJson(prefix.slice(0, -1))}`}`;
  }
}
