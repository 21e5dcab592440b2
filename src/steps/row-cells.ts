import { resolveDialect } from '../engine/grammar/dialect-bytes';
import { compileGrammar } from '../engine/grammar/grammar';
import { RecordParser } from '../engine/grammar/record-parser';
import { withFormula } from '../engine/output/csv-encoder';
import { REJECTED_COLUMNS } from '../spec/rejected-columns';

const CODE = REJECTED_COLUMNS.indexOf('_code');
const COLUMN = REJECTED_COLUMNS.indexOf('_column');
const MESSAGE = REJECTED_COLUMNS.indexOf('_message');
const ENCODING = REJECTED_COLUMNS.indexOf('_encoding');
const RECORD = REJECTED_COLUMNS.indexOf('_record');

/** The cells of a row of `rejected.csv`: read as somebody asks for them, because of most rows that is two, and a record may be large. */
export class RowCells {
  private readonly parser = new RecordParser(compileGrammar(resolveDialect({})));
  private bytes: Buffer = Buffer.alloc(0);

  constructor(private readonly isFormulaSafe: boolean) {}

  /** The row is `bytes[start, end)`; its first cell may be empty. */
  read(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes;
    this.parser.parse(bytes, start, end, true);
  }

  get code(): string {
    return this.text(CODE);
  }

  get column(): string {
    return this.named(COLUMN);
  }

  get message(): string {
    return this.named(MESSAGE);
  }

  /** Of the record's cell, which is a little larger than the record. */
  get recordSize(): number {
    const { fieldStart, fieldEnd } = this.parser;
    return fieldEnd[RECORD] - fieldStart[RECORD];
  }

  /** @param most bytes of its cell, from the beginning */
  record(most: number): Buffer {
    const encoding = this.text(ENCODING) === 'base64' ? 'base64' : 'utf8';
    return Buffer.from(this.text(RECORD, most), encoding);
  }

  /** Without the apostrophe that keeps it from being a formula. */
  private named(cell: number): string {
    const text = this.text(cell);
    return this.isFormulaSafe ? withFormula(text) : text;
  }

  private text(cell: number, most = Infinity): string {
    const { fieldStart, fieldEnd } = this.parser;
    return this.bytes.toString('utf8', fieldStart[cell], Math.min(fieldEnd[cell], fieldStart[cell] + most)).replaceAll('""', '"');
  }
}
