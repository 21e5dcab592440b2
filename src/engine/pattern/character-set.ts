/** What one character of a pattern may be: a letter, a class, a point. JavaScript itself says so, one character at a time. */
export class CharacterSet {
  /** The characters that it holds, a bit each: those of ASCII, then the kinds of others. Two sets that share none have none in common. */
  readonly bits: bigint;
  private readonly one: RegExp;

  /**
   * @param source of a regular expression that takes one character
   * @param bits where they are known
   */
  constructor(readonly source: string, flags: string, bits?: bigint) {
    this.one = new RegExp(`^${source}$`, flags);
    this.bits = bits ?? this.findBits();
  }

  private findBits(): bigint {
    const isPlain = PLAIN.test(this.source);
    let bits = 0n;
    SAMPLES.forEach((character, place) => {
      if ((!isPlain && place >= ASCII_SIZE) || this.one.test(character)) bits |= 1n << BigInt(place);
    });
    return bits;
  }

  holds(codePoint: number): boolean {
    return this.one.test(String.fromCodePoint(codePoint));
  }

  /** @param bits of one or more sets */
  meets(bits: bigint): boolean {
    return (this.bits & bits) !== 0n;
  }

  /** All of its characters, where all are of ASCII; otherwise undefined. */
  get asciiCharacters(): readonly string[] | undefined {
    if (this.bits >> BigInt(ASCII_SIZE) !== 0n) return undefined;
    return SAMPLES.filter((_, place) => (this.bits >> BigInt(place) & 1n) === 1n);
  }
}

export const ASCII_SIZE = 128;

/**
 * What can be said with ASCII characters and classes of blanks, digits and letters tells no more characters apart than
 * these: ASCII, line ends and blanks beyond it, the two that are ASCII letters where case does not matter, and all others.
 */
const SAMPLES: readonly string[] = [...Array.from({ length: ASCII_SIZE }, (_, code) => String.fromCharCode(code)), '\u2028', '\u00a0', '\u017f', '\u212a', '\u00e9'];
/** A character of ASCII or an escape, alone or in a class. */
// eslint-disable-next-line no-control-regex
const PLAIN = /^(?:[\0-\x5b\x5d-\x7f]|\\(?:[dDwWsStnrfv0^$\\.*+?()[\]{}|/-]|x[0-7][\da-fA-F])|\[\^?(?:[\0-\x5b\x5d-\x7f]|\\(?:[dDwWsStnrfv0^$\\.*+?()[\]{}|/-]|x[0-7][\da-fA-F]))*\])$/;
