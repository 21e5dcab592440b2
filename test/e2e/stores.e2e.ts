/** The real clients of S3, by the suites that the memory stores of the simulation pass. */
import { buffer } from 'node:stream/consumers';
import {
  BucketVersioningStatus, CreateBucketCommand, DeleteObjectCommand, GetObjectCommand, NoSuchKey, PutBucketVersioningCommand, PutObjectCommand,
} from '@aws-sdk/client-s3';
import { Deployment } from './global-setup';
import { S3OutputStore } from '../../src/aws/output-store.s3';
import { createS3Client } from '../../src/aws/s3-client';
import { S3SourceMover } from '../../src/aws/source-mover.s3';
import { S3SourceStore } from '../../src/aws/source-store.s3';
import { Difference } from '../ports/differences';
import { Landing } from '../ports/landing';
import { describeOutputStore } from '../ports/output-store-contract';
import { describeSourceMover } from '../ports/source-mover-contract';
import { describeSourceStore } from '../ports/source-store-contract';

const EMULATOR: readonly Difference[] = ['completesForEver', 'takesSmallParts', 'cannotLock', 'repeatsAtPageEnd', 'ignoresRangeOfVersion'];

const { clientConfig } = JSON.parse(process.env.E2E_DEPLOYMENT!) as Deployment;
const s3 = createS3Client({ ...clientConfig, forcePathStyle: true });

afterAll(() => s3.destroy());

function landingIn(bucket: string, isVersioned: boolean): Landing {
  const source = new S3SourceStore(s3);
  return {
    bucket,
    isVersioned,
    source,
    mover: new S3SourceMover(s3),
    put: async (key, body, { contentType, metadata } = {}) => {
      const { VersionId } = await s3.send(new PutObjectCommand({
        Bucket: bucket, Key: key, Body: Buffer.from(body), ContentType: contentType, Metadata: { ...metadata },
      }));
      const { foundVersion: _, ...pin } = (await source.head({ bucket, key }))!;
      return { ...pin, versionId: isVersioned ? VersionId : undefined };
    },
    remove: async (key) => { await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })); },
    read: async (key) => {
      try {
        const { Body, ContentType: contentType, Metadata: metadata } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return { body: await buffer(Body as NodeJS.ReadableStream), attributes: { contentType, metadata } };
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
  };
}

describe.each<[string, readonly BucketVersioningStatus[]]>([
  ['unversioned', []],
  ['versioned', ['Enabled']],
  ['suspended', ['Enabled', 'Suspended']],
])('%s', (versioning, statuses) => {
  const bucket = `stores-${versioning}`;
  const store = `S3, ${versioning}`;
  beforeAll(async () => {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    for (const Status of statuses) await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status } }));
  });
  describeOutputStore(store, async () => ({ output: new S3OutputStore(s3, bucket) }), EMULATOR);
  describeSourceStore(store, async () => landingIn(bucket, versioning === 'versioned'), EMULATOR);
  describeSourceMover(store, async () => landingIn(bucket, versioning === 'versioned'), EMULATOR);
});
