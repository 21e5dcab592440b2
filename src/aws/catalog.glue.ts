import {
  AlreadyExistsException, BatchGetPartitionCommand, CreatePartitionCommand, GlueClient, paginateGetPartitions, PartitionInput,
} from '@aws-sdk/client-glue';
import { CLIENT_SETTINGS } from './client-settings';
import { traced } from './runtime';
import { Catalog, Partition, PartitionId } from '../ports/catalog';

export function glueCatalog(databaseName: string, tableName: string): Catalog {
  return new GlueCatalog(traced(new GlueClient(CLIENT_SETTINGS)), databaseName, tableName);
}

export class GlueCatalog implements Catalog {
  constructor(private readonly glue: GlueClient, private readonly databaseName: string, private readonly tableName: string) {}

  async addPartition(partition: Partition): Promise<boolean> {
    try {
      await this.glue.send(new CreatePartitionCommand({ ...this.table(), PartitionInput: partitionInput(partition) }));
      return true;
    } catch (error) {
      if (error instanceof AlreadyExistsException) return false;
      throw error;
    }
  }

  /** What Glue has not processed counts as missing: a partition that is added twice is added once. */
  async withoutPartition(ids: readonly PartitionId[]): Promise<PartitionId[]> {
    const { Partitions = [] } = await this.glue.send(new BatchGetPartitionCommand({
      ...this.table(), PartitionsToGet: ids.map((id) => ({ Values: valuesOf(id) })),
    }));
    const found = new Set(Partitions.map(({ Values = [] }) => idOf(Values).fileId));
    return ids.filter(({ fileId }) => !found.has(fileId));
  }

  async* partitions(): AsyncIterable<PartitionId & { readonly columns: readonly string[] }> {
    for await (const { Partitions = [] } of paginateGetPartitions({ client: this.glue }, this.table())) {
      for (const { Values = [], StorageDescriptor: { Columns = [] } = {} } of Partitions) {
        yield { ...idOf(Values), columns: Columns.map(({ Name = '' }) => Name) };
      }
    }
  }

  private table(): { DatabaseName: string; TableName: string } {
    return { DatabaseName: this.databaseName, TableName: this.tableName };
  }
}

/** In the order of the partition keys. */
function valuesOf({ ingestDate, fileId }: PartitionId): string[] {
  return [ingestDate, fileId];
}

function idOf([ingestDate, fileId]: readonly string[]): PartitionId {
  return { ingestDate, fileId };
}

function partitionInput({ location, storage, parameters, ...id }: Partition): PartitionInput {
  return {
    Values: valuesOf(id),
    StorageDescriptor: {
      Columns: storage.columns.map(({ name, type, comment }) => ({ Name: name, Type: type, Comment: comment })),
      Location: location,
      InputFormat: storage.inputFormat,
      OutputFormat: storage.outputFormat,
      SerdeInfo: { SerializationLibrary: storage.serde, Parameters: { ...storage.serdeParameters } },
    },
    Parameters: { ...parameters },
  };
}
