/** How a type, with the settings of one field, reads texts. */
export interface ValueType {
  /** What a valid text is, as messages put it after "expected": `an integer`. */
  readonly expected: string;

  /** Its values are JSON as it was written, with texts of their own in it, which may not be Unicode text. */
  readonly holdsTexts?: true;

  /** What `minLength` and `maxLength` count, of types that are no texts. */
  readonly size?: { readonly unit: string; of(json: string): number };

  /**
   * The JSON text of the value (canonical: the same value has the same bytes), or undefined where the text is not of
   * the type.
   */
  read(text: string): string | undefined;

  /**
   * The same for a value of JSON that is no string. Absent where only numbers and booleans may be values, by their
   * texts.
   *
   * @param literal without blanks between its parts
   */
  readLiteral?(kind: LiteralKind, literal: string): string | undefined;

  /**
   * Orders two values by their JSON texts; absent where the type has no order. NaN where two values have none: then
   * neither is a limit that the other keeps.
   */
  compare?(json: string, other: string): number;

  /** Equal for two JSON texts exactly when their values are. Absent where the JSON text itself is. */
  identity?(json: string): string;
}

/** What a value of JSON is, beside a string and null. */
export type LiteralKind = 'number' | 'boolean' | 'object' | 'array';

/** Orders JSON texts whose values are in the order of their characters. */
export function compareTexts(text: string, other: string): number {
  if (text === other) {
    return 0;
  }
  return text < other ? -1 : 1;
}
