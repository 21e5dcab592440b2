/** How a type, with the settings of one field, reads texts. */
export interface ValueType {
  /** What a valid text is, as messages put it after "expected": `an integer`. */
  readonly expected: string;

  /**
   * The JSON text of the value (canonical: the same value has the same bytes), or undefined where the text is not of
   * the type.
   */
  read(text: string): string | undefined;

  /** Orders two values by their JSON texts; absent where the type has no order. */
  compare?(json: string, other: string): number;

  /** Equal for two JSON texts exactly when their values are. Absent where the JSON text itself is. */
  identity?(json: string): string;
}
