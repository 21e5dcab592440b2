import { Format } from '../format/format';
import { FieldFlag, RecordParser } from '../grammar/record-parser';

/** What the fields of a record hold, or what is wrong with them. */
export type FieldTexts = readonly string[] | { readonly fault: string };

/** @param parser which has just parsed the record at `bytes[at]` */
export function fieldTexts(bytes: Buffer, at: number, parser: RecordParser, { codec, unescape }: Format): FieldTexts {
  const { fieldCount, fieldStart, fieldEnd, fieldFlags } = parser;
  if (fieldFlags.subarray(0, fieldCount).some((flags) => flags & FieldFlag.textAfterQuote)) return { fault: 'text follows a closing quote' };
  if (!parser.ascii && !codec.isValid(bytes.subarray(at, parser.contentEnd))) return { fault: `it is not valid ${codec.name}` };
  const texts: string[] = [];
  for (let field = 0; field < fieldCount; field++) {
    const text = codec.decode(bytes, fieldStart[field], fieldEnd[field]);
    const flags = fieldFlags[field];
    const unescaped = flags & FieldFlag.escaped ? unescape(text, (flags & FieldFlag.quoted) !== 0) : text;
    if (unescaped === undefined) return { fault: 'it has the escape of a byte above 127' };
    texts.push(unescaped);
  }
  return texts;
}
