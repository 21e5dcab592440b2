import { Format } from '../format/format';
import { resolveDialect } from '../grammar/dialect-bytes';
import { compileGrammar, CR, Grammar, LF } from '../grammar/grammar';
import { ParseStatus, RecordParser } from '../grammar/record-parser';
import { FileError } from '../model/errors';

/** Line ends that make a kind of them: one may be data. */
const FEW = 2;

const LF_ADVICE = 'declare lineTerminator "\\n", or leave it out';
const CR_ADVICE = 'declare lineTerminator "\\r"';

/**
 * Refuses a file whose line ends are plainly others than the dialect says: read by it, the file would be one record, or
 * each of its records would end with a CR.
 *
 * @param beginning of the text, from the header or the first record on
 * @throws FileError `line_terminator`
 */
export function checkLineEnds(beginning: Uint8Array, { settings: { dialect, recordFormat }, codec, grammar }: Format): void {
  if (recordFormat === 'json') return;
  const lfs = beginning.filter((byte) => byte === LF).length;
  const crLfs = beginning.filter((byte, index) => byte === LF && beginning[index - 1] === CR).length;
  switch (grammar.dialect.lineEnds) {
    case 'lf':
      if (crLfs >= FEW && crLfs === lfs) throw wrongLineEnds('LF alone', 'CRLF at each of them', 'declare lineTerminator "\\r\\n", or leave it out');
      break;
    case 'crlf':
      if (lfs >= FEW && crLfs === 0) throw wrongLineEnds('CRLF alone', 'LF', LF_ADVICE);
      break;
    case 'cr':
      return;
    case 'any':
      break;
  }
  if (lfs > 0 || !beginning.includes(CR)) return;
  if (endedRecords(beginning, loneCrGrammar(dialect, codec)) >= FEW) throw wrongLineEnds('LF or CRLF', 'CR alone', CR_ADVICE);
}

/**
 * Of a first line that is another header than expected: some of its records may end with CR alone, and its only LF is
 * the file's last byte.
 */
export function headerLineEnds(text: Uint8Array, { settings: { dialect, recordFormat }, codec, grammar }: Format): FileError | undefined {
  if (recordFormat === 'json' || grammar.dialect.lineEnds === 'cr') return undefined;
  const end = text.indexOf(LF);
  const line = text.subarray(0, end < 0 ? text.length : end);
  if (endedRecords(line, loneCrGrammar(dialect, codec)) < FEW) return undefined;
  return wrongLineEnds(grammar.dialect.lineEnds === 'crlf' ? 'CRLF alone' : 'LF or CRLF', 'CR alone in the first line', CR_ADVICE);
}

/**
 * Of a line that goes on beyond `maxRecordSize`: which line ends it has that are none to the dialect.
 *
 * @param isHeader whether it should be the header; any lone CR tells then, else two records that end with one
 */
export function foreignLineEnds(line: Uint8Array, format: Format, isHeader: boolean): FileError | undefined {
  const { settings: { dialect, recordFormat }, codec, grammar, maxRecordSize } = format;
  if (recordFormat === 'json') return undefined;
  const { lineEnds } = grammar.dialect;
  const within = `in its first ${maxRecordSize} bytes (maxRecordSize)`;
  if (lineEnds === 'crlf' && line.includes(LF)) return wrongLineEnds('CRLF alone', `LF alone ${within}`, LF_ADVICE);
  if (lineEnds === 'cr' || !line.includes(CR)) return undefined;
  if (!isHeader && endedRecords(line, loneCrGrammar(dialect, codec)) < FEW) return undefined;
  return wrongLineEnds(lineEnds === 'crlf' ? 'CRLF alone' : 'LF or CRLF', `CR alone ${within}`, CR_ADVICE);
}

/**
 * Of text in which rows of the head were passed over, and no header or no record found: which line ends it has that
 * are none to the dialect. A row that is passed over may hold anything, a quote too, so that nothing but the line ends
 * themselves is looked at.
 */
export function passedLineEnds(text: Uint8Array, { settings: { recordFormat }, grammar: { dialect: { lineEnds } } }: Format): FileError | undefined {
  if (recordFormat === 'json' || lineEnds === 'cr') return undefined;
  const lfs = text.filter((byte) => byte === LF).length;
  const crs = text.filter((byte) => byte === CR).length;
  if (lineEnds === 'crlf' && lfs >= FEW && crs === 0) return wrongLineEnds('CRLF alone', 'LF', LF_ADVICE);
  return lfs === 0 && crs >= FEW ? wrongLineEnds(lineEnds === 'crlf' ? 'CRLF alone' : 'LF or CRLF', 'CR alone', CR_ADVICE) : undefined;
}

function loneCrGrammar(dialect: Format['settings']['dialect'], codec: Format['codec']): Grammar {
  return compileGrammar(resolveDialect({ ...dialect, lineTerminator: '\r' }, codec));
}

function wrongLineEnds(expected: string, got: string, advice: string): FileError {
  return new FileError('line_terminator', `expected lines that end with ${expected}, got ${got}: ${advice}`);
}

/** How many of the first records end with a line end, up to `FEW`. */
function endedRecords(beginning: Uint8Array, grammar: Grammar): number {
  const parser = new RecordParser(grammar);
  let count = 0;
  for (let at = 0; at < beginning.length && count < FEW; at = parser.end) {
    if (parser.parse(beginning, at, beginning.length, true) === ParseStatus.unclosed || beginning[parser.end - 1] !== CR) break;
    count++;
  }
  return count;
}
