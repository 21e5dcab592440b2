/**
 * Parquet, with the values of each column in its own type. Row groups are written as they fill, so that memory does not
 * grow with the part; the footer comes last. Pages are compressed with snappy, which every reader of Parquet knows.
 */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { ParquetColumn, parquetColumn, ParquetValue } from './parquet-column';
import { RowGroupFooters } from './row-group-footers';
import { OutputColumn } from '../../../spec/output-columns';
import { quote } from '../../types/field-converter';
import { OutputEncoder } from '../output-encoder';
import { FitCheck, PartFormat } from '../part-format';

/**
 * Whichever limit is reached first ends a row group. Readers like large ones, but in memory each takes some twenty
 * times the bytes counted here.
 */
const ROW_GROUP_ROWS = 100_000;
const ROW_GROUP_BYTES = 8 * 1024 * 1024;
/**
 * Where there are many columns a row group may have more, up to the second limit: each column of a row group has its
 * page, its dictionary and its entry in the footer, whatever it holds, which for few values is most of its time.
 */
const COLUMN_BYTES = 5 * 1024;
const WIDE_ROW_GROUP_BYTES = 32 * 1024 * 1024;
/** Bytes that a value takes in memory beside its digits or characters. */
const VALUE_OVERHEAD = 16;

const NO_BYTES = new Uint8Array(0);

export class ParquetEncoder implements OutputEncoder {
  private readonly columns: readonly ParquetColumn[];
  private readonly writer = new ByteWriter();
  private parquet: ParquetWriter | undefined;
  private footers: RowGroupFooters | undefined;
  private readonly mostGroupBytes: number;
  private data: ParquetValue[][] = [];
  private rows = 0;
  private groupBytes = 0;

  constructor(columns: readonly OutputColumn[]) {
    this.columns = columns.map(parquetColumn);
    this.mostGroupBytes = Math.max(ROW_GROUP_BYTES, Math.min(columns.length * COLUMN_BYTES, WIDE_ROW_GROUP_BYTES));
    this.clear();
  }

  /** Between row groups there is nothing to hand on. */
  get full(): boolean {
    return this.rows === 0 && this.writer.index > 0;
  }

  append(values: readonly string[]): void {
    const { columns, data } = this;
    for (let index = 0; index < columns.length; index++) {
      const json = values[index];
      data[index].push(json === 'null' ? null as never : columns[index].convert(json));
      this.groupBytes += json.length + VALUE_OVERHEAD;
    }
    this.rows++;
    if (this.rows === ROW_GROUP_ROWS || this.groupBytes >= this.mostGroupBytes) this.writeRowGroup();
  }

  take(): Uint8Array {
    const { writer } = this;
    if (writer.index === 0) return NO_BYTES;
    const bytes = writer.getBytes();
    writer.index = 0;
    return bytes;
  }

  finish(): Uint8Array {
    if (this.rows > 0) this.writeRowGroup();
    this.footers?.finish();
    return this.take();
  }

  private writeRowGroup(): void {
    const { columns, data, rows } = this;
    this.parquet ??= new ParquetWriter({
      writer: this.writer,
      // From 1 in the order of the columns: the ids that Iceberg gives the columns of a new table with this schema.
      schema: [{ name: 'record', num_children: columns.length }, ...columns.map(({ element }, index) => ({ ...element, field_id: index + 1 }))],
      codec: 'SNAPPY',
    });
    const columnData = columns.map(({ element: { name } }, index) => ({ name, data: data[index] }));
    void this.parquet.write({ columnData, rowGroupSize: rows });
    this.footers ??= new RowGroupFooters(this.parquet);
    this.footers.take();
    this.clear();
  }

  private clear(): void {
    this.data = this.columns.map(() => []);
    this.rows = 0;
    this.groupBytes = 0;
  }
}

function fitOf(columns: readonly OutputColumn[]): FitCheck | undefined {
  const checks = columns.map(parquetColumn).flatMap(({ fits, capacity }, index) => fits === undefined ? [] : [{ index, fits, capacity }]);
  if (checks.length === 0) return undefined;
  return (values) => {
    for (const { index, fits, capacity } of checks) {
      const json = values[index];
      if (json !== 'null' && !fits(json)) {
        return { column: columns[index].name, message: `must fit into ${capacity} (Parquet), got ${quote(json.replaceAll('"', ''))}` };
      }
    }
    return undefined;
  };
}

export const PARQUET: PartFormat = {
  suffix: '.parquet',
  contentType: 'application/vnd.apache.parquet',
  encoder: (columns) => new ParquetEncoder(columns),
  fit: fitOf,
};
