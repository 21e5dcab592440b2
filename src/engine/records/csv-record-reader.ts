import { RecordReader } from './record-reader';
import { RejectCode } from '../../spec/error-codes';
import { missingTextsOf } from '../../spec/schema';
import { withoutBlanks } from '../../spec/trim';
import { Format } from '../format/format';
import { FieldFlag, RecordParser } from '../grammar/record-parser';
import { extraNames } from '../header/extra-names';
import { EXTRA } from '../header/header-layout';
import { RecordFault, setFault } from '../model/record-fault';
import { isAscii } from '../text/decode-text';
import { compileMissing } from '../types/field-converter';
import { stringToJson } from '../types/string-type';

/** Records of separated fields: checks and converts each field of a record that the parser has found. */
export class CsvRecordReader implements RecordReader {
  readonly fault: RecordFault = { code: 'type', column: undefined, message: '' };
  shortRecords = 0;
  longRecords = 0;
  /** Fields without a column in the file keep their `null`. */
  private readonly values: string[];
  private readonly rescue: ExtraColumns | undefined;
  private readonly hasEscapes: boolean;

  constructor(private readonly format: Format) {
    this.hasEscapes = format.grammar.dialect.escape >= 0;
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
    const { values, rescue, hasEscapes } = this;
    const valid = ascii || codec.isValid(bytes.subarray(at, parser.contentEnd));
    const isRagged = parser.fieldCount !== fieldOf.length;
    if ((isRagged || this.lacksDelimiter(parser)) && !this.takesRagged(parser)) return this.refuseCount(bytes, parser, valid);
    // Right for ASCII fields only; the others are decoded.
    const text = bytes.latin1Slice(at, parser.contentEnd);
    let rescued = '';
    // The fields without a fault come last: most often another one has a fault, and nobody asks for their values.
    for (let step = 0; step < fieldOf.length; step++) {
      const column = (step + faultlessFields) % fieldOf.length;
      if (column >= parser.fieldCount) {
        if (!this.takeAbsent(fieldOf[column])) return undefined;
        continue;
      }
      const flags = fieldFlags[column];
      if ((!valid || flags >= FieldFlag.textAfterQuote) && !this.isReadable(bytes, parser, column)) return undefined;
      const field = fieldOf[column];
      if (field === EXTRA && rescue === undefined) continue;
      const start = fieldStart[column];
      const end = fieldEnd[column];
      let value = ascii || isAscii(bytes, start, end) ? text.substring(start - at, end - at) : codec.decode(bytes, start, end);
      const quoted = (flags & FieldFlag.quoted) !== 0;
      // With an escape character, what the file says is not what it means: `\N` is no N.
      const written = hasEscapes ? value : undefined;
      if (flags & FieldFlag.escaped) {
        const unescaped = this.format.unescape(value, quoted);
        if (unescaped === undefined) return this.refuse('encoding', fieldNames[field], 'a field must be text, this one has the escape of a byte above 127');
        value = unescaped;
      }
      if (field === EXTRA) {
        rescued += rescue!.member(column, value, quoted, written);
        continue;
      }
      const json = converters[field](value, quoted, written);
      if (typeof json !== 'string') return this.refuse(json.code, fieldNames[field], json.message);
      values[field] = json;
    }
    if (isRagged) {
      if (!this.endsEmpty(bytes, parser, valid)) return undefined;
      if (parser.fieldCount < fieldOf.length) this.shortRecords++;
      else this.longRecords++;
    }
    if (rescue !== undefined) values[fieldNames.length] = `{${rescued}}`;
    return values;
  }

  private lacksDelimiter(parser: RecordParser): boolean {
    return this.format.grammar.dialect.trailingDelimiter && !parser.endsWithDelimiter;
  }

  /** Whether the dialect allows as many fields as the record has. */
  private takesRagged(parser: RecordParser): boolean {
    const { grammar: { dialect: { allowShortRecords, allowLongRecords } }, layout: { fieldOf } } = this.format;
    if (this.lacksDelimiter(parser)) return false;
    return parser.fieldCount < fieldOf.length ? allowShortRecords : allowLongRecords;
  }

  /** @param field one that the record ends before, or `EXTRA` */
  private takeAbsent(field: number): boolean {
    if (field === EXTRA) return true;
    const value = this.format.absentValues[field];
    if (typeof value !== 'string') {
      this.refuse(value.code, this.format.fieldNames[field], value.message);
      return false;
    }
    this.values[field] = value;
    return true;
  }

  /** Whether there is nothing in the fields behind the last column. */
  private endsEmpty(bytes: Buffer, parser: RecordParser, valid: boolean): boolean {
    const columns = this.format.layout.fieldOf.length;
    for (let column = columns; column < parser.fieldCount; column++) {
      if ((!valid || parser.fieldFlags[column] >= FieldFlag.textAfterQuote) && !this.isReadable(bytes, parser, column)) return false;
      if (parser.fieldStart[column] === parser.fieldEnd[column]) continue;
      this.refuse('field_count', undefined, `a record must have nothing behind its ${fieldsOf(columns)} (allowLongRecords), this one has a text in field ${column + 1}`);
      return false;
    }
    return true;
  }

  private refuseCount(bytes: Buffer, parser: RecordParser, valid: boolean): undefined {
    const { fieldCount, fieldFlags } = parser;
    for (let column = 0; column < fieldCount; column++) {
      if ((!valid || fieldFlags[column] >= FieldFlag.textAfterQuote) && !this.isReadable(bytes, parser, column)) return undefined;
    }
    const expected = this.format.layout.fieldOf.length;
    if (fieldCount === expected) return this.refuse('field_count', undefined, 'a record must end with a delimiter (trailingDelimiter), this one does not');
    return this.refuse('field_count', undefined, `a record must have ${fieldsOf(expected)}, this one has ${fieldCount}`);
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

function fieldsOf(count: number): string {
  return `${count} ${count === 1 ? 'field' : 'fields'}`;
}

/**
 * The columns that feed no field, as members of one JSON object in the file's order: their text, or null for a missing
 * value of the schema.
 */
class ExtraColumns {
  private readonly prefixes: readonly string[];
  private readonly isMissing: ReturnType<typeof compileMissing>;
  /** What of a text, or of a name, is part of it. */
  private readonly bare: (text: string) => string;

  constructor({ layout, settings: { schema, dialect } }: Format) {
    this.bare = schema.trim === true ? withoutBlanks : (text) => text;
    const first = layout.fieldOf.indexOf(EXTRA);
    const names = extraNames({ ...layout, columns: layout.columns.map(this.bare) });
    this.prefixes = names.map((name, column) => `${column === first ? '' : ','}${JSON.stringify(name)}:`);
    this.isMissing = compileMissing(missingTextsOf({}, schema, dialect.nullSequence));
  }

  member(column: number, text: string, quoted: boolean, written = text): string {
    return this.prefixes[column] + (this.isMissing(this.bare(written), quoted) ? 'null' : stringToJson(this.bare(text)));
  }
}
