import { Catalog, Partition, PartitionId } from '../src/ports/catalog';

/** A table of the data catalog, in memory. */
export class MemoryCatalog implements Catalog {
  readonly added: Partition[] = [];
  /** How often it was asked which partitions are missing. */
  asked = 0;

  async addPartition(partition: Partition): Promise<boolean> {
    if (this.has(partition)) return false;
    this.added.push(partition);
    return true;
  }

  async withoutPartition(ids: readonly PartitionId[]): Promise<PartitionId[]> {
    this.asked++;
    return ids.filter((id) => !this.has(id));
  }

  async* partitions(): AsyncIterable<PartitionId & { readonly columns: readonly string[] }> {
    for (const { ingestDate, fileId, storage } of this.added) yield { ingestDate, fileId, columns: storage.columns.map(({ name }) => name) };
  }

  private has({ fileId, ingestDate }: PartitionId): boolean {
    return this.added.some((other) => other.fileId === fileId && other.ingestDate === ingestDate);
  }
}
