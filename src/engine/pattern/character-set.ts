/** What one character of a pattern may be: a letter, a class, a point. JavaScript itself says so, one character at a time. */
export class CharacterSet {
  /** The characters that it holds, a bit each: those of ASCII, then the kinds of others. Two sets that share none have none in common. */
  readonly bits: bigint;
  /** Its bits say all of it. */
  readonly isPlain: boolean;
  private readonly one: RegExp;

  /** @param source of a regular expression that takes one character */
  constructor(private readonly source: string, private readonly flags: string) {
    this.one = new RegExp(`^${source}$`, flags);
    this.isPlain = PLAIN.test(source);
    let bits = 0n;
    SAMPLES.forEach((character, place) => {
      if ((!this.isPlain && place >= ASCII_SIZE) || this.one.test(character)) bits |= 1n << BigInt(place);
    });
    this.bits = bits;
  }

  holds(codePoint: number): boolean {
    return this.one.test(String.fromCodePoint(codePoint));
  }

  /** The characters from which on others are held than before, among all that there are. */
  edges(): string[] {
    const all = allCharacters();
    const edges: string[] = [];
    for (const { 0: run, index } of all.matchAll(new RegExp(`(?:${this.source})+`, `${this.flags}g`))) {
      for (const edge of [index, index + run.length]) if (edge < all.length) edges.push(String.fromCodePoint(all.codePointAt(edge)!));
    }
    return edges;
  }
}

/** @returns of all characters that the sets tell apart, at least one of each kind */
export function distinctCharacters(sets: readonly CharacterSet[]): readonly string[] {
  const others = sets.filter(({ isPlain }) => !isPlain);
  if (others.length === 0) return SAMPLES;
  return [...new Set([...SAMPLES, ...new CharacterSet('[\\s\\u017f\\u212a]', 'u').edges(), ...others.flatMap((set) => set.edges())])];
}

let knownCharacters: string | undefined;

/** Second halves of pairs stand before the first ones: no two halves become a character. */
function allCharacters(): string {
  if (knownCharacters !== undefined) return knownCharacters;
  const units: number[] = [];
  for (const [first, last] of [[0, 0xd7ff], [0xdc00, 0xdfff], [0xd800, 0xdbff], [0xe000, 0xffff]]) {
    for (let unit = first; unit <= last; unit++) units.push(unit);
  }
  for (let first = 0xd800; first <= 0xdbff; first++) for (let second = 0xdc00; second <= 0xdfff; second++) units.push(first, second);
  return knownCharacters = Buffer.from(Uint16Array.from(units).buffer).toString('utf16le');
}

export const ASCII_SIZE = 128;

/**
 * What can be said with ASCII characters and classes of blanks, digits and letters tells no more characters apart than
 * these: ASCII, line ends and blanks beyond it, the two that are ASCII letters where case does not matter, and all others.
 */
const SAMPLES: readonly string[] = [...Array.from({ length: ASCII_SIZE }, (_, code) => String.fromCharCode(code)), '\u2028', '\u00a0', '\u017f', '\u212a', '\u00e9'];
/** A character of ASCII or an escape, alone or in a class. */
// eslint-disable-next-line no-control-regex
const PLAIN = /^(?:[\0-\x5b\x5d-\x7f]|\\[dDwWsStnrfv0^$\\.*+?()[\]{}|/-]|\[\^?(?:[\0-\x5b\x5d-\x7f]|\\[dDwWsStnrfv0^$\\.*+?()[\]{}|/-])*\])$/;
