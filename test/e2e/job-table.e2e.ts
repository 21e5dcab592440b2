import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { Deployment } from './global-setup';
import { documentClient } from '../../src/aws/dynamo-table';
import { DynamoJobTable } from '../../src/aws/job-table.client';
import { PARTITION_KEY, SORT_KEY, TIMESTAMP_INDEX, UNSETTLED_INDEX } from '../../src/contract/job-item';
import { Regions } from '../../src/ports/regions';
import { describeJobIndex } from '../ports/job-index-contract';
import { describeFence, describeJobTable } from '../ports/job-table-contract';

let tables = 0;

async function newTable(regions?: Regions): Promise<DynamoJobTable> {
  const TableName = `JobTableContract-${++tables}`;
  const { clientConfig } = JSON.parse(process.env.E2E_DEPLOYMENT!) as Deployment;
  const client = new DynamoDBClient(clientConfig);
  await client.send(new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: PARTITION_KEY, AttributeType: 'S' },
      { AttributeName: SORT_KEY, AttributeType: 'S' },
      { AttributeName: TIMESTAMP_INDEX.partitionKey, AttributeType: 'S' },
      { AttributeName: UNSETTLED_INDEX.partitionKey, AttributeType: 'S' },
      { AttributeName: TIMESTAMP_INDEX.sortKey, AttributeType: 'N' },
    ],
    KeySchema: [{ AttributeName: PARTITION_KEY, KeyType: 'HASH' }, { AttributeName: SORT_KEY, KeyType: 'RANGE' }],
    GlobalSecondaryIndexes: [TIMESTAMP_INDEX, UNSETTLED_INDEX].map(({ name: IndexName, partitionKey, sortKey }) => ({
      IndexName,
      KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }, { AttributeName: sortKey, KeyType: 'RANGE' }],
      Projection: { ProjectionType: 'ALL' },
    })),
  }));
  await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 10 }, { TableName });
  return new DynamoJobTable(documentClient(client), TableName, regions);
}

describeJobTable('DynamoDB', async () => newTable());
describeJobIndex('DynamoDB', async () => newTable());
describeFence('DynamoDB', newTable);
