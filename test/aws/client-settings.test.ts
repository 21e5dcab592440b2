import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CLIENT_SETTINGS, OBSERVER_SETTINGS } from '../../src/aws/client-settings';
import { createS3Client } from '../../src/aws/s3-client';

test('clients try ten times, and keep to it whatever the environment says', async () => {
  process.env.AWS_MAX_ATTEMPTS = '2';
  try {
    expect(await createS3Client({ region: 'eu-west-1' }).config.maxAttempts()).toBe(10);
    expect(await new DynamoDBClient({ ...CLIENT_SETTINGS, region: 'eu-west-1' }).config.maxAttempts()).toBe(10);
  } finally {
    delete process.env.AWS_MAX_ATTEMPTS;
  }
});

test('whoever hears of a job\'s end and does not answer is given up on within 40 seconds, before the shortest function ends', () => {
  const { maxAttempts, requestHandler: { connectionTimeout, socketTimeout } } = OBSERVER_SETTINGS;
  // Between the attempts the SDK waits for at most 1, 2, 4 … seconds.
  const waits = (2 ** (maxAttempts - 1) - 1) * 1000;
  expect(maxAttempts * (connectionTimeout + socketTimeout) + waits).toBeLessThanOrEqual(40_000);
});
