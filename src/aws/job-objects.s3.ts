import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { hasStatus } from './s3-errors';
import { headOf } from './s3-head';
import { JobObjects } from '../ports/job-objects';

export class S3JobObjects implements JobObjects {
  constructor(private readonly s3: S3Client, private readonly bucket: string) {}

  async text(key: string): Promise<string | undefined> {
    try {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
      return await Body?.transformToString();
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
  }

  async has(key: string): Promise<boolean> {
    return await headOf(this.s3, { bucket: this.bucket, key }) !== undefined;
  }

  async link(key: string, seconds: number): Promise<string> {
    return getSignedUrl(this.s3, new GetObjectCommand({ Bucket: this.bucket, Key: key }), { expiresIn: seconds });
  }
}
