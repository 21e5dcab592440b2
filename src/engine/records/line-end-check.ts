import { Format } from '../format/format';
import { resolveDialect } from '../grammar/dialect-bytes';
import { compileGrammar, CR, LF } from '../grammar/grammar';
import { ParseStatus, RecordParser } from '../grammar/record-parser';
import { FileError } from '../model/errors';

/**
 * Refuses a file whose line ends are plainly others than the dialect says: read by it, the file would be one record, or
 * each of its records would end with a CR.
 *
 * @param beginning of the text, from the header or the first record on
 * @throws FileError `line_terminator`
 */
export function checkLineEnds(beginning: Uint8Array, { settings: { dialect, recordFormat }, codec, grammar }: Format): void {
  const firstLf = beginning.indexOf(LF);
  const refuse = (expected: string, got: string, advice: string) => {
    throw new FileError('line_terminator', `expected lines that end with ${expected}, got ${got}: ${advice}`);
  };
  if (recordFormat === 'json') return;
  switch (grammar.dialect.lineEnds) {
    case 'lf':
      if (firstLf >= 0 && everyLfHasCr(beginning)) refuse('LF alone', 'CRLF at each of them', 'declare lineTerminator "\\r\\n", or leave it out');
      break;
    case 'crlf':
      if (firstLf >= 0 && !beginning.some((byte, index) => byte === LF && beginning[index - 1] === CR)) {
        refuse('CRLF alone', 'LF', 'declare lineTerminator "\\n", or leave it out');
      }
      break;
    case 'cr':
      return;
    case 'any':
      break;
  }
  if (firstLf >= 0 || !beginning.includes(CR)) return;
  const parser = new RecordParser(compileGrammar(resolveDialect({ ...dialect, lineTerminator: '\r' }, codec)));
  if (parser.parse(beginning, 0, beginning.length, true) !== ParseStatus.unclosed && parser.end < beginning.length) {
    refuse('LF or CRLF', 'CR alone', 'declare lineTerminator "\\r"');
  }
}

function everyLfHasCr(bytes: Uint8Array): boolean {
  return bytes.every((byte, index) => byte !== LF || bytes[index - 1] === CR);
}
