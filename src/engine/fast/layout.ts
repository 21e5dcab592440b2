/**
 * Where things lie in the linear memory that host and module share. Both import this file, so it is written in what
 * TypeScript and AssemblyScript have in common.
 *
 * | from | what |
 * |---|---|
 * | `MODULE_DATA` | the module's own tables |
 * | `RESULTS` | the results of the last `run` |
 * | `ESCAPES` | how a byte is written within the quotes of a string, in JSON or CSV |
 * | `PREFIX_MASK` | 32 bytes 0xff, then 32 bytes 0 |
 * | `FIRST_BYTES` | what the first byte of a field tells about it |
 * | `PROGRAM` | one op a field, then what the ops point to |
 * | after the program | input, output, key entries, the text of a key |
 *
 * Each part after the program is followed by `SLACK` bytes, because blocks are loaded and stored whole.
 */

/** Bytes that may be read or written behind the end of input and output. */
export const SLACK = 64;
/** Bytes of a SIMD register. */
export const BLOCK = 16;
/** Most bytes of output that one byte of input becomes: `\u001f`. */
export const BYTES_PER_BYTE = 6;
/**
 * Most bytes that a value has beside those: quotes, `null`, the zeros of a scale, what a date gains, what a word
 * becomes.
 */
export const VALUE_OVERHEAD = 128;

/** scripts/build-wasm.js tells the compiler this address. */
export const MODULE_DATA = 256;

// Results: 32-bit words.
export const RESULTS = 1024;
/** End of the output. */
export const RESULT_OUT = 0;
/** Records that were written. */
export const RESULT_RECORDS = 4;
/** Physical lines that these records span. */
export const RESULT_LINES = 8;
/** Key entries that these records left. */
export const RESULT_ENTRIES = 12;
/** How many of the first fields of the record that surprised are known to have no fault. */
export const RESULT_FAULTLESS = 16;
export const RESULTS_SIZE = 20;

// For each byte of ASCII: up to six bytes of text, and how many; none for NUL, which marks the end of the input.
export const ESCAPES = 2048;
export const ESCAPE_SHIFT = 3;
export const ESCAPE_LENGTH = 7;

export const PREFIX_MASK = 3072;
export const PREFIX_MASK_SIZE = 32;

/**
 * For each byte, what it tells about a field that begins with it: `FIRST_…`. 0: the field is an unquoted text, and not
 * empty.
 */
export const FIRST_BYTES = 3328;
export const FIRST_BYTES_SIZE = 256;
/** The field may be empty. */
export const FIRST_END = 1;
export const FIRST_QUOTE = 2;

export const PROGRAM = 4096;

// An op, the program of one field. Pointers are addresses in the memory.
export const OP_SIZE = 128;
export const OP_KIND = 0;
/** The text before the value: `,"name":`. */
export const OP_PREFIX = 4;
export const OP_PREFIX_LENGTH = 8;
/** What an unquoted empty text is: `EMPTY_…`. */
export const OP_EMPTY = 12;
/** Other texts that stand for "no value". Those that do so in quotes too come first. */
export const OP_MISSING = 16;
export const OP_MISSING_COUNT = 20;
/** 1: a missing value is a fault. */
export const OP_REQUIRED = 24;
/** Where in the output the value of the record at hand begins. */
export const OP_VALUE = 28;
/** 1: the value stands in quotes in JSON, but not in the output. */
export const OP_WITHOUT_QUOTES = 80;
/** What an empty text in quotes is, and how many of `OP_MISSING` stand for "no value" in quotes. */
export const OP_QUOTED_EMPTY = 84;
export const OP_QUOTED_MISSING_COUNT = 88;

export const EMPTY_IS_VALUE = 0;
export const EMPTY_IS_MISSING = 1;

// A missing value's text.
export const MISSING_SIZE = 48;
export const MISSING_TEXT = 0;
export const MISSING_MASK = 16;
export const MISSING_LENGTH = 32;
export const MISSING_LONGEST = 16;

export const KIND_TEXT = 0;
export const KIND_PATTERN = 1;
export const KIND_WORD = 2;
export const KIND_NUMBER = 3;
export const KIND_DATE = 4;
export const KIND_DATETIME = 5;
/** The host converts the field's text by the exact path. */
export const KIND_HOST = 6;
/** Like KIND_TEXT, for a line of CSV. */
export const KIND_CSV_TEXT = 7;

// KIND_TEXT and KIND_CSV_TEXT: the fewest and the most characters.
export const TEXT_MIN = 32;
export const TEXT_MAX = 36;
/** The value of TEXT_MAX for any length. */
export const UNLIMITED = 0x7fffffff;

// KIND_PATTERN: a text of fixed length. For each block of 16 bytes there is a pair of blocks for each range, with
// the lowest and the highest byte; each byte of the text must lie within one of its ranges.
export const PATTERN_LENGTH = 32;
export const PATTERN_RANGES = 36;
export const PATTERN_RANGE_COUNT = 40;
export const PATTERN_LONGEST = 48;

// KIND_WORD: a closed set of texts, each with what it becomes. A hash table with open addressing: slots hold the
// addresses of words, 0 where there is none.
export const WORD_SLOTS = 32;
/** Bits that a hash is shifted by to become the index of a slot. */
export const WORD_SHIFT = 36;
/** Number of slots less one. */
export const WORD_SLOT_MASK = 40;
export const WORD_LONGEST = 31;
export const WORD_TEXT = 0;
export const WORD_LENGTH = 32;
export const WORD_OUTPUT_LENGTH = 36;
export const WORD_OUTPUT = 40;
export const WORD_SIZE = 104;
export const WORD_OUTPUT_LONGEST = 64;
/**
 * The hash of a word, whose 32 bytes are the 64-bit integers a, b, c, d: (a XOR c XOR rotated(b XOR d)) times a factor.
 */
export const HASH_ROTATION = 29;
export const HASH_FACTOR_HIGH = 0x1e3779b9;
export const HASH_FACTOR_LOW = 0x7f4a7c15;

// KIND_NUMBER.
export const NUMBER_FORM = 32;
/** The byte of the decimal point. */
export const NUMBER_POINT = 36;
/** Fraction digits of a decimal; NO_SCALE: as many as its text has. */
export const NUMBER_SCALE = 40;
/** Most digits of a decimal. */
export const NUMBER_PRECISION = 44;
export const NUMBER_HAS_MIN = 48;
export const NUMBER_HAS_MAX = 52;
/** The limits are 64-bit integers: the value times ten to the power of this, their number of fraction digits. */
export const NUMBER_LIMIT_SCALE = 56;
export const NUMBER_MIN = 64;
export const NUMBER_MAX = 72;
export const NO_SCALE = -1;
/** Digits that a 64-bit integer holds for sure. */
export const LIMIT_DIGITS = 18;
export const LARGEST_SCALE = 64;

export const FORM_INTEGER = 0;
export const FORM_NUMBER = 1;
export const FORM_DECIMAL = 2;

// KIND_DATE and KIND_DATETIME: formats in the order in which they are tried. Limits are texts, as the output has them,
// except for what follows the digits.
export const DATE_FORMATS = 32;
export const DATE_FORMAT_COUNT = 36;
/** Minutes east of UTC for a time that does not tell its offset. */
export const DATE_ZONE = 40;
export const DATE_MIN = 44;
export const DATE_MIN_LENGTH = 48;
export const DATE_MAX = 52;
export const DATE_MAX_LENGTH = 56;

// A date format. Its layout is a text with all its digits: a byte fits where (byte XOR text) <= limit, which for the
// text "0" and the limit 9 are the digits, and for a limit of 0 is the byte itself.
export const FORMAT_SIZE = 128;
export const FORMAT_LENGTH = 0;
/** `TAIL_ISO`: fraction and offset may follow. */
export const FORMAT_TAIL = 4;
/** 1: a text that does not fit here may still fit in ways that only the exact path knows. */
export const FORMAT_OPEN = 8;
/** For texts with fewer digits; none (0) where the layout is the only way. */
export const FORMAT_ELEMENTS = 12;
export const FORMAT_ELEMENT_COUNT = 16;
/** For each digit of `YYYYMMDDHHMMSS` its index in the layout; NO_DIGIT: the format leaves it out. */
export const FORMAT_DIGITS = 32;
export const FORMAT_TEXT = 48;
export const FORMAT_LIMIT = 80;
export const FORMAT_LONGEST = 32;
export const NO_DIGIT = 0x80;

export const TAIL_NONE = 0;
export const TAIL_ISO = 1;

// Parts are named by the index of their first digit in `YYYYMMDDHHMMSS`.
export const PART_YEAR = 0;
export const PART_MONTH = 4;
export const PART_DAY = 6;
export const PART_HOUR = 8;
export const PART_MINUTE = 10;
export const PART_SECOND = 12;

/** An element of a format: a part with its fewest and most digits, or (part -1) one byte that stands for itself. */
export const ELEMENT_SIZE = 16;
export const ELEMENT_PART = 0;
export const ELEMENT_MIN_DIGITS = 4;
export const ELEMENT_MAX_DIGITS = 8;
export const ELEMENT_BYTE = 12;
export const ELEMENT_LITERAL = -1;

// KIND_HOST: flags of the text that is handed over.
export const HOST_QUOTED = 1;
export const HOST_DOUBLED_QUOTES = 2;
export const HOST_NON_ASCII = 4;

// How a line is put together, as `Line` in assembly/state.ts has it. A missing value lies here itself, the other texts
// by address.
export const LINE_SIZE = 32;
export const LINE_IS_CSV = 0;
export const LINE_MISSING = 4;
export const LINE_MISSING_LENGTH = 8;
export const LINE_TAIL = 12;
export const LINE_TAIL_LENGTH = 16;
export const LINE_HAS_OFFSET = 20;
export const LINE_END = 24;
export const LINE_END_LENGTH = 28;

// A key of the schema.
export const KEY_SIZE = 32;
/** Addresses of its fields' ops. */
export const KEY_FIELDS = 0;
export const KEY_FIELD_COUNT = 4;
/** The double that an entry holds for this key's number where the line is 0. */
export const KEY_PLACE = 8;
/** Its number as text: what is hashed begins with it. */
export const KEY_NUMBER = 16;
export const KEY_NUMBER_LENGTH = 28;

/** Most bytes that SHA-256 writes behind the text of a key. */
export const HASH_PADDING = 72;

// An entry of a key shard, as keys/key-entry.ts has it.
export const ENTRY_SIZE = 32;
export const ENTRY_OFFSET = 16;
export const ENTRY_PLACE = 24;
