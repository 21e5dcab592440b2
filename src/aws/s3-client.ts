import { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { CLIENT_SETTINGS } from './client-settings';

export function createS3Client(config: S3ClientConfig = {}): S3Client {
  return new S3Client({ ...CLIENT_SETTINGS, ...config });
}
