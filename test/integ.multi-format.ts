/**
 * The example `multi-format` in a real account, as test/integ.tap-stack.ts does it for TapStack: a CSV and a JSON file
 * in, two jobs that succeed, and a partition of the catalog for each.
 */
import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, Names, RemovalPolicy } from 'aws-cdk-lib';
import { CfnVersion } from 'aws-cdk-lib/aws-lambda';
import { MultiFormatStack } from '../examples/multi-format/multi-format-stack';

const app = new App({
  treeMetadata: false,
  // Snapshots would hold the paths of the machine that made them.
  postCliContext: { 'aws:cdk:disable-creation-stack-traces': true },
});
const stack = new MultiFormatStack(app, 'MultiFormat-integ', { environmentSuffix: 'integ', pipeline: { removalPolicy: RemovalPolicy.DESTROY } });
// A version's logical id holds a hash of the code: every change of a handler would change the snapshot.
for (const version of stack.node.findAll().filter((node) => node instanceof CfnVersion)) {
  version.overrideLogicalId(Names.uniqueId(version));
}
const integ = new IntegTest(app, 'MultiFormat', { testCases: [stack], regions: ['us-east-1'] });

const ORDERS = [
  { order_id: 'o-1', customer_id: 'c-1', ordered_at: '2024-02-03T04:05:06Z', amount: '10.5', currency: 'EUR' },
  { order_id: 'o-2', customer_id: 'c-2', ordered_at: '03.02.2024 04:05', amount: '10000.01', currency: 'EUR' },
  // The company's own rule leaves it out.
  { order_id: 'o-3', customer_id: 'TEST-1', ordered_at: '2024-02-03 04:05:06', amount: '7.25', currency: 'USD' },
];
const CSV = [Object.keys(ORDERS[0]).join(','), ...ORDERS.map((order) => Object.values(order).join(',')), ''].join('\n');

const upload = (key: string, body: string) => integ.assertions.awsApiCall('S3', 'putObject', {
  Bucket: stack.pipeline.sourceBucket.bucketName,
  Key: key,
  Body: body,
});
const uploads = upload('incoming/integ.csv', CSV).next(upload('incoming/integ.json', JSON.stringify(ORDERS)));

// The job's id holds the object's version; the index finds the jobs by how they ended.
const jobs = integ.assertions.awsApiCall('DynamoDB', 'query', {
  TableName: stack.pipeline.jobTable.tableName,
  IndexName: 'TimestampIndex',
  KeyConditionExpression: '#status = :succeeded',
  ExpressionAttributeNames: { '#status': 'status' },
  ExpressionAttributeValues: { ':succeeded': { S: 'SUCCEEDED' } },
});
const published = Match.objectLike({
  file_name: { S: Match.stringLikeRegexp('^integ\\.(csv|json)$') },
  records_read: { N: '3' },
  records_written: { N: '2' },
  records_filtered: { N: '1' },
  records_rejected: { N: '0' },
});
const succeeded = jobs.expect(ExpectedResult.objectLike({ Items: [published, published] }))
  .waitForAssertions({ totalTimeout: Duration.minutes(5), interval: Duration.seconds(10) });

const partitions = integ.assertions.awsApiCall('Glue', 'getPartitions', { DatabaseName: stack.catalog.databaseName, TableName: stack.catalog.tableName });
partitions.expect(ExpectedResult.objectLike({ Partitions: [Match.objectLike({}), Match.objectLike({})] }))
  .waitForAssertions({ totalTimeout: Duration.minutes(5), interval: Duration.seconds(10) });

uploads.next(succeeded).next(partitions);
