import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pinFile } from './local-source';
import { JobPrefixes } from '../contract/job-contract';
import { UploadedPart } from '../contract/job-item';
import { ByteSource } from '../engine/io/byte-source';
import { partSuffixes } from '../engine/output/part-formats';
import { ObjectAttributes, ObjectMetadata, OutputStore } from '../ports/output';
import { PinnedObject } from '../ports/source';
import { visibleDocument } from '../spec/visible-text';
import { JobReport } from '../steps/report';

/** The folder of one job, as the command's help describes it. */
export const LOCAL_PREFIXES: JobPrefixes = {
  processed: 'processed/',
  failed: 'failed/',
  output: 'output/',
  quarantine: 'quarantine/',
  reports: 'reports/',
  work: 'work/',
};
const REPORT_FILE = 'report.json';
const REJECTED_FILE = 'quarantine/rejected.csv';
const PART_FILE = new RegExp(`^part-\\d{5,}(?:${partSuffixes().map((suffix) => suffix.replaceAll('.', '\\.')).join('|')})$`);
/** Contains the process id of its run, so that the folder of a run that is still at work is not removed. */
const WORK_FOLDER = /^\.csv-chunk-pipeline-work-(\d+)-/;
const workPrefix = (pid: number): string => `.csv-chunk-pipeline-work-${pid}-`;

/** The files that a run replaces or removes, whether they exist or not. */
export async function ownedFiles(directory: string): Promise<string[]> {
  return [...await partFiles(directory), join(directory, REJECTED_FILE), join(directory, REPORT_FILE)];
}

async function partFiles(directory: string): Promise<string[]> {
  const output = join(directory, 'output');
  const names = await readdir(output).catch((): string[] => []);
  return names.filter((name) => PART_FILE.test(name)).map((name) => join(output, name));
}

function isRunning(pid: number): boolean {
  // In a container every run may have the same id, and this run has no folder yet.
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process runs, but belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Stores the objects of one job as files. Published parts, rejected.csv and the report have fixed places; everything
 * else goes to a work folder, which is removed at the end of the run. An upload is a file in the work folder, and
 * completing it renames the file. All state is in files: each thread of a run has its own store over the same folders.
 */
export class LocalOutputStore implements OutputStore {
  /** Creates the folder, and removes what an earlier run left in it. Files of other names stay. */
  static async open(directory: string): Promise<LocalOutputStore> {
    await mkdir(directory, { recursive: true });
    for (const name of await readdir(directory)) {
      const pid = WORK_FOLDER.exec(name)?.[1];
      if (pid !== undefined && !isRunning(Number(pid))) await rm(join(directory, name), { recursive: true });
    }
    const store = new LocalOutputStore({ directory, workDirectory: await mkdtemp(join(directory, workPrefix(process.pid))) });
    for (const file of await ownedFiles(directory)) await rm(file, { force: true });
    return store;
  }

  /** The last write of each upload: parts may be sent at the same time, but are written one after the other. */
  private readonly lastParts = new Map<string, Promise<void>>();

  /** @param folders those of a store that `open` has returned */
  constructor(readonly folders: { readonly directory: string; readonly workDirectory: string }) {}

  get bucketName(): string {
    return this.folders.directory;
  }

  /** Replaces the bucket's keys in the report by paths in this folder. */
  async localizeReport(): Promise<JobReport> {
    const file = join(this.folders.directory, REPORT_FILE);
    const report = JSON.parse(await readFile(file, 'utf8')) as JobReport;
    const localized: JobReport = {
      ...report,
      errorMessage: report.errorMessage?.replaceAll(report.rejectedKey, REJECTED_FILE),
      outputPrefix: report.outputPrefix && 'output/',
      rejectedKey: REJECTED_FILE,
    };
    await writeFile(file, visibleDocument(localized));
    return localized;
  }

  async getJson<T>(key: string): Promise<T> {
    return JSON.parse(await readFile(this.fileOf(key), 'utf8')) as T;
  }

  async put(key: string, body: Uint8Array | string): Promise<void> {
    const file = this.fileOf(key);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, body);
  }

  read(key: string): AsyncIterable<Uint8Array> {
    return createReadStream(this.fileOf(key));
  }

  /** The key is the file's path, as `LocalSourceStore` expects it. */
  async pin(key: string): Promise<PinnedObject> {
    return pinFile('local', this.fileOf(key));
  }

  ranges(key: string, sizeBytes: number): ByteSource {
    return { size: sizeBytes, read: async (start, end) => readRange(this.fileOf(key), start, end) };
  }

  async metadata(key: string): Promise<ObjectMetadata | undefined> {
    return readMetadata(this.metadataFile(key));
  }

  async openUpload(_key: string, { metadata = {} }: ObjectAttributes): Promise<string> {
    const uploadId = randomUUID();
    await writeFile(this.uploadFile(uploadId), '');
    await this.put(this.uploadMetadataKey(uploadId), JSON.stringify(metadata));
    return uploadId;
  }

  /** Appends the part: parts must be sent in order. */
  async uploadPart(_key: string, uploadId: string, number: number, body: Uint8Array): Promise<UploadedPart> {
    const written = (this.lastParts.get(uploadId) ?? Promise.resolve()).then(async () => appendFile(this.uploadFile(uploadId), body));
    this.lastParts.set(uploadId, written);
    await written;
    return { number, etag: `${uploadId}-${number}`, size: body.length };
  }

  async completeUpload(key: string, uploadId: string): Promise<boolean> {
    const metadata = await readMetadata(this.fileOf(this.uploadMetadataKey(uploadId)));
    if (metadata === undefined) return false;
    const file = this.fileOf(key);
    await mkdir(dirname(file), { recursive: true });
    await rename(this.uploadFile(uploadId), file);
    await mkdir(dirname(this.metadataFile(key)), { recursive: true });
    await rename(this.fileOf(this.uploadMetadataKey(uploadId)), this.metadataFile(key));
    return true;
  }

  async abortUpload(_key: string, uploadId: string): Promise<void> {
    await rm(this.uploadFile(uploadId), { force: true });
    await rm(this.fileOf(this.uploadMetadataKey(uploadId)), { force: true });
  }

  /** Removes the part files. */
  async unpublish(): Promise<void> {
    for (const file of await partFiles(this.folders.directory)) await rm(file);
  }

  /** Removes the work files. */
  async close(): Promise<void> {
    await rm(this.folders.workDirectory, { recursive: true, force: true });
  }

  private uploadFile(uploadId: string): string {
    return join(this.folders.workDirectory, `upload-${uploadId}`);
  }

  private uploadMetadataKey(uploadId: string): string {
    return `uploads/${uploadId}.json`;
  }

  private metadataFile(key: string): string {
    return join(this.folders.workDirectory, 'metadata', `${key}.json`);
  }

  private fileOf(key: string): string {
    const name = basename(key);
    if (key.startsWith(LOCAL_PREFIXES.output) && PART_FILE.test(name)) return join(this.folders.directory, 'output', name);
    if (key.startsWith(LOCAL_PREFIXES.quarantine)) return join(this.folders.directory, 'quarantine', name);
    if (key.startsWith(LOCAL_PREFIXES.reports)) return join(this.folders.directory, REPORT_FILE);
    return join(this.folders.workDirectory, key);
  }
}

/** Opens the file anew for each read, because there may be more files than a process may keep open. */
async function readRange(path: string, start: number, end: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(end - start), 0, end - start, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function readMetadata(file: string): Promise<ObjectMetadata | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : JSON.parse(text) as ObjectMetadata;
}
