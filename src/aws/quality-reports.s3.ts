import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { traced } from './runtime';
import { createS3Client } from './s3-client';
import { QualityReports } from '../ports/quality-reports';

export function s3QualityReports(bucket: string): QualityReports {
  return new S3QualityReports(traced(createS3Client()), bucket);
}

export class S3QualityReports implements QualityReports {
  constructor(private readonly s3: S3Client, private readonly bucket: string) {}

  async* keysAfter(folder: string, key: string): AsyncIterable<string> {
    const pages = paginateListObjectsV2({ client: this.s3 }, { Bucket: this.bucket, Prefix: folder, StartAfter: key });
    for await (const { Contents = [] } of pages) for (const { Key } of Contents) yield Key!;
  }
}
