/**
 * The footer of a Parquet file has an entry for each column of each row group. As the library's objects these take a
 * kilobyte each until the file ends, as the bytes that the footer is made of some ninety: so each row group's are
 * serialized as soon as it is written.
 *
 * The library has no way to that: two of its modules are imported by path, and two fields of its writer are emptied. So
 * its version stands exactly in package.json. That the footer is still the library's own, byte by byte, and that nothing
 * is left behind with it, is what 'the footer, which is written row group by row group' in
 * test/engine/output/parquet.test.ts holds each version to.
 */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { writeIndexes } from 'hyparquet-writer/src/indexes.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';

/** `writeMetadata` ends with the length of what it wrote. */
const LENGTH_SIZE = 4;
/** Thrift's compact protocol: a list of structs, and from which length on the length stands behind it. */
const STRUCT_LIST = 0x0c;
const LONG_LIST = 15;
const PARQUET_MAGIC = 0x31524150;

export class RowGroupFooters {
  private readonly groups: Buffer[] = [];
  /** Bytes that stand around the entries of one row group where nothing else is in the footer. */
  private readonly around: readonly [before: number, after: number];

  constructor(private readonly parquet: ParquetWriter) {
    const [before, after] = this.footerAround(0n);
    this.around = [before.length + 1, after.length];
  }

  /** Takes over what the writer knows of the row group that it has just written. */
  take(): void {
    const { parquet } = this;
    // Where the pages are stands in the entries, so it is written before them: the format does not say where.
    writeIndexes(parquet.writer, parquet.pendingIndexes);
    const [before, after] = this.around;
    const bytes = serialized(parquet, 0n, parquet.row_groups);
    this.groups.push(Buffer.from(bytes.subarray(before, bytes.length - after)));
    parquet.row_groups = [];
    parquet.pendingIndexes = [];
  }

  /** Ends the file. */
  finish(): void {
    const { parquet: { writer, num_rows: rows }, groups } = this;
    const start = writer.offset;
    const [before, after] = this.footerAround(rows);
    writer.appendBytes(before);
    if (groups.length < LONG_LIST) {
      writer.appendUint8(groups.length << 4 | STRUCT_LIST);
    } else {
      writer.appendUint8(LONG_LIST << 4 | STRUCT_LIST);
      writer.appendVarInt(groups.length);
    }
    for (const group of groups) writer.appendBytes(group);
    writer.appendBytes(after);
    writer.appendUint32(writer.offset - start);
    writer.appendUint32(PARQUET_MAGIC);
  }

  /** What stands in the footer before the list of row groups and behind it. */
  private footerAround(rows: bigint): readonly [before: Uint8Array, after: Uint8Array] {
    const none = serialized(this.parquet, rows, []);
    const one = serialized(this.parquet, rows, [{ columns: [], total_byte_size: 0n, num_rows: 0n }]);
    // The first byte that differs is the list's head.
    const at = none.findIndex((byte, index) => byte !== one[index]);
    return [none.subarray(0, at), none.subarray(at + 1)];
  }
}

function serialized({ schema, createdBy }: ParquetWriter, rows: bigint, groups: ParquetWriter['row_groups']): Uint8Array {
  const writer = new ByteWriter();
  writeMetadata(writer, { version: 2, created_by: createdBy, schema, num_rows: rows, row_groups: groups, metadata_length: 0 });
  return writer.getBytes().subarray(0, -LENGTH_SIZE);
}
