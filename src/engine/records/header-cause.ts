/** What to declare where a header does not fit: whatever makes one of the first lines a header that does. */
import { fieldTexts } from './field-texts';
import { Dialect } from '../../spec/dialect';
import { Schema } from '../../spec/schema';
import { visibleJson } from '../../spec/visible-text';
import { compileFormat, Format, FormatSettings } from '../format/format';
import { lineStarts } from '../grammar/line-end';
import { ParseStatus, RecordParser } from '../grammar/record-parser';
import { matchHeader } from '../header/header-layout';

/** A preamble is seldom longer. */
const MOST_LINES = 30;
const DELIMITERS = [',', ';', '\t', '|', '~', '^', ':'];

/**
 * A sentence's end that says what to declare; undefined where no line is a header that fits, whatever is declared.
 *
 * @param text of the file's beginning, from the first line on that the dialect does not skip
 */
export function headerCause(text: Buffer, format: Format): string | undefined {
  const { settings, settings: { dialect, schema } } = format;
  const lines = lineStarts(text, format.grammar.dialect.lineEnds, MOST_LINES);
  const fitsAt = (change: Partial<FormatSettings>) => {
    const other = compileFormat({ ...settings, ...change });
    return lines.findIndex((start) => isHeader(text, start, other));
  };
  const withSchema = (change: Partial<Schema>) => fitsAt({ schema: { ...schema, ...change } }) === 0;

  if (withSchema({ headerCase: false })) return 'the names differ in letter case alone: declare headerCase false in the schema';
  if (withSchema({ fieldsMatch: 'equal' })) return 'the columns are there in another order: declare fieldsMatch "equal" in the schema';
  if (withSchema({ fieldsMatch: 'subset' })) return 'all fields are there, beside other columns: declare fieldsMatch "subset" in the schema';
  const own = fitsAt({});
  const { skipLines = 0 } = dialect;
  if (own > 0) {
    const skip = `declare skipLines ${skipLines + own} in the dialect`;
    return `line ${own + 1} is a header that fits: ${skip}, or headerSearchLines where the number of lines before it varies`;
  }
  for (const delimiter of DELIMITERS.filter((each) => isOther(each, dialect))) {
    const line = fitsAt({ dialect: { ...dialect, delimiter } });
    if (line < 0) continue;
    const place = line === 0 ? '' : ` and skipLines ${skipLines + line}`;
    return `with the delimiter ${visibleJson(delimiter)} line ${line + 1} is a header that fits: declare delimiter ${visibleJson(delimiter)}${place} in the dialect`;
  }
  if (settings.encoding !== 'windows-1252' && fitsAt({ encoding: 'windows-1252', transcodedFrom: undefined }) === 0) {
    return 'in Windows-1252 the header fits: declare encoding windows-1252';
  }
  return undefined;
}

function isHeader(text: Buffer, start: number, format: Format): boolean {
  const parser = new RecordParser(format.grammar);
  if (parser.parse(text, start, text.length, true) !== ParseStatus.record) return false;
  const texts = fieldTexts(text, start, parser, format);
  return !('fault' in texts) && !('kind' in matchHeader(format.settings.schema, texts));
}

function isOther(delimiter: string, { delimiter: own = ',', quoteChar, escapeChar, commentChar }: Dialect): boolean {
  return ![own, quoteChar, escapeChar, commentChar].includes(delimiter);
}
