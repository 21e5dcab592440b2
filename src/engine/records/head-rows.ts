import { fieldTexts } from './field-texts';
import { isSepLine } from './sep-line';
import { Format } from '../format/format';
import { RecordParser } from '../grammar/record-parser';
import { headerNotFound } from '../header/header-check';
import { matchHeader } from '../header/header-layout';

/** What becomes of a row before the records; `skipLine`: only its first line is passed, whatever is open there. */
export type RowFate = 'header' | 'skip' | 'skipLine';

/** Of the rows at a file's beginning: which are the header, which are skipped, and where the records begin. */
export class HeadRows {
  /** Rows that were passed. */
  private row = 0;
  private hasHeader = false;
  /** The last row whose number says what it is. */
  private readonly lastRow: number;
  private readonly searched: Array<readonly string[]> = [];

  constructor(private readonly format: Format) {
    const { headerRows, commentRows } = format.head;
    this.lastRow = Math.max(0, ...headerRows, ...commentRows);
  }

  /** Whether the next row is a record. */
  get isOver(): boolean {
    const { header, headerRows, searchLines } = this.format.head;
    if (searchLines > 0) return this.hasHeader || this.row >= searchLines;
    return this.row >= this.lastRow && (this.hasHeader || !header || headerRows.length > 0);
  }

  /** The next row, of which the parser has made a record. */
  record(bytes: Buffer, parser: RecordParser): RowFate {
    this.row++;
    if (this.format.head.searchLines > 0) return this.search(bytes, parser);
    const isSep = this.isFirst && isSepLine(bytes.subarray(parser.contentStart, parser.contentEnd), this.format);
    if (isSep || !this.isHeaderRow) return 'skip';
    this.hasHeader = true;
    return 'header';
  }

  /**
   * The next row, which is no record.
   *
   * @param fault of a row that is broken
   * @returns why there is no header, where the row should have been it
   */
  noRecord(what: 'a blank line' | 'a blank record' | 'a comment' | { readonly fault: string }): string | undefined {
    this.row++;
    const { headerRows, searchLines } = this.format.head;
    if (searchLines > 0 || !this.isHeaderRow) return undefined;
    if (headerRows.length > 0) return `row ${this.row}, which is a header row, is ${typeof what === 'string' ? what : `broken: ${what.fault}`}`;
    if (typeof what === 'string') return undefined;
    this.hasHeader = true;
    return `its first record is broken: ${what.fault}`;
  }

  /** @returns why there is no header, where the rows ended without it, or the search without success */
  missing(): string | undefined {
    const { settings: { schema }, head: { header, headerRows, searchLines } } = this.format;
    if (searchLines > 0) return this.hasHeader ? undefined : headerNotFound(schema, this.searched, this.row);
    const next = headerRows.find((row) => row > this.row);
    if (next !== undefined) return `row ${next} is a header row, and the file has ${this.row} rows`;
    return header && headerRows.length === 0 && !this.hasHeader ? 'the file has no record at all' : undefined;
  }

  /** Where the header's place is not declared, the first row may tell Excel the delimiter. */
  private get isFirst(): boolean {
    const { header, headerRows } = this.format.head;
    return this.row === 1 && header && headerRows.length === 0;
  }

  private get isHeaderRow(): boolean {
    const { header, headerRows, commentRows } = this.format.head;
    if (headerRows.length > 0) return headerRows.includes(this.row);
    return header && !this.hasHeader && !commentRows.includes(this.row);
  }

  private search(bytes: Buffer, parser: RecordParser): RowFate {
    const texts = fieldTexts(bytes, parser.contentStart, parser, this.format);
    if ('fault' in texts) return 'skipLine';
    this.hasHeader = !('kind' in matchHeader(this.format.settings.schema, texts));
    if (!this.hasHeader) this.searched[this.row - 1] = texts;
    return this.hasHeader ? 'header' : 'skipLine';
  }
}
