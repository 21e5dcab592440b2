import { CatalogStorage } from '../contract/catalog-table';

/** The values of the partition keys: one partition a job. */
export interface PartitionId {
  readonly ingestDate: string;
  readonly fileId: string;
}

export interface Partition extends PartitionId {
  /** `s3://bucket/prefix/` */
  readonly location: string;
  readonly storage: CatalogStorage;
  /** What else the catalog says of it. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** One table of the data catalog. */
export interface Catalog {
  /** @returns false, and nothing is changed, when there is such a partition already */
  addPartition(partition: Partition): Promise<boolean>;
  /** Those of them that have no partition, or of which it could not be told now. @param ids 1,000 at most */
  withoutPartition(ids: readonly PartitionId[]): Promise<PartitionId[]>;
  /** All partitions, with the names of their columns. */
  partitions(): AsyncIterable<PartitionId & { readonly columns: readonly string[] }>;
}
