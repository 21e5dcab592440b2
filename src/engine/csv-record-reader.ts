import { isUtf8 } from 'node:buffer';
import { RejectCode } from './errors';
import { Format } from './format';
import { FieldFlag, RecordParser } from './record-parser';
import { RecordFault, RecordReader } from './record-reader';

/** Records of separated fields: checks and converts each field of a record that the parser has found. */
export class CsvRecordReader implements RecordReader {
  readonly fault: RecordFault = { code: 'type', column: undefined, message: '' };
  private readonly values: string[];

  constructor(private readonly format: Format) {
    this.values = new Array<string>(format.fieldNames.length).fill('null');
  }

  /**
   * Of several faults the first in column order counts. Where the number of fields is wrong there is no telling which is which:
   * then a broken quote or encoding, which may be the reason for it, comes first.
   */
  read(bytes: Buffer, at: number, parser: RecordParser): readonly string[] | undefined {
    const { converters, fieldNames } = this.format;
    const { ascii, fieldStart, fieldEnd, fieldFlags } = parser;
    const { values } = this;
    const valid = ascii || isUtf8(bytes.subarray(at, parser.contentEnd));
    if (parser.fieldCount !== converters.length) return this.refuseCount(bytes, parser, valid);
    const text = ascii ? bytes.latin1Slice(at, parser.contentEnd) : '';
    for (let field = 0; field < converters.length; field++) {
      const flags = fieldFlags[field];
      if ((!valid || flags >= FieldFlag.textAfterQuote) && !this.isReadable(bytes, parser, field)) return undefined;
      let value = ascii
        ? text.substring(fieldStart[field] - at, fieldEnd[field] - at)
        : bytes.utf8Slice(fieldStart[field], fieldEnd[field]);
      const quoted = (flags & FieldFlag.quoted) !== 0;
      if (flags & FieldFlag.escaped) value = this.format.unescape(value, quoted);
      const json = converters[field](value, quoted);
      if (typeof json !== 'string') return this.refuse(json.code, fieldNames[field], json.message);
      values[field] = json;
    }
    return values;
  }

  private refuseCount(bytes: Buffer, parser: RecordParser, valid: boolean): undefined {
    const { fieldNames } = this.format;
    const { fieldCount, fieldFlags } = parser;
    for (let field = 0; field < fieldCount; field++) {
      if ((!valid || fieldFlags[field] >= FieldFlag.textAfterQuote) && !this.isReadable(bytes, parser, field)) return undefined;
    }
    return this.refuse('field_count', undefined, `a record must have ${fieldNames.length} fields, this one has ${fieldCount}`);
  }

  /** Whether the field's quotes and bytes are in order. */
  private isReadable(bytes: Buffer, parser: RecordParser, field: number): boolean {
    const name = this.format.fieldNames[field];
    if (parser.fieldFlags[field] & FieldFlag.textAfterQuote) {
      this.refuse('quote', name, 'a closing quote must be followed by a delimiter or a line end, there is other text');
      return false;
    }
    // Text after a closing quote is not part of the field: its bytes do not matter any more.
    if (!isUtf8(bytes.subarray(parser.fieldStart[field], parser.fieldEnd[field]))) {
      this.refuse('encoding', name, 'a field must be valid UTF-8, this one has other bytes');
      return false;
    }
    return true;
  }

  private refuse(code: RejectCode, column: string | undefined, message: string): undefined {
    this.fault.code = code;
    this.fault.column = column;
    this.fault.message = message;
    return undefined;
  }
}
