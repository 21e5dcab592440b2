import { JsonValueConverter } from './json-value-converter';
import { RecordReader } from './record-reader';
import { Format } from '../format/format';
import { RecordParser } from '../grammar/record-parser';
import { JsonFault, readJsonObject } from '../json/json-object';
import { RecordFault, setFault } from '../model/record-fault';

/** Records that are JSON objects. */
export class JsonRecordReader implements RecordReader {
  readonly shortRecords = 0;
  readonly longRecords = 0;
  private readonly converter: JsonValueConverter;

  constructor(private readonly format: Format) {
    this.converter = new JsonValueConverter(format);
  }

  get fault(): RecordFault {
    return this.converter.fault;
  }

  /** A line that is no object has no fields to blame: its first fault is its encoding, then its syntax. */
  read(bytes: Buffer, at: number, parser: RecordParser): readonly string[] | undefined {
    const { codec } = this.format;
    const { ascii, contentEnd } = parser;
    const record = bytes.subarray(at, contentEnd);
    if (!ascii && !codec.isValid(record)) {
      return this.refuse('encoding', `a record must be valid ${codec.name}, this one has ${codec.flawOf(record)}`);
    }
    const members = readJsonObject(ascii ? bytes.latin1Slice(at, contentEnd) : codec.decode(bytes, at, contentEnd));
    if (members instanceof JsonFault) return this.refuse('type', `expected a JSON object, got ${members.got}`);
    return this.converter.convert(members);
  }

  private refuse(code: RecordFault['code'], message: string): undefined {
    setFault(this.converter.fault, code, undefined, message);
    return undefined;
  }
}
