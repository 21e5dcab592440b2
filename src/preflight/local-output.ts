import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { KeyPrefixes } from '../contract/job-contract';
import { UploadedPart } from '../contract/job-item';
import { ObjectMetadata, OutputStore } from '../handlers/ports';
import { JobReport } from '../handlers/report';

/** The folder of one job, as the command's help describes it. */
export const LOCAL_PREFIXES: KeyPrefixes = {
  processed: 'processed/',
  failed: 'failed/',
  output: 'output/',
  quarantine: 'quarantine/',
  reports: 'reports/',
  manifests: 'manifests/',
};
const REPORT_FILE = 'report.json';
const PART_FILE = /^part-\d{5,}\.jsonl$/;
const WORK_PREFIX = '.work-';

/**
 * Keys of the pipeline as files of one job: published parts, rejected.csv and report have a place of their own, all else goes to
 * a work folder that ends with the run. An upload is a file there, and to complete it is to rename it.
 */
export class LocalOutputStore implements OutputStore {
  /** Makes the folder, and takes away what an earlier run left in it; files of other names stay. */
  static async open(directory: string): Promise<LocalOutputStore> {
    await mkdir(directory, { recursive: true });
    for (const name of await readdir(directory)) {
      if (name.startsWith(WORK_PREFIX)) await rm(join(directory, name), { recursive: true });
    }
    const store = new LocalOutputStore(directory, await mkdtemp(join(directory, WORK_PREFIX)));
    await store.unpublish();
    await rm(join(directory, 'quarantine', 'rejected.csv'), { force: true });
    await rm(join(directory, REPORT_FILE), { force: true });
    return store;
  }

  private readonly metadataOf = new Map<string, ObjectMetadata>();

  private constructor(private readonly directory: string, private readonly workDirectory: string) {}

  async report(): Promise<JobReport> {
    return JSON.parse(await readFile(join(this.directory, REPORT_FILE), 'utf8')) as JobReport;
  }

  async getJson<T>(key: string): Promise<T> {
    return JSON.parse(await readFile(this.fileOf(key), 'utf8')) as T;
  }

  async put(key: string, body: Uint8Array | string): Promise<void> {
    await this.write(key, body, 'w');
  }

  async putIfAbsent(key: string, body: string): Promise<boolean> {
    try {
      await this.write(key, body, 'wx');
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  read(key: string): AsyncIterable<Uint8Array> {
    return createReadStream(this.fileOf(key));
  }

  async metadata(key: string): Promise<ObjectMetadata | undefined> {
    return this.metadataOf.get(key);
  }

  async openUpload(_key: string, _contentType: string, metadata: ObjectMetadata): Promise<string> {
    const uploadId = randomUUID();
    await writeFile(this.uploadFile(uploadId), '');
    this.metadataOf.set(uploadId, metadata);
    return uploadId;
  }

  /** Parts come in their order, one at a time. */
  async uploadPart(_key: string, uploadId: string, number: number, body: Uint8Array): Promise<UploadedPart> {
    await appendFile(this.uploadFile(uploadId), body);
    return { number, etag: `${uploadId}-${number}`, size: body.length };
  }

  async completeUpload(key: string, uploadId: string): Promise<boolean> {
    const metadata = this.metadataOf.get(uploadId);
    if (metadata === undefined) return false;
    const file = this.fileOf(key);
    await mkdir(dirname(file), { recursive: true });
    await rename(this.uploadFile(uploadId), file);
    this.metadataOf.delete(uploadId);
    this.metadataOf.set(key, metadata);
    return true;
  }

  async abortUpload(_key: string, uploadId: string): Promise<void> {
    if (this.metadataOf.delete(uploadId)) await rm(this.uploadFile(uploadId), { force: true });
  }

  /** Takes the part files away. */
  async unpublish(): Promise<void> {
    const output = join(this.directory, 'output');
    const names = await readdir(output).catch((): string[] => []);
    for (const name of names.filter((file) => PART_FILE.test(file))) await rm(join(output, name));
  }

  /** Takes the work files away. */
  async close(): Promise<void> {
    await rm(this.workDirectory, { recursive: true, force: true });
  }

  private async write(key: string, body: Uint8Array | string, flag: 'w' | 'wx'): Promise<void> {
    const file = this.fileOf(key);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, body, { flag });
  }

  private uploadFile(uploadId: string): string {
    return join(this.workDirectory, `upload-${uploadId}`);
  }

  private fileOf(key: string): string {
    const name = basename(key);
    if (key.startsWith(LOCAL_PREFIXES.output) && PART_FILE.test(name)) return join(this.directory, 'output', name);
    if (key.startsWith(LOCAL_PREFIXES.quarantine)) return join(this.directory, 'quarantine', name);
    if (key.startsWith(LOCAL_PREFIXES.reports)) return join(this.directory, REPORT_FILE);
    return join(this.workDirectory, key);
  }
}
