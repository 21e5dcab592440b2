import { resolveDialect } from '../engine/grammar/dialect-bytes';
import { compileGrammar } from '../engine/grammar/grammar';
import { RecordParser } from '../engine/grammar/record-parser';
import { withFormula } from '../engine/output/csv-encoder';
import { REJECTED_COLUMNS, RejectedColumn } from '../spec/rejected-columns';

/** The cells of a row of `rejected.csv`: read as somebody asks for them, because of most rows that is two. */
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
    return this.text('_code');
  }

  get column(): string {
    return this.named('_column');
  }

  get message(): string {
    return this.named('_message');
  }

  get encoding(): string {
    return this.text('_encoding');
  }

  get record(): string {
    return this.text('_record');
  }

  /** Without the apostrophe that keeps it from being a formula. */
  private named(column: RejectedColumn): string {
    const text = this.text(column);
    return this.isFormulaSafe ? withFormula(text) : text;
  }

  private text(column: RejectedColumn): string {
    const { fieldStart, fieldEnd } = this.parser;
    const cell = REJECTED_COLUMNS.indexOf(column);
    return this.bytes.toString('utf8', fieldStart[cell], fieldEnd[cell]).replaceAll('""', '"');
  }
}
