import * as fs from 'node:fs';
import * as path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';

/** A copy of a job's results on the disk, under their keys: the emulator's bucket is gone when it stops. */
export class Results {
  /** @param directory emptied first */
  constructor(private readonly s3: S3Client, readonly bucket: string, readonly directory: string) {
    fs.rmSync(directory, { recursive: true, force: true });
  }

  /** @returns the object's text */
  async save(key: string): Promise<string> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    const content = await buffer(Body as NodeJS.ReadableStream);
    const file = path.join(this.directory, key);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
    return content.toString();
  }

  /** @returns the keys */
  async saveAll(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const page of paginateListObjectsV2({ client: this.s3 }, { Bucket: this.bucket, Prefix: prefix })) {
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key!));
    }
    for (const key of keys) await this.save(key);
    return keys;
  }
}
