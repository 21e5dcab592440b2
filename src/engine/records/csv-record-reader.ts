import { RecordReader } from './record-reader';
import { RejectCode } from '../../spec/error-codes';
import { DEFAULT_MISSING_VALUES } from '../../spec/schema';
import { withoutBlanks } from '../../spec/trim';
import { Format } from '../format/format';
import { FieldFlag, RecordParser } from '../grammar/record-parser';
import { EXTRA } from '../header/header-layout';
import { RecordFault, setFault } from '../model/record-fault';
import { isAscii } from '../text/decode-text';
import { compileMissing } from '../types/field-converter';
import { stringToJson } from '../types/string-type';

/** Records of separated fields: checks and converts each field of a record that the parser has found. */
export class CsvRecordReader implements RecordReader {
  readonly fault: RecordFault = { code: 'type', column: undefined, message: '' };
  /** Fields without a column in the file keep their `null`. */
  private readonly values: string[];
  private readonly rescue: ExtraColumns | undefined;

  constructor(private readonly format: Format) {
    this.values = new Array<string>(format.recordColumns.length).fill('null');
    if (format.recordColumns.length > format.fieldNames.length && format.layout.fieldOf.includes(EXTRA)) this.rescue = new ExtraColumns(format);
  }

  /**
   * Where a record has several faults, the first in the file's column order counts. Where the number of fields is
   * wrong, nobody can tell which field is which: then a broken quote or encoding, which may be the reason, comes first.
   * A column that feeds no field has no value to be wrong, but its quotes and bytes must be in order like any other's:
   * they decide where the next column begins.
   */
  read(bytes: Buffer, at: number, parser: RecordParser, faultlessFields = 0): readonly string[] | undefined {
    const { converters, codec, layout: { fieldOf }, fieldNames } = this.format;
    const { ascii, fieldStart, fieldEnd, fieldFlags } = parser;
    const { values, rescue } = this;
    const valid = ascii || codec.isValid(bytes.subarray(at, parser.contentEnd));
    if (parser.fieldCount !== fieldOf.length) return this.refuseCount(bytes, parser, valid);
    // Right for ASCII fields only; the others are decoded.
    const text = bytes.latin1Slice(at, parser.contentEnd);
    let rescued = '';
    // The fields without a fault come last: most often another one has a fault, and nobody asks for their values.
    for (let step = 0; step < fieldOf.length; step++) {
      const column = (step + faultlessFields) % fieldOf.length;
      const flags = fieldFlags[column];
      if ((!valid || flags >= FieldFlag.textAfterQuote) && !this.isReadable(bytes, parser, column)) return undefined;
      const field = fieldOf[column];
      if (field === EXTRA && rescue === undefined) continue;
      const start = fieldStart[column];
      const end = fieldEnd[column];
      let value = ascii || isAscii(bytes, start, end) ? text.substring(start - at, end - at) : codec.decode(bytes, start, end);
      const quoted = (flags & FieldFlag.quoted) !== 0;
      if (flags & FieldFlag.escaped) value = this.format.unescape(value, quoted);
      if (field === EXTRA) {
        rescued += rescue!.member(column, value, quoted);
        continue;
      }
      const json = converters[field](value, quoted);
      if (typeof json !== 'string') return this.refuse(json.code, fieldNames[field], json.message);
      values[field] = json;
    }
    if (rescue !== undefined) values[fieldNames.length] = `{${rescued}}`;
    return values;
  }

  private refuseCount(bytes: Buffer, parser: RecordParser, valid: boolean): undefined {
    const { fieldCount, fieldFlags } = parser;
    for (let column = 0; column < fieldCount; column++) {
      if ((!valid || fieldFlags[column] >= FieldFlag.textAfterQuote) && !this.isReadable(bytes, parser, column)) return undefined;
    }
    const expected = this.format.layout.fieldOf.length;
    return this.refuse('field_count', undefined, `a record must have ${expected} ${expected === 1 ? 'field' : 'fields'}, this one has ${fieldCount}`);
  }

  /** Whether a field's quotes and bytes are in order. */
  private isReadable(bytes: Buffer, parser: RecordParser, column: number): boolean {
    const { codec, layout: { fieldOf }, fieldNames } = this.format;
    const name = fieldNames[fieldOf[column]];
    if (parser.fieldFlags[column] & FieldFlag.textAfterQuote) {
      this.refuse('quote', name, 'a closing quote must be followed by a delimiter or a line end, there is other text');
      return false;
    }
    // Text after a closing quote is not part of the field: its bytes do not matter any more.
    const field = bytes.subarray(parser.fieldStart[column], parser.fieldEnd[column]);
    if (!codec.isValid(field)) {
      this.refuse('encoding', name, `a field must be valid ${codec.name}, this one has ${codec.flawOf(field)}`);
      return false;
    }
    return true;
  }

  private refuse(code: RejectCode, column: string | undefined, message: string): undefined {
    setFault(this.fault, code, column, message);
    return undefined;
  }
}

/**
 * The columns that feed no field, as members of one JSON object in the file's order: their text, or null for a missing
 * value of the schema.
 */
class ExtraColumns {
  private readonly prefixes: readonly string[];
  private readonly isMissing: (text: string) => boolean;
  /** What of a text, or of a name, is part of it. */
  private readonly bare: (text: string) => string;

  constructor({ layout: { columns, fieldOf }, settings: { schema } }: Format) {
    this.bare = schema.trim === true ? withoutBlanks : (text) => text;
    const first = fieldOf.indexOf(EXTRA);
    this.prefixes = columns.map((name, column) => `${column === first ? '' : ','}${JSON.stringify(this.bare(name))}:`);
    this.isMissing = compileMissing(schema.missingValues ?? DEFAULT_MISSING_VALUES);
  }

  member(column: number, written: string, quoted: boolean): string {
    const text = this.bare(written);
    return this.prefixes[column] + (!quoted && this.isMissing(text) ? 'null' : stringToJson(text));
  }
}
