/** What the functions of one run share. Static fields become globals of the module. */

/** The dialect's bytes; -1: none. */
export abstract class Dialect {
  static delimiter: i32 = 0;
  static quote: i32 = 0;
  static comment: i32 = 0;
}

/** What a record may look like as a whole. */
export abstract class Records {
  static mayEndWithLf: bool = true;
  static mayEndWithCrLf: bool = true;
  /** A delimiter stands behind the last field. */
  static trailingDelimiter: bool = false;
  /** Those of nothing but delimiters and blanks are skipped, by the exact path. */
  static skipBlank: bool = false;
}

export abstract class Program {
  static ops: usize = 0;
  static fieldCount: i32 = 0;
  static maxRecordSize: usize = 0;
}

/** How a line is put together. */
export abstract class Line {
  static isCsv: bool = false;
  /** The bytes of a missing value, and how many they are. */
  static missing: u32 = 0;
  static missingLength: usize = 0;
  /** What comes behind the values: a text, the record's byte offset where it is wanted, and another text. */
  static tail: usize = 0;
  static tailLength: usize = 0;
  static hasOffset: bool = false;
  static end: usize = 0;
  static endLength: usize = 0;
}

/** The keys of the schema; none where nobody takes their entries. */
export abstract class Keys {
  static first: usize = 0;
  static count: i32 = 0;
  /** Memory where the text that is hashed is put together. */
  static text: usize = 0;
  static entries: usize = 0;
}

/** Where the output ends, and what is known of the record at hand. */
export abstract class Run {
  static out: usize = 0;
  /** Where the next key entry goes. */
  static entry: usize = 0;
  /** Line ends within quotes. */
  static innerLines: i32 = 0;
  static nonAscii: bool = false;
  /** The op of the first field that may be why the record is a surprise. */
  static surpriseOp: usize = 0;
}

/**
 * Returned in place of an address by what cannot go on: the record is one for the exact path, which knows whether it is
 * wrong, or only unusual.
 */
export const SURPRISE: usize = 0;
