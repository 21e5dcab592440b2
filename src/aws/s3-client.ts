import { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';

/** In milliseconds. Without them a silent connection would block a worker until its Lambda function times out. */
const TIMEOUTS = { connectionTimeout: 5_000, socketTimeout: 30_000 };

export function createS3Client(config: S3ClientConfig = {}): S3Client {
  return new S3Client({ requestHandler: TIMEOUTS, ...config });
}
