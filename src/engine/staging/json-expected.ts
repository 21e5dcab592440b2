/**
 * Whether a text that should be JSON begins like it. One bad record is a reject, wherever it is: so a text is refused
 * as JSON Lines only where its whole beginning is an array's, or has no line that begins as an object does.
 */
import { isArraySoFar } from './json-array';
import { JsonFormatName } from '../../spec/input-settings';
import { visibleJson } from '../../spec/visible-text';
import { declareAs, describeJson, describeSign, jsonSign } from '../json/json-signs';
import { FileError } from '../model/errors';
import { binarySign } from '../text/binary-sign';
import { describeFileSign, textFileSign } from '../text/file-signs';

const BLANKS = /^\s*/;
const CSV = `where it is CSV or TSV, ${declareAs('csv')} (tsv likewise)`;

/**
 * @param beginning in UTF-8
 * @param isWhole whether the text ends there
 * @param property under which the array is, where the text is not the array
 * @throws FileError `bad_json` with what to declare
 */
export function checkJsonBeginning(format: JsonFormatName, beginning: Buffer, isWhole: boolean, property?: string): void {
  const text = beginning.toString();
  const [blanks] = BLANKS.exec(text)!;
  const first = text[blanks.length];
  // It is empty, or not text: whoever reads it says so.
  if (first === undefined || binarySign(beginning) !== undefined) return;
  const got = `got ${'[{'.includes(first) ? first : 'other text'} at byte ${Buffer.byteLength(blanks)}`;
  const sign = textFileSign(beginning);
  if (sign !== undefined && !'[{'.includes(first)) throw new FileError('bad_json', `expected JSON, ${got}: the file looks ${describeFileSign(sign)}`);
  switch (format) {
    case 'json':
      if (property === undefined) checkArray(text, first, got);
      else checkObject(first, got, property);
      break;
    case 'concatenated-json':
      checkObjects(text, first, got);
      break;
    case 'jsonl':
      checkLines(beginning, text, isWhole, first, got);
  }
}

function checkArray(text: string, first: string, got: string): void {
  if (first === '[') return;
  const sign = describeJson(text);
  throw new FileError('bad_json', `expected an array, which begins with [, ${got}: ${sign === undefined ? CSV : `the file looks like ${sign}`}`);
}

function checkObject(first: string, got: string, property: string): void {
  if (first === '{') return;
  const expected = `expected an object with the property ${visibleJson(property)}, which begins with {, ${got}`;
  throw new FileError('bad_json', `${expected}: ${first === '[' ? 'where the file is the array, leave property out' : CSV}`);
}

function checkObjects(text: string, first: string, got: string): void {
  // Before each value there may be a record separator of JSON text sequences.
  if (first === '{' || first === '\u001e') return;
  const looks = jsonSign(text) === 'json' ? `the file looks like ${describeSign('json')}` : CSV;
  throw new FileError('bad_json', `expected JSON objects one after the other, which begin with {, ${got}: ${looks}`);
}

function checkLines(beginning: Buffer, text: string, isWhole: boolean, first: string, got: string): void {
  const expected = 'expected JSON Lines, whose lines begin with {';
  if (first === '[' && isArraySoFar(beginning, isWhole)) {
    throw new FileError('bad_json', `${expected}, ${got}: the file looks like ${describeSign('json')}`);
  }
  const lines = text.split(/[\r\n]/).map((line) => line.trimStart()).filter((line) => line !== '');
  // Where there is only one line, which is cut off, nothing is known of the next ones.
  if (lines.some((line) => line.startsWith('{')) || (!isWhole && lines.length < 2)) return;
  throw new FileError('bad_json', `${expected}, ${got} and no such line${isWhole ? '' : ` in the first ${beginning.length} bytes`}: ${CSV}`);
}
