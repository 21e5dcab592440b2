import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CLIENT_SETTINGS } from '../../src/aws/client-settings';
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
