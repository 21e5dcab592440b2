/**
 * TapStack in a real account: `npx projen integ` deploys it, uploads a file, waits for the job, and deletes all.
 * Without an account the committed snapshot is compared (`npx projen integ:snapshot`, `integ:snapshot:update` makes it
 * new).
 */
import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, Names } from 'aws-cdk-lib';
import { CfnVersion } from 'aws-cdk-lib/aws-lambda';
import { TapStack } from '../examples/tap-stack/tap-stack';

const app = new App({
  treeMetadata: false,
  // Snapshots would hold the paths of the machine that made them.
  postCliContext: { 'aws:cdk:disable-creation-stack-traces': true },
});
const stack = new TapStack(app, 'TapStack-integ', { environmentSuffix: 'integ' });
// A version's logical id holds a hash of the code: every change of a handler would change the snapshot.
for (const version of stack.node.findAll().filter((node) => node instanceof CfnVersion)) {
  version.overrideLogicalId(Names.uniqueId(version));
}
const integ = new IntegTest(app, 'TapStack', { testCases: [stack], regions: ['us-east-1'] });

const FILE = [
  'transaction_id,account_id,transaction_date,amount,currency,merchant,category',
  't-1,a-1,2024-02-03T04:05:06Z,10.5,EUR,"Corner shop, Berlin",food',
  't-2,a-1,02/03/2024 04:05,-3,USD,"quoted ""text"" and a\nnewline",travel',
  't-3,a-2,2024-02-03 04:05:06,7.25,EUR,Kiosk,',
  '',
].join('\n');

const upload = integ.assertions.awsApiCall('S3', 'putObject', {
  Bucket: stack.pipeline.sourceBucket.bucketName,
  Key: 'incoming/integ.csv',
  Body: FILE,
});

// The job's id holds the object's version; the index finds the job by how it ended.
const job = integ.assertions.awsApiCall('DynamoDB', 'query', {
  TableName: stack.pipeline.jobTable.tableName,
  IndexName: 'TimestampIndex',
  KeyConditionExpression: '#status = :succeeded',
  ExpressionAttributeNames: { '#status': 'status' },
  ExpressionAttributeValues: { ':succeeded': { S: 'SUCCEEDED' } },
});
upload.next(job);

job.expect(ExpectedResult.objectLike({
  Items: Match.arrayWith([Match.objectLike({
    file_name: { S: 'integ.csv' },
    records_read: { N: '3' },
    records_written: { N: '3' },
    records_rejected: { N: '0' },
  })]),
})).waitForAssertions({ totalTimeout: Duration.minutes(5), interval: Duration.seconds(10) });
