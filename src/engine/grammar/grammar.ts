/**
 * The record grammar as one DFA, compiled from the dialect. The parser runs it from a known record start; the planner
 * runs it from every state at once to find where records begin. Both are exact only because they share this table, with
 * all its states: progress inside a delimiter of several bytes, after an escape character, inside a comment line, after
 * CR.
 */
import { DialectBytes, resolveDialect } from './dialect-bytes';

export const LF = 0x0a;
export const CR = 0x0d;
/** Bytes of the longest line end. */
export const LINE_END_SIZE = 2;
export const SPACE = 0x20;
export const TAB = 0x09;

/**
 * The states. Those of a partly read delimiter come last: in state `delimiter + k`, `k + 1` of its bytes have been
 * read.
 */
export const State = {
  recordStart: 0,
  fieldStart: 1,
  unquoted: 2,
  /** After a CR outside quotes that is part of a line end only if LF follows. */
  unquotedCr: 3,
  quoted: 4,
  quoteInQuoted: 5,
  unquotedEscape: 6,
  quotedEscape: 7,
  comment: 8,
  /** After a CR that ended a record: an LF still belongs to that line end. Only where a lone CR ends records. */
  afterCr: 9,
  /** After a CR inside a comment, where only CRLF ends a line. */
  commentCr: 10,
  /** After a CR that ends a record only if LF follows, behind a quote that may have closed its field, or in `lazy`. */
  quoteCr: 11,
  /** Inside quotes, behind a quote that is part of the text: here a line end ends the record, which is rejected. */
  lazy: 12,
  quoteInLazy: 13,
  lazyEscape: 14,
  delimiter: 15,
} as const;

/** What the parser does on a transition. */
export const Action = {
  none: 0,
  fieldEnd: 1,
  recordEnd: 2,
  openQuote: 3,
  closeQuote: 4,
  /** A doubled quote or an escape: the field's text differs from its bytes. */
  escape: 5,
  /** A line end inside a field. */
  line: 6,
  /** A blank before a field that the dialect skips. */
  skip: 7,
} as const;

/**
 * The class of the bytes that mean nothing to the dialect. They have no action, and a second one in a row does not
 * change the state.
 */
export const ORDINARY = 0;
export const STATE_BITS = 0xff;
export const ACTION_SHIFT = 8;

export interface Grammar {
  readonly dialect: DialectBytes;
  readonly stateCount: number;
  /** The states that a file in this dialect can be in: without a quote character nothing is ever quoted. */
  readonly reachable: readonly number[];
  /** Columns of the table: a byte's class. */
  readonly classOf: Uint8Array;
  /** `table[(state << classShift) | class]` = next state | action << ACTION_SHIFT. */
  readonly table: Uint16Array;
  readonly classShift: number;
  /** Blanks around a record are not part of it, and a line of nothing but blanks is blank. */
  readonly trimsBlanks: boolean;
}

export function compileGrammar(dialect: DialectBytes): Grammar {
  const { delimiter } = dialect;
  if (State.delimiter + delimiter.length > STATE_BITS) {
    throw new Error(`dialect.delimiter must have at most ${STATE_BITS - State.delimiter} bytes, got ${delimiter.length}`);
  }
  const blank = dialect.skipInitialSpace ? SPACE : -1;
  const special = [...new Set([LF, CR, blank, dialect.quote, dialect.escape, dialect.comment, ...delimiter])].filter((byte) => byte >= 0);
  const stateCount = State.delimiter + delimiter.length - 1;
  return { dialect, ...compileTable(special, stateCount, (state, byte) => transition(dialect, state, byte)), trimsBlanks: false };
}

/** Each line is a record of one field, whatever it holds: JSON escapes line ends. */
export function compileLineGrammar(): Grammar {
  const dialect: DialectBytes = { ...resolveDialect({ quoteChar: null, doubleQuote: false }), delimiter: new Uint8Array(0) };
  const lineTransition = (_: number, byte: number): Transition => {
    if (byte === LF) return [State.recordStart, Action.recordEnd];
    return [byte === CR ? State.unquotedCr : State.unquoted, Action.none];
  };
  // StateRuns begin in State.comment, too.
  return { dialect, ...compileTable([LF, CR], State.comment + 1, lineTransition), trimsBlanks: true };
}

function compileTable(special: readonly number[], stateCount: number, step: (state: number, byte: number) => Transition) {
  const classOf = new Uint8Array(256);
  special.forEach((byte, index) => { classOf[byte] = index + 1; });
  const classShift = Math.ceil(Math.log2(special.length + 1));
  const table = new Uint16Array(stateCount << classShift);
  // -1 stands for an ordinary byte: no special byte has that value.
  const bytes = [-1, ...special];
  for (let state = 0; state < stateCount; state++) {
    bytes.forEach((byte, byteClass) => {
      const [next, action] = step(state, byte);
      table[(state << classShift) | byteClass] = next | (action << ACTION_SHIFT);
    });
  }
  return { stateCount, reachable: reachableStates(table, classShift), classOf, table, classShift };
}

function reachableStates(table: Uint16Array, classShift: number): number[] {
  const reachable = new Set<number>([State.recordStart]);
  for (const state of reachable) {
    const from = state << classShift;
    for (const step of table.subarray(from, from + (1 << classShift))) reachable.add(step & STATE_BITS);
  }
  return [...reachable].sort((a, b) => a - b);
}

type Transition = readonly [next: number, action: number];

function transition(dialect: DialectBytes, state: number, byte: number): Transition {
  switch (state) {
    case State.recordStart:
      return byte >= 0 && byte === dialect.comment ? [State.comment, Action.none] : fromFieldStart(dialect, byte);
    case State.afterCr:
      return byte === LF ? [State.recordStart, Action.recordEnd] : transition(dialect, State.recordStart, byte);
    case State.fieldStart:
      return fromFieldStart(dialect, byte);
    case State.unquoted:
      return fromUnquoted(dialect, byte, 0);
    case State.quoted:
      if (byte >= 0 && byte === dialect.quote) return [State.quoteInQuoted, Action.closeQuote];
      if (byte >= 0 && byte === dialect.escape) return [State.quotedEscape, Action.escape];
      return [State.quoted, lineAction(dialect, byte)];
    case State.quotedEscape:
      return [State.quoted, lineAction(dialect, byte)];
    case State.unquotedEscape:
      return [State.unquoted, lineAction(dialect, byte)];
    case State.quoteInQuoted:
      if (byte === dialect.quote && dialect.doubleQuote) return [State.quoted, Action.escape];
      if (dialect.lazyQuotes) return fromLazyQuote(dialect, byte);
      // Other text after a closing quote continues as unquoted; the parser rejects the record.
      return fromUnquoted(dialect, byte, 0);
    case State.quoteCr:
      return byte === LF ? [State.recordStart, Action.recordEnd] : fromLazy(dialect, byte);
    case State.lazy:
      return fromLazy(dialect, byte);
    case State.quoteInLazy:
      return byte === dialect.quote && dialect.doubleQuote ? [State.lazy, Action.escape] : fromLazyQuote(dialect, byte);
    case State.lazyEscape:
      return byte >= 0 && endsLine(dialect, byte) ? endOfLine(byte) : [State.lazy, lineAction(dialect, byte)];
    case State.comment:
      if (byte === CR && dialect.lineEnds === 'crlf') return [State.commentCr, Action.none];
      if (byte >= 0 && endsLine(dialect, byte)) return endOfLine(byte);
      return [State.comment, byte === LF ? Action.line : Action.none];
    case State.commentCr:
      return byte === LF ? [State.recordStart, Action.recordEnd] : transition(dialect, State.comment, byte);
    case State.unquotedCr:
      if (byte === LF) return [State.recordStart, Action.recordEnd];
      return fromUnquoted(dialect, byte, 0);
    default:
      return fromUnquoted(dialect, byte, state - State.delimiter + 1);
  }
}

function fromFieldStart(dialect: DialectBytes, byte: number): Transition {
  if (byte >= 0 && byte === dialect.quote) return [State.quoted, Action.openQuote];
  if (byte === SPACE && dialect.skipInitialSpace) return [State.fieldStart, Action.skip];
  return fromUnquoted(dialect, byte, 0);
}

/** @param matched how many bytes of the delimiter have just been read */
function fromUnquoted(dialect: DialectBytes, byte: number, matched: number): Transition {
  if (byte >= 0 && endsLine(dialect, byte)) return endOfLine(byte);
  if (byte === CR && dialect.lineEnds !== 'lf') return [State.unquotedCr, Action.none];
  if (byte === LF) return [State.unquoted, Action.line];
  if (byte >= 0 && byte === dialect.escape) return [State.unquotedEscape, Action.escape];
  const now = delimiterProgress(dialect.delimiter, matched, byte);
  if (now === dialect.delimiter.length) return [State.fieldStart, Action.fieldEnd];
  return [now === 0 ? State.unquoted : State.delimiter + now - 1, Action.none];
}

/** After a quote that may have closed its field: it did if a delimiter or a line end follows. */
function fromLazyQuote(dialect: DialectBytes, byte: number): Transition {
  if (byte >= 0 && (endsLine(dialect, byte) || byte === dialect.delimiter[0])) return fromUnquoted(dialect, byte, 0);
  return fromLazy(dialect, byte);
}

/**
 * Such a field does not go on in the next line: a blank behind the quote that should have closed it would swallow
 * records up to the next quote that ends a field.
 */
function fromLazy(dialect: DialectBytes, byte: number): Transition {
  if (byte >= 0 && byte === dialect.quote) return [State.quoteInLazy, Action.closeQuote];
  if (byte >= 0 && byte === dialect.escape) return [State.lazyEscape, Action.escape];
  if (byte >= 0 && endsLine(dialect, byte)) return endOfLine(byte);
  if (byte === CR && dialect.lineEnds !== 'lf') return [State.quoteCr, Action.none];
  return [State.lazy, lineAction(dialect, byte)];
}

/** Whether a byte ends a line, whatever comes before or after it. */
function endsLine({ lineEnds }: DialectBytes, byte: number): boolean {
  return (byte === LF && lineEnds !== 'crlf') || (byte === CR && lineEnds === 'cr');
}

function endOfLine(byte: number): Transition {
  return [byte === CR ? State.afterCr : State.recordStart, Action.recordEnd];
}

/** The longest prefix of the delimiter that ends with `byte`, after `matched` bytes of it (Knuth-Morris-Pratt). */
function delimiterProgress(delimiter: Uint8Array, matched: number, byte: number): number {
  const read = [...delimiter.subarray(0, matched), byte];
  for (let length = read.length; length > 0; length--) {
    const tail = read.slice(read.length - length);
    if (tail.every((value, index) => value === delimiter[index])) return length;
  }
  return 0;
}

function lineAction({ lineEnds }: DialectBytes, byte: number): number {
  return byte === LF || (byte === CR && lineEnds === 'cr') ? Action.line : Action.none;
}
