/**
 * StatusApi in a real account: `npx projen integ` deploys it, uploads a file, waits for the job, asks the API, makes the
 * nightly check, and deletes all. The account needs the role of API Gateway's logs (docs/job-api.md). Without an account
 * the committed snapshot is compared (`npx projen integ:snapshot`, `integ:snapshot:update` makes it new).
 */
import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, Names } from 'aws-cdk-lib';
import { CfnVersion } from 'aws-cdk-lib/aws-lambda';
import { StatusApiStack } from '../examples/status-api/status-api-stack';

const app = new App({
  treeMetadata: false,
  // Snapshots would hold the paths of the machine that made them.
  postCliContext: { 'aws:cdk:disable-creation-stack-traces': true },
});
const stack = new StatusApiStack(app, 'StatusApi-integ', { environmentSuffix: 'integ' });
// A version's logical id holds a hash of the code: every change of a handler would change the snapshot.
for (const version of stack.node.findAll().filter((node) => node instanceof CfnVersion)) {
  version.overrideLogicalId(Names.uniqueId(version));
}
const integ = new IntegTest(app, 'StatusApi', { testCases: [stack], regions: ['us-east-1'] });

const FILE = [
  'payment_id,account_id,paid_at,amount,currency,channel',
  'p-1,a-1,2026-11-28 10:00:00,12.5,EUR,web',
  'p-2,a-2,11/28/2026 09:05,-3,USD,branch',
  'p-3,a-1,2026-11-28T23:59:59Z,0.10,EUR,',
  '',
].join('\n');
const { sourceBucket, jobTable, outputBucket } = stack.pipeline;

const upload = integ.assertions.awsApiCall('S3', 'putObject', { Bucket: sourceBucket.bucketName, Key: 'incoming/integ.csv', Body: FILE });

// The job's id holds the object's version; the index finds the job by how it ended.
const job = integ.assertions.awsApiCall('DynamoDB', 'query', {
  TableName: jobTable.tableName,
  IndexName: 'TimestampIndex',
  KeyConditionExpression: '#status = :succeeded',
  ExpressionAttributeNames: { '#status': 'status' },
  ExpressionAttributeValues: { ':succeeded': { S: 'SUCCEEDED' } },
});
job.expect(ExpectedResult.objectLike({
  Items: Match.arrayWith([Match.objectLike({ file_name: { S: 'integ.csv' }, records_read: { N: '3' }, records_written: { N: '3' } })]),
})).waitForAssertions({ totalTimeout: Duration.minutes(5), interval: Duration.seconds(10) });

// Who does not sign is told so, in the API's own form.
const unsigned = integ.assertions.httpApiCall(`${stack.api.url}jobs`);
unsigned.expect(ExpectedResult.objectLike({ status: 403, body: Match.objectLike({ error: Match.objectLike({ code: 'access_denied' }) }) }));

const check = integ.assertions.invokeFunction({ functionName: stack.qualityCheck.functions.QualityCheck.functionName, payload: '{}' });
const report = integ.assertions.awsApiCall('S3', 'listObjectsV2', { Bucket: outputBucket.bucketName, Prefix: 'reports/quality-check/' });
// IAM calls it by another name than the SDK.
report.provider.addToRolePolicy({ Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [outputBucket.bucketArn] });
report.expect(ExpectedResult.objectLike({ KeyCount: 1 }));

upload.next(job).next(unsigned).next(check).next(report);
