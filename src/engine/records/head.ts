import { createReader } from './create-reader';
import { RecordReader } from './record-reader';
import { NO_VISITOR, Position, RecordVisitor } from './record-visitor';
import { walkRecords } from './walk-records';
import { compileFormat, Format } from '../format/format';
import { FieldFlag, RecordParser } from '../grammar/record-parser';
import { checkHeaderNames, expectedHeader, headerMismatch } from '../header/header-check';
import { ByteSource } from '../io/byte-source';
import { describeJson, describeWrapped } from '../json/json-signs';
import { wrappedArrayPath } from '../json/wrapped-array';
import { FileError } from '../model/errors';
import { binarySign } from '../text/binary-sign';
import { isEbcdic } from '../text/ebcdic-sign';
import { describeFileSign, textFileSign } from '../text/file-signs';

/** The sample is the records that begin within this many bytes. */
const SAMPLE_SIZE = 64 * 1024;

export interface HeadReport {
  /** The names in the file's header, for `FormatSettings`; undefined where it has none. */
  readonly columns: readonly string[] | undefined;
  /**
   * Offset of the first byte after skipped lines and header; 0 where the file has neither. No chunk but the first may
   * begin before it.
   */
  readonly dataStart: number;
  readonly sampleRecords: number;
  readonly sampleRejected: number;
}

/**
 * Reads the file's beginning: is it text, does its header fit the schema, how do its first records fare.
 *
 * @param format compiled without `columns`, which are what is found out here
 * @throws FileError `empty_file`, `not_text` or `header_mismatch`, with what was expected and what came
 */
export async function checkHead(source: ByteSource, format: Format): Promise<HeadReport> {
  if (source.size === 0) throw new FileError('empty_file', `expected ${expectation(format)}, got an empty file`);
  const textStart = await findTextStart(source, format);
  const visitor = new HeadVisitor(format, textStart);
  try {
    await walkRecords(source, format, { start: 0, end: Math.min(source.size, SAMPLE_SIZE) }, visitor);
  } catch (error) {
    throw await withSign(error, source, format, textStart);
  }
  if (!format.header && visitor.records > 0 && visitor.rejected === visitor.records) {
    await checkSigns(source, format);
    await checkWrapped(source, format);
  }
  if (format.header && visitor.columns === undefined) throw headerMismatch(format.settings.schema, 'the file has no record at all');
  return {
    columns: visitor.columns,
    dataStart: visitor.dataStart,
    sampleRecords: visitor.records,
    sampleRejected: visitor.rejected,
  };
}

/** A header that does not fit may be none, but the beginning of something else; one that fits may look like that. */
async function withSign(error: unknown, source: ByteSource, format: Format, textStart: number): Promise<unknown> {
  if (!(error instanceof FileError && error.code === 'header_mismatch')) return error;
  await checkSigns(source, format);
  const sign = describeJson(Buffer.from(await readSample(source, textStart)).toString());
  return sign === undefined ? error : headerMismatch(format.settings.schema, `the file looks like ${sign}`);
}

/** Offset of the first byte after the skipped lines, which may hold any bytes. */
async function findTextStart(source: ByteSource, format: Format): Promise<number> {
  if (format.skipLines === 0) return 0;
  const { actualEnd } = await walkRecords(source, { ...format, header: false }, { start: 0, end: 0 }, NO_VISITOR);
  return actualEnd;
}

class HeadVisitor implements RecordVisitor {
  columns: readonly string[] | undefined;
  records = 0;
  rejected = 0;
  private reader: RecordReader;

  constructor(private readonly format: Format, public dataStart: number) {
    this.reader = createReader(format);
  }

  header(bytes: Buffer, at: number, parser: RecordParser, position: Position): void {
    const { settings, codec } = this.format;
    if (parser.fieldFlags.subarray(0, parser.fieldCount).some((flags) => flags & FieldFlag.textAfterQuote)) {
      throw brokenHeader(this.format, 'text follows a closing quote');
    }
    if (!parser.ascii && !codec.isValid(bytes.subarray(at, parser.contentEnd))) {
      throw brokenHeader(this.format, `it is not valid ${codec.name}`);
    }
    const columns = fieldTexts(bytes, parser, this.format);
    checkHeaderNames(settings.schema, columns, this.reader.read(bytes, at, parser) !== undefined);
    this.columns = columns;
    this.reader = createReader(compileFormat({ ...settings, columns }));
    this.dataStart = position.byteOffset + parser.end - at;
  }

  brokenHeader(message: string): void {
    throw brokenHeader(this.format, message);
  }

  record(bytes: Buffer, at: number, parser: RecordParser): void {
    this.records++;
    if (this.reader.read(bytes, at, parser) === undefined) this.rejected++;
  }

  broken(): void {
    this.records++;
    this.rejected++;
  }
}

function fieldTexts(bytes: Buffer, parser: RecordParser, format: Format): string[] {
  return Array.from({ length: parser.fieldCount }, (_, field) => {
    const text = format.codec.decode(bytes, parser.fieldStart[field], parser.fieldEnd[field]);
    const flags = parser.fieldFlags[field];
    return flags & FieldFlag.escaped ? format.unescape(text, (flags & FieldFlag.quoted) !== 0) : text;
  });
}

function brokenHeader(format: Format, message: string): FileError {
  return headerMismatch(format.settings.schema, `its first record is broken: ${message}`);
}

function expectation(format: Format): string {
  if (format.header) return expectedHeader(format.settings.schema);
  return format.settings.recordFormat === 'json' ? 'JSON objects, one a line' : 'records';
}

/** Says what a file is in which nothing is what it should be, where that can be seen. */
async function checkSigns(source: ByteSource, format: Format): Promise<void> {
  const sample = await readSample(source, 0);
  const sign = textFileSign(sample);
  if (sign !== undefined) throw new FileError('not_text', `expected ${expectation(format)}; the file looks ${describeFileSign(sign)}`);
  const looks = isEbcdic(sample) ? 'like EBCDIC text: have it converted to UTF-8' : binarySign(sample);
  if (looks !== undefined) throw new FileError('not_text', `expected ${format.codec.name} text, the file looks ${looks}`);
}

/** An object around the records is one record of its own to JSON Lines. */
async function checkWrapped(source: ByteSource, format: Format): Promise<void> {
  if (format.settings.recordFormat !== 'json') return;
  const path = wrappedArrayPath(Buffer.from(await readSample(source, 0)).toString().trim());
  if (path !== undefined) throw new FileError('bad_json', `expected ${expectation(format)}; the file looks like ${describeWrapped(path)}`);
}

async function readSample(source: ByteSource, start: number): Promise<Uint8Array> {
  return source.read(start, Math.min(source.size, start + SAMPLE_SIZE));
}
