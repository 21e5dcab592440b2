import { ByteSource } from './byte-source';
import { createReader } from './create-reader';
import { FileError } from './errors';
import { Format } from './format';
import { FieldFlag, RecordParser } from './record-parser';
import { RecordReader } from './record-reader';
import { Position, RecordVisitor, walkRecords } from './walk-records';

/** Records that begin in the first so many bytes are the sample. */
const SAMPLE_SIZE = 64 * 1024;
/** Longest header that a message repeats. */
const SHOWN = 300;

export interface HeadReport {
  /** As the file names them; the schema's names where it has no header. */
  readonly fieldNames: readonly string[];
  /** Offset of the first byte after byte order mark and header. */
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
 * Reads the file's beginning: is it text, does its header name the schema's fields, how do its first records fare.
 *
 * @throws FileError `empty_file`, `not_text` or `header_mismatch`, with what was expected and what came
 */
export async function checkHead(source: ByteSource, format: Format): Promise<HeadReport> {
  if (source.size === 0) throw new FileError('empty_file', `expected ${expectation(format)}, got an empty file`);
  checkText(await source.read(0, Math.min(source.size, SAMPLE_SIZE)));
  const visitor = new HeadVisitor(format);
  await walkRecords(source, format, { start: 0, end: Math.min(source.size, SAMPLE_SIZE) }, visitor);
  if (format.header) checkHeader(visitor, format);
  return {
    fieldNames: visitor.names ?? format.fieldNames,
    dataStart: visitor.dataStart,
    sampleRecords: visitor.records,
    sampleRejected: visitor.rejected,
  };
}

/** Offset of the first byte after byte order mark and header: no chunk but the first may begin before it. */
export async function findDataStart(source: ByteSource, format: Format): Promise<number> {
  const { actualEnd } = await walkRecords(source, format, { start: 0, end: 0 }, { record: () => undefined, broken: () => undefined });
  return actualEnd;
}

class HeadVisitor implements RecordVisitor {
  names: string[] | undefined;
  headerIsRecord = false;
  headerError: string | undefined;
  dataStart = 0;
  records = 0;
  rejected = 0;
  private readonly reader: RecordReader;

  constructor(private readonly format: Format) {
    this.reader = createReader(format);
  }

  header(bytes: Buffer, at: number, parser: RecordParser, position: Position): void {
    this.names = fieldTexts(bytes, parser, this.format);
    if (parser.fieldFlags.subarray(0, parser.fieldCount).some((flags) => flags & FieldFlag.textAfterQuote)) {
      this.headerError = 'text follows a closing quote';
    }
    this.headerIsRecord = this.reader.read(bytes, at, parser) !== undefined;
    this.dataStart = position.byteOffset + parser.end - at;
  }

  brokenHeader(message: string): void {
    this.headerError = message;
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
    const text = bytes.utf8Slice(parser.fieldStart[field], parser.fieldEnd[field]);
    const flags = parser.fieldFlags[field];
    return flags & FieldFlag.escaped ? format.unescape(text, (flags & FieldFlag.quoted) !== 0) : text;
  });
}

function expectation(format: Format): string {
  return format.header ? `a header line with the fields ${shown(format.fieldNames)}` : 'records';
}

function checkText(sample: Uint8Array): void {
  const expected = 'expected UTF-8 text';
  const startsWith = ([bytes]: Signature) => bytes.every((byte, index) => sample[index] === byte);
  const nul = sample.indexOf(0);
  // Some begin with ordinary characters: only a NUL byte tells them from a header.
  const found = BINARY_STARTS.find(startsWith) ?? (nul < 0 ? undefined : TEXT_LIKE_STARTS.find(startsWith));
  if (found !== undefined) throw new FileError('not_text', `${expected}, the file looks like ${found[1]}`);
  if (nul >= 0) throw new FileError('not_text', `${expected}, the file has a NUL byte at offset ${nul}`);
}

function checkHeader(visitor: HeadVisitor, format: Format): void {
  const expected = expectation(format);
  const fail = (got: string): never => { throw new FileError('header_mismatch', `expected ${expected}; ${got}`); };
  const { names } = visitor;
  if (visitor.headerError !== undefined) return fail(`its first record is broken: ${visitor.headerError}`);
  if (names === undefined) return fail('the file has no record at all');
  const { fieldNames } = format;
  const wrong = fieldNames.findIndex((name, index) => names[index] !== name);
  if (wrong < 0 && names.length === fieldNames.length) return;
  // What stands in the header's place may be data, which no message repeats.
  if (visitor.headerIsRecord) return fail('the first line is a record: the header is missing');
  if (!names.some((name) => isNameOf(name, fieldNames))) return fail(`the first line names none of them: it has ${names.length} fields`);
  if (wrong >= 0 && wrong < names.length) return fail(`got ${shown(names)}: field ${wrong + 1} is ${JSON.stringify(cut(names[wrong]))} and should be ${JSON.stringify(fieldNames[wrong])}`);
  return fail(`got ${shown(names)}: ${names.length} fields and not ${fieldNames.length}`);
}

/** Letter case aside: a name in the wrong case is worth to be told. */
function isNameOf(text: string, fieldNames: readonly string[]): boolean {
  return fieldNames.some((name) => name.toLowerCase() === text.trim().toLowerCase());
}

function shown(names: readonly string[]): string {
  const text = names.join(',');
  return text.length <= SHOWN ? text : `${cut(text)} (${names.length} fields)`;
}

/** A message is stored and sent, and whatever came may be huge. */
function cut(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}
