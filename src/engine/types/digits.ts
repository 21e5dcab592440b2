/** The value `integer.fraction`, negated if `negative`. */
export interface Digits {
  readonly negative: boolean;
  /** Without leading zeros, but at least `0`. */
  readonly integer: string;
  /** As written: trailing zeros are kept. Empty if there is none. */
  readonly fraction: string;
}

/** Undefined: the text is no such number. */
export type DigitsReader = (text: string) => Digits | undefined;
