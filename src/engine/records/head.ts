import { createReader } from './create-reader';
import { fieldTexts } from './field-texts';
import { headerElsewhere } from './header-elsewhere';
import { checkLineEnds, foreignLineEnds, headerLineEnds, passedLineEnds } from './line-end-check';
import { RecordReader } from './record-reader';
import { NO_VISITOR, RecordVisitor } from './record-visitor';
import { declaredDelimiter, firstLineOf } from './sep-line';
import { walkRecords } from './walk-records';
import { visibleJson } from '../../spec/visible-text';
import { compileFormat, Format } from '../format/format';
import { LF } from '../grammar/grammar';
import { RecordParser } from '../grammar/record-parser';
import { joinHeaderRows, NO_HEAD } from '../header/file-head';
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
/**
 * Skipped lines, comments and blank lines may come before the header, but no more of them: a file is not read for
 * them.
 */
export const LONGEST_HEAD = 64 * 1024 * 1024;

/** Thrown where the sample ends within a record, of which only the beginning is looked at. */
const SAMPLE_END = Symbol('the end of the sample');

export interface HeadReport {
  /** The names in the file's header, for `FormatSettings`; undefined where it has none. */
  readonly columns: readonly string[] | undefined;
  /**
   * Offset of the first byte behind byte order mark, skipped lines and header. No chunk but the first may begin before
   * it.
   */
  readonly dataStart: number;
  readonly sampleRecords: number;
  readonly sampleRejected: number;
  /** Those of them that are not broken. */
  readonly wholeRecords: number;
  /** Bytes of all of them but the long one. */
  readonly sampleBytes: number;
  /** Whether a record of the sample does not end within `maxRecordSize`: whether it ends at all is not known. */
  readonly hasLongRecord: boolean;
}

/**
 * Reads the file's beginning: is it text, does its header fit the schema, how do its first records fare.
 *
 * @param format compiled without `columns`, which are what is found out here
 * @throws FileError `empty_file`, `not_text`, `line_terminator` or `header_mismatch`, with what was expected and what
 * came
 */
export async function checkHead(source: ByteSource, format: Format): Promise<HeadReport> {
  if (source.size === 0) throw new FileError('empty_file', `expected ${expectation(format)}, got an empty file`);
  const textStart = await findTextStart(source, format);
  const visitor = new HeadVisitor(format);
  try {
    checkLineEnds(await readSample(source, textStart), format);
    const beginning = new Beginning(source, visitor);
    await walkRecords(beginning, format, { start: 0, end: Math.min(source.size, SAMPLE_SIZE) }, visitor).catch(endSample);
  } catch (error) {
    throw await withSign(error, source, format, textStart);
  }
  if (!format.head.header && format.head.skipLines > 0 && textStart >= source.size) {
    throw await passedOver(source, format, textStart) ?? new FileError('empty_file', `expected records, the file ends within the lines that are skipped (skipLines ${format.head.skipLines})`);
  }
  if (!format.head.header && visitor.records > 0 && visitor.rejected === visitor.records) {
    await checkSigns(source, format);
    await checkWrapped(source, format);
  }
  return {
    columns: visitor.columns,
    dataStart: visitor.dataStart,
    sampleRecords: visitor.records,
    sampleRejected: visitor.rejected,
    wholeRecords: visitor.wholeRecords,
    sampleBytes: visitor.sampleBytes,
    hasLongRecord: visitor.hasLongRecord,
  };
}

/**
 * A header that does not fit may be none, but the beginning of something else, such as JSON, what tells Excel the
 * delimiter, or a preamble; one that fits may look like that.
 */
async function withSign(error: unknown, source: ByteSource, format: Format, textStart: number): Promise<unknown> {
  if (!(error instanceof FileError)) return error;
  await checkSigns(source, format);
  if (error.code !== 'header_mismatch') return error;
  const lineEnds = await passedOver(source, format, textStart);
  if (lineEnds !== undefined) return lineEnds;
  const text = Buffer.from(await readSample(source, textStart));
  const ofHeader = headerLineEnds(text, format);
  if (ofHeader !== undefined) return ofHeader;
  const delimiter = declaredDelimiter(firstLineOf(text), format);
  const sepLine = delimiter === undefined ? undefined : describeSepLine(delimiter, format);
  if (sepLine?.isCause) return headerMismatch(format.settings.schema, sepLine.told);
  const sign = describeJson(text.toString());
  if (sign !== undefined) return headerMismatch(format.settings.schema, `the file looks like ${sign}`);
  const told = await headerElsewhere(await readSample(source, 0), format.settings) ?? sepLine?.told;
  return told === undefined ? error : headerMismatch(format.settings.schema, told);
}

/**
 * Rows that are passed over may hide that the line ends are not the dialect's: then none of them ends where it should.
 */
async function passedOver(source: ByteSource, format: Format, textStart: number): Promise<FileError | undefined> {
  const { head: { skipLines, headerRows, commentRows, searchLines }, maxRecordSize } = format;
  if (skipLines + headerRows.length + commentRows.length + searchLines === 0) return undefined;
  // Where the lines that are skipped are all there is, some of them may have ended.
  const start = textStart < source.size ? textStart : 0;
  const text = await source.read(start, Math.min(source.size, start + Math.max(SAMPLE_SIZE, maxRecordSize)));
  return passedLineEnds(text, format) ?? (start < textStart ? passedLineEnds(text.subarray(text.lastIndexOf(LF) + 1), format) : undefined);
}

/** Offset of the first byte after the skipped lines, which may hold any bytes. */
async function findTextStart(source: ByteSource, format: Format): Promise<number> {
  const { head: { skipLines } } = format;
  if (skipLines === 0) return 0;
  const endless = new FileError('line_terminator', `expected the lines that are skipped (skipLines ${skipLines}) to end within ${LONGEST_HEAD} bytes, got no such line end`);
  const beginning = new Beginning(source, { atEnd: () => { throw endless; } });
  try {
    const { actualEnd } = await walkRecords(beginning, { ...format, head: { ...NO_HEAD, skipLines } }, { start: 0, end: 0 }, NO_VISITOR);
    return actualEnd;
  } catch (error) {
    throw error === endless ? await passedOver(source, format, source.size) ?? endless : error;
  }
}

function endSample(thrown: unknown): void {
  if (thrown !== SAMPLE_END) throw thrown;
}

/** The source, of which no more is read than a head may have. */
class Beginning implements ByteSource {
  constructor(private readonly source: ByteSource, private readonly reader: { atEnd(): never }) {}

  get size(): number {
    return this.source.size;
  }

  async read(start: number, end: number): Promise<Uint8Array> {
    return start < LONGEST_HEAD ? this.source.read(start, end) : this.reader.atEnd();
  }
}

/** `isCause`: it is why the header does not fit. */
function describeSepLine(delimiter: string, format: Format): { readonly told: string; readonly isCause: boolean } {
  const { codec, head: { headerRows, commentRows }, grammar: { dialect } } = format;
  const own = codec.decode(Buffer.from(dialect.delimiter), 0, dialect.delimiter.length);
  const said = `its first line tells Excel that the delimiter is ${visibleJson(delimiter)}`;
  if (delimiter !== own) return { told: `${said}, the dialect's is ${visibleJson(own)}: declare delimiter ${visibleJson(delimiter)}`, isCause: true };
  const counts = headerRows.length + commentRows.length > 0;
  return { told: counts ? `${said}, and it is row 1 where headerRows and commentRows are counted` : `${said}, and no header that fits follows`, isCause: counts };
}

class HeadVisitor implements RecordVisitor {
  columns: readonly string[] | undefined;
  dataStart = 0;
  records = 0;
  rejected = 0;
  wholeRecords = 0;
  sampleBytes = 0;
  hasLongRecord = false;
  private reader: RecordReader;
  private readonly headerRows: Array<readonly string[]> = [];
  /** Whether one of the header rows would be valid as a record. */
  private mayBeData = false;

  constructor(private readonly format: Format) {
    this.reader = createReader(format);
  }

  header(bytes: Buffer, at: number, parser: RecordParser): void {
    const texts = fieldTexts(bytes, at, parser, this.format);
    if ('fault' in texts) throw headerMismatch(this.format.settings.schema, `its first record is broken: ${texts.fault}`);
    this.headerRows.push(texts);
    if (this.reader.read(bytes, at, parser) !== undefined) this.mayBeData = true;
  }

  noHeader(got: string): void {
    throw headerMismatch(this.format.settings.schema, got);
  }

  onDataStart(byteOffset: number): void {
    this.dataStart = byteOffset;
    const { settings, head } = this.format;
    if (!head.header) return;
    this.columns = joinHeaderRows(this.headerRows, head.headerJoin);
    checkHeaderNames(settings.schema, this.columns, this.mayBeData, head.headerRows.length === 0 ? 'the first line' : 'the header');
    this.reader = createReader(compileFormat({ ...settings, columns: this.columns }));
  }

  record(bytes: Buffer, at: number, parser: RecordParser): void {
    this.records++;
    this.wholeRecords++;
    this.sampleBytes += parser.end - at;
    if (this.reader.read(bytes, at, parser) === undefined) this.rejected++;
  }

  broken(record: Buffer): void {
    this.records++;
    this.rejected++;
    this.sampleBytes += record.length;
  }

  longLine(line: Buffer): void {
    const { format: { settings: { schema }, head: { header, searchLines, commentRows }, maxRecordSize } } = this;
    const isHeader = header && this.columns === undefined;
    // A row that is passed over may be longer.
    if (isHeader && (searchLines > 0 || commentRows.length > 0)) return;
    if (isHeader || this.records === 0) {
      const foreign = foreignLineEnds(line, this.format, isHeader);
      if (foreign !== undefined) throw foreign;
    }
    if (isHeader) throw headerMismatch(schema, `its first record is broken: it does not end within ${maxRecordSize} bytes (maxRecordSize)`);
    this.records++;
    this.rejected++;
    this.hasLongRecord = true;
    throw SAMPLE_END;
  }

  /** Where the head does not end, or the sample consists of nothing but blanks. */
  atEnd(): never {
    if (this.format.head.header && this.columns === undefined) {
      throw headerMismatch(this.format.settings.schema, `it is not within the first ${LONGEST_HEAD} bytes, which are comments, blank lines or other lines that are passed over`);
    }
    throw SAMPLE_END;
  }
}

function expectation(format: Format): string {
  if (format.head.header) return expectedHeader(format.settings.schema);
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
