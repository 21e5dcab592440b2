import { isUtf8 } from 'node:buffer';
import { RejectCode } from './errors';
import { Format } from './format';
import { jsonLinePrefixes } from './json-lines';
import { FieldFlag, RecordParser } from './record-parser';

/** Why a record was refused; reused, copy what you keep. */
export interface RecordFault {
  code: RejectCode;
  /** The field's name. None: the record as a whole. */
  column: string | undefined;
  message: string;
}

/** The exact path: validates a parsed record field by field and writes it as a line of JSON. */
export class RecordConverter {
  readonly fault: RecordFault = { code: 'type', column: undefined, message: '' };
  private readonly prefixes: readonly string[];

  constructor(private readonly format: Format) {
    this.prefixes = jsonLinePrefixes(format.fieldNames);
  }

  /** @returns the record's line with its line end, or undefined: then `fault` says why. */
  convert(bytes: Buffer, at: number, parser: RecordParser): string | undefined {
    if (!this.checkStructure(bytes, at, parser)) return undefined;
    const { converters } = this.format;
    const { fieldStart, fieldEnd, fieldFlags } = parser;
    const text = parser.ascii ? bytes.latin1Slice(at, parser.contentEnd) : '';
    let line = '';
    for (let field = 0; field < converters.length; field++) {
      const flags = fieldFlags[field];
      let value = parser.ascii
        ? text.substring(fieldStart[field] - at, fieldEnd[field] - at)
        : bytes.utf8Slice(fieldStart[field], fieldEnd[field]);
      const quoted = (flags & FieldFlag.quoted) !== 0;
      if (flags & FieldFlag.escaped) value = this.format.unescape(value, quoted);
      const json = converters[field](value, quoted);
      if (typeof json !== 'string') {
        return this.refuse(json.code, this.format.fieldNames[field], json.message);
      }
      line += this.prefixes[field] + json;
    }
    return line + '}\n';
  }

  /** Faults of the record as a whole come before those of its fields: with them there is no telling which field is which. */
  private checkStructure(bytes: Buffer, at: number, parser: RecordParser): boolean {
    const { fieldCount, fieldFlags, fieldStart, fieldEnd } = parser;
    const { fieldNames } = this.format;
    for (let field = 0; field < fieldCount; field++) {
      if (fieldFlags[field] & FieldFlag.textAfterQuote) {
        this.refuse('quote', fieldNames[field], 'a closing quote must be followed by a delimiter or a line end, there is other text');
        return false;
      }
    }
    if (!parser.ascii && !isUtf8(bytes.subarray(at, parser.contentEnd))) {
      let field = 0;
      while (field < fieldCount && isUtf8(bytes.subarray(fieldStart[field], fieldEnd[field]))) field++;
      this.refuse('encoding', fieldNames[field], 'the record must be valid UTF-8, it has other bytes');
      return false;
    }
    if (fieldCount !== fieldNames.length) {
      this.refuse('field_count', undefined, `a record must have ${fieldNames.length} fields, this one has ${fieldCount}`);
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
