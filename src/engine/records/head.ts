import { createReader } from './create-reader';
import { fieldTexts } from './field-texts';
import { checkLineEnds } from './line-end-check';
import { RecordReader } from './record-reader';
import { NO_VISITOR, RecordVisitor } from './record-visitor';
import { declaredDelimiter, firstLineOf } from './sep-line';
import { walkRecords } from './walk-records';
import { visibleJson } from '../../spec/visible-text';
import { compileFormat, Format } from '../format/format';
import { RecordParser } from '../grammar/record-parser';
import { joinHeaderRows, NO_HEAD } from '../header/file-head';
import { checkHeaderNames, expectedHeader, headerMismatch } from '../header/header-check';
import { ByteSource } from '../io/byte-source';
import { describeSign, jsonSign } from '../json/json-signs';
import { FileError } from '../model/errors';

/** The sample is the records that begin within this many bytes. */
const SAMPLE_SIZE = 64 * 1024;

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
}

type Signature = readonly [bytes: readonly number[], name: string];

/** Starts of files that are sent by mistake, with what they are. */
const BINARY_STARTS: readonly Signature[] = [
  [[0x1f, 0x8b], 'gzip'],
  [[0x50, 0x4b, 0x03, 0x04], 'a ZIP archive or an Excel workbook'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Excel workbook'],
  [[0xff, 0xfe], 'UTF-16 text'],
  [[0xfe, 0xff], 'UTF-16 text'],
];
const TEXT_LIKE_STARTS: readonly Signature[] = [
  [[0x50, 0x41, 0x52, 0x31], 'Parquet'],
  [[0x25, 0x50, 0x44, 0x46], 'PDF'],
];

/**
 * Reads the file's beginning: is it text, does its header fit the schema, how do its first records fare.
 *
 * @param format compiled without `columns`, which are what is found out here
 * @throws FileError `empty_file`, `not_text`, `line_terminator` or `header_mismatch`, with what was expected and what came
 */
export async function checkHead(source: ByteSource, format: Format): Promise<HeadReport> {
  if (source.size === 0) throw new FileError('empty_file', `expected ${expectation(format)}, got an empty file`);
  const textStart = await findTextStart(source, format);
  await checkText(source, format, textStart);
  checkLineEnds(await readSample(source, textStart), format);
  const visitor = new HeadVisitor(format);
  try {
    await walkRecords(source, format, { start: 0, end: Math.min(source.size, SAMPLE_SIZE) }, visitor);
  } catch (error) {
    throw await withSign(error, source, format, textStart);
  }
  return {
    columns: visitor.columns,
    dataStart: visitor.dataStart,
    sampleRecords: visitor.records,
    sampleRejected: visitor.rejected,
  };
}

/**
 * A header that does not fit is reported as what it looks like: as JSON, or as what tells Excel the delimiter. One that
 * fits may look like it.
 */
async function withSign(error: unknown, source: ByteSource, format: Format, textStart: number): Promise<unknown> {
  if (!(error instanceof FileError && error.code === 'header_mismatch')) return error;
  const text = Buffer.from(await readSample(source, textStart));
  const delimiter = declaredDelimiter(firstLineOf(text), format);
  if (delimiter !== undefined) return headerMismatch(format.settings.schema, describeSepLine(delimiter, format));
  const sign = jsonSign(text.toString());
  return sign === undefined ? error : headerMismatch(format.settings.schema, `the file looks like ${describeSign(sign)}`);
}

/** Offset of the first byte after the skipped lines, which may hold any bytes. */
async function findTextStart(source: ByteSource, format: Format): Promise<number> {
  const { head: { skipLines } } = format;
  if (skipLines === 0) return 0;
  const { actualEnd } = await walkRecords(source, { ...format, head: { ...NO_HEAD, skipLines } }, { start: 0, end: 0 }, NO_VISITOR);
  return actualEnd;
}

function describeSepLine(delimiter: string, { codec, head: { headerRows, commentRows }, grammar: { dialect } }: Format): string {
  const own = codec.decode(Buffer.from(dialect.delimiter), 0, dialect.delimiter.length);
  const said = `its first line tells Excel that the delimiter is ${visibleJson(delimiter)}`;
  if (delimiter !== own) return `${said}, the dialect's is ${visibleJson(own)}: declare delimiter ${visibleJson(delimiter)}`;
  const counts = headerRows.length + commentRows.length > 0;
  return counts ? `${said}, and it is row 1 where headerRows and commentRows are counted` : `${said}, and no header that fits follows`;
}

class HeadVisitor implements RecordVisitor {
  columns: readonly string[] | undefined;
  dataStart = 0;
  records = 0;
  rejected = 0;
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
    if (this.reader.read(bytes, at, parser) === undefined) this.rejected++;
  }

  broken(): void {
    this.records++;
    this.rejected++;
  }
}

function expectation(format: Format): string {
  if (format.head.header) return expectedHeader(format.settings.schema);
  return format.settings.recordFormat === 'json' ? 'JSON objects, one a line' : 'records';
}

async function checkText(source: ByteSource, format: Format, textStart: number): Promise<void> {
  const expected = `expected ${format.codec.name} text`;
  const start = await readSample(source, 0);
  const startsWith = ([bytes]: Signature) => bytes.every((byte, index) => start[index] === byte);
  const nul = (textStart === 0 ? start : await readSample(source, textStart)).indexOf(0);
  // Some begin with ordinary characters: only a NUL byte tells them from a header.
  const found = BINARY_STARTS.find(startsWith) ?? (nul < 0 ? undefined : TEXT_LIKE_STARTS.find(startsWith));
  if (found !== undefined) throw new FileError('not_text', `${expected}, the file looks like ${found[1]}`);
  if (nul >= 0) throw new FileError('not_text', `${expected}, the file has a NUL byte at offset ${textStart + nul}`);
}

async function readSample(source: ByteSource, start: number): Promise<Uint8Array> {
  return source.read(start, Math.min(source.size, start + SAMPLE_SIZE));
}
