import { randomUUID } from 'node:crypto';
import { createReadStream, Dirent, Stats } from 'node:fs';
import { appendFile, lstat, mkdir, open, readdir, readFile, realpath, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { DiskFault, diskFault, isGone } from './disk-fault';
import { claimFolder, ClaimLost, holdsClaim, isClaimed, showLife } from './folder-claim';
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
/** As `localized` writes it: from 2 on. */
const FURTHER_REJECTED_FILE = /^quarantine\/rejected-(?!1\.)[1-9]\d*\.csv$/;
const UPLOAD = 'upload-';
const PART_FILE = new RegExp(`^part-\\d{5,}(?:${partSuffixes().map((suffix) => suffix.replaceAll('.', '\\.')).join('|')})$`);
/** Folders of the results: what is in the work folder is moved there. */
const FOLDERS = ['output', 'quarantine'];

/**
 * The files that a run replaces or removes, whether they exist or not: the report, rejected.csv, its further files that
 * the report names, and the parts. The report first: without it no others count.
 */
export async function ownedFiles(directory: string): Promise<string[]> {
  return [join(directory, REPORT_FILE), join(directory, REJECTED_FILE), ...await furtherRejectedFiles(directory), ...await partFiles(directory)];
}

/** Those that the report of an earlier run names: others of such a name are somebody's own. */
async function furtherRejectedFiles(directory: string): Promise<string[]> {
  const { furtherRejectedKeys: keys } = await reportOf(directory);
  const names: readonly unknown[] = Array.isArray(keys) ? keys : [];
  return names.filter((key): key is string => typeof key === 'string' && FURTHER_REJECTED_FILE.test(key)).map((key) => join(directory, key));
}

/** Of whatever lies in its place: its properties may be any values. */
async function reportOf(directory: string): Promise<{ readonly [name in keyof JobReport]?: unknown }> {
  try {
    return Object(JSON.parse(await readPlainFile(join(directory, REPORT_FILE)))) as object;
  } catch {
    return {};
  }
}

async function partFiles(directory: string): Promise<string[]> {
  const output = join(directory, 'output');
  const names = await readdir(output).catch((error: NodeJS.ErrnoException): string[] => {
    if (isGone(error)) return [];
    throw new DiskFault(`expected ${output} to be a folder whose files can be listed, because those of an earlier run are replaced, got none that can be read (${error.code})`);
  });
  return names.filter((name) => PART_FILE.test(name)).map((name) => join(output, name));
}

/**
 * Stores the objects of one job as files. Published parts, rejected.csv and the report have fixed places; everything
 * else goes to a work folder, which is removed at the end of the run. An upload is a file in the work folder, and
 * completing it renames the file, as every other file comes to its fixed place: whole or not at all. All state is in
 * files: each thread of a run has its own store over the same folders.
 */
export class LocalOutputStore implements OutputStore {
  /**
   * Creates the folder, claims it, and removes what an earlier run left in it: see `ownedFiles`. All others stay.
   * Where a place of the results is none that the run can use, all stays as it is.
   *
   * @param stop once it is aborted the store does nothing more for the steps; its own `stop` is so when the claim is lost, too
   */
  static async open(directory: string, stop: AbortSignal): Promise<LocalOutputStore> {
    await makeFolder(directory);
    const workDirectory = await claimFolder(directory);
    const lost = new AbortController();
    const store = new LocalOutputStore({ directory, workDirectory }, AbortSignal.any([stop, lost.signal]));
    try {
      await checkNesting(directory, workDirectory);
      for (const name of FOLDERS) await checkFolder(workDirectory, join(directory, name));
      for (const file of await ownedFiles(directory)) await checkFile(file);
      await store.removeResults();
    } catch (error) {
      await store.close();
      throw error;
    }
    store.endLife = showLife(workDirectory, () => lost.abort(new ClaimLost(directory)));
    return store;
  }

  /** Further files of rejected records that it has written: no report may name them yet. */
  private readonly furtherRejected = new Set<string>();

  /** Of the thread that has claimed the folder. */
  private endLife: (() => void) | undefined;

  /** The last write of each upload: parts may be sent at the same time, but are written one after the other. */
  private readonly lastParts = new Map<string, Promise<void>>();

  /** @param folders those of a store that `open` has returned */
  constructor(
    readonly folders: { readonly directory: string; readonly workDirectory: string },
    readonly stop: AbortSignal = new AbortController().signal,
  ) {}

  get bucketName(): string {
    return this.folders.directory;
  }

  async report(): Promise<JobReport> {
    const report = JSON.parse(await readFile(join(this.folders.directory, REPORT_FILE), 'utf8')) as JobReport;
    // After it is read: it may be another run's.
    await this.checkClaim();
    return report;
  }

  /** @throws ClaimLost when the folder is not this run's any more */
  async checkClaim(): Promise<void> {
    const { directory, workDirectory } = this.folders;
    if (!await holdsClaim(workDirectory)) throw new ClaimLost(directory);
  }

  async getJson<T>(key: string): Promise<T> {
    this.stop.throwIfAborted();
    return JSON.parse(await readFile(this.fileOf(key), 'utf8')) as T;
  }

  async put(key: string, body: Uint8Array | string): Promise<void> {
    const written = join(this.folders.workDirectory, `put-${randomUUID()}`);
    await this.write(async () => {
      await writeFile(written, key.startsWith(LOCAL_PREFIXES.reports) ? localized(body) : body);
      await this.move(written, this.fileOf(key));
    });
  }

  read(key: string): AsyncIterable<Uint8Array> {
    this.stop.throwIfAborted();
    return createReadStream(this.fileOf(key));
  }

  /** The key is the file's path, as `LocalSourceStore` expects it. */
  async pin(key: string): Promise<PinnedObject> {
    return pinFile('local', this.fileOf(key));
  }

  ranges(key: string, sizeBytes: number): ByteSource {
    return {
      size: sizeBytes,
      read: async (start, end) => {
        this.stop.throwIfAborted();
        return readRange(this.fileOf(key), start, end);
      },
    };
  }

  async metadata(key: string): Promise<ObjectMetadata | undefined> {
    return readMetadata(this.metadataFile(key));
  }

  async openUpload(_key: string, { metadata = {} }: ObjectAttributes): Promise<string> {
    const uploadId = randomUUID();
    await this.write(async () => writeFile(this.uploadFile(uploadId), ''));
    await this.put(this.uploadMetadataKey(uploadId), JSON.stringify(metadata));
    return uploadId;
  }

  /** Appends the part: parts must be sent in order. */
  async uploadPart(_key: string, uploadId: string, number: number, body: Uint8Array): Promise<UploadedPart> {
    const append = async () => appendFile(this.uploadFile(uploadId), body);
    const written = (this.lastParts.get(uploadId) ?? Promise.resolve()).then(async () => this.write(append));
    this.lastParts.set(uploadId, written);
    await written;
    return { number, etag: `${uploadId}-${number}`, size: body.length };
  }

  async completeUpload(key: string, uploadId: string): Promise<boolean> {
    const metadata = await readMetadata(this.fileOf(this.uploadMetadataKey(uploadId)));
    if (metadata === undefined) return false;
    await this.write(async () => {
      await this.move(this.uploadFile(uploadId), this.fileOf(key));
      await this.move(this.fileOf(this.uploadMetadataKey(uploadId)), this.metadataFile(key));
    });
    return true;
  }

  async abortUpload(_key: string, uploadId: string): Promise<void> {
    await rm(this.uploadFile(uploadId), { force: true });
    await rm(this.fileOf(this.uploadMetadataKey(uploadId)), { force: true });
  }

  /** Removes the part files, also those that are not complete: on a full disk there is room for the report then. */
  async unpublish(): Promise<void> {
    const uploads = (await readdir(this.folders.workDirectory).catch((): string[] => [])).filter((name) => name.startsWith(UPLOAD));
    for (const name of uploads) await rm(join(this.folders.workDirectory, name));
    for (const file of await partFiles(this.folders.directory)) await this.removeResult(file);
  }

  /** Removes all results, and their folders where nothing else is in them. What another run has made of a folder that it has taken stays. */
  async removeResults(): Promise<void> {
    for (const file of [...await ownedFiles(this.folders.directory), ...this.furtherRejected]) await this.removeResult(file);
    if (!await holdsClaim(this.folders.workDirectory)) return;
    for (const name of FOLDERS) await rmdir(join(this.folders.directory, name)).catch(() => undefined);
  }

  /** Removes the work files, and with them the claim. */
  async close(): Promise<void> {
    this.endLife?.();
    await rm(this.folders.workDirectory, { recursive: true, force: true });
  }

  private async write(writing: () => Promise<void>): Promise<void> {
    this.stop.throwIfAborted();
    await writing().catch(async (error: NodeJS.ErrnoException) => {
      await this.checkClaim();
      throw new DiskFault(`expected ${this.folders.directory} to take what the run writes, got ${diskFault(error)}`);
    });
  }

  /** Out of the work folder: where that is gone nothing is moved. */
  private async move(from: string, to: string): Promise<void> {
    await makeFolder(dirname(to), this.folders.workDirectory);
    await rename(from, to);
    if (FURTHER_REJECTED_FILE.test(relative(this.folders.directory, to))) this.furtherRejected.add(to);
  }

  /** Into the work folder first, in which it is removed: where that is gone the file is another run's, and stays. */
  private async removeResult(file: string): Promise<void> {
    if (!await checkFile(file)) return;
    const removed = join(this.folders.workDirectory, `removed-${randomUUID()}`);
    await rename(file, removed).catch((error: Error) => {
      if (!isGone(error)) throw new DiskFault(`expected ${file} to be removed, as results before a run's own are, got ${diskFault(error)}: name another folder as --out`);
    });
    await rm(removed, { force: true });
  }

  private uploadFile(uploadId: string): string {
    return join(this.folders.workDirectory, UPLOAD + uploadId);
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

/**
 * Not by the option `recursive`: where a folder takes none in it, as /proc does, that tries for ever.
 *
 * @param claim is never made: made anew it would be a claim to what another run has taken
 */
async function makeFolder(path: string, claim?: string): Promise<void> {
  if (path === claim) return;
  const isMade = await mkdir(path).then(() => true, (error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return true;
    if (error.code !== 'ENOENT' || dirname(path) === path) throw error;
    return false;
  });
  if (isMade) return;
  await makeFolder(dirname(path), claim);
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    // Another thread has made it.
    if (error.code !== 'EEXIST') throw error;
  });
}

/**
 * Checks that files can be moved to a folder that is there: on another file system they can not. A link is none: where
 * it leads another run may work, whose claim is in another folder.
 */
async function checkFolder(workDirectory: string, folder: string): Promise<void> {
  const found = await statsOf(folder);
  if (found === undefined) return;
  if (found.isSymbolicLink()) {
    throw new DiskFault(`expected ${folder} to be a folder of its own, got a link: another run, with another --out, may write to where it leads; `
      + 'make it a folder, or name one as --out that lies where the results are to be');
  }
  const name = `.csv-chunk-pipeline-${randomUUID()}`;
  await writeFile(join(workDirectory, name), '');
  await rename(join(workDirectory, name), join(folder, name)).catch((error: NodeJS.ErrnoException) => {
    throw new DiskFault(`expected ${folder} to be a folder that results can be moved to, got ${diskFault(error)}`);
  });
  await rm(join(folder, name));
}

/**
 * A run's results within those of another are read as one with them. Both have their claims before either looks, so that
 * of two that start at once at least one sees the other.
 */
async function checkNesting(directory: string, workDirectory: string): Promise<void> {
  const whole = await realpath(directory);
  for (let folder = whole; dirname(folder) !== folder; folder = dirname(folder)) {
    if (!FOLDERS.includes(basename(folder)) || !await hasRun(dirname(folder), workDirectory)) continue;
    throw new DiskFault(`expected --out to name a folder that lies in no results of another run, got ${directory}, which lies in ${folder}: name another folder`);
  }
  for (const name of FOLDERS) {
    for await (const folder of foldersIn(join(whole, name))) {
      if (!await hasRun(folder, workDirectory)) continue;
      throw new DiskFault(`expected ${join(whole, name)} to be for the results of one run, got those of another, whose --out is ${folder}: name another folder as --out`);
    }
  }
}

/** The folder itself, and all below it; through no links. */
async function* foldersIn(folder: string): AsyncGenerator<string> {
  yield folder;
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
  for (const entry of entries) if (entry.isDirectory()) yield* foldersIn(join(folder, entry.name));
}

/** Whether a folder is a run's `--out`: a report may be any other program's, too. */
async function hasRun(directory: string, workDirectory: string): Promise<boolean> {
  return (await reportOf(directory)).rejectedKey === REJECTED_FILE || isClaimed(directory, workDirectory);
}

/**
 * What is no plain file was made by no run.
 *
 * @returns whether it is there
 */
async function checkFile(file: string): Promise<boolean> {
  const found = await statsOf(file);
  if (found === undefined || found.isFile()) return found !== undefined;
  throw new DiskFault(`expected ${file} to be a file, which the run replaces, or nothing, got ${kindOf(found)}: move it away, or name another folder as --out`);
}

/** Not a pipe, which might never end. */
async function readPlainFile(path: string): Promise<string> {
  return (await statsOf(path))?.isFile() === true ? readFile(path, 'utf8') : '';
}

async function statsOf(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((error: Error) => {
    if (isGone(error)) return undefined;
    throw error;
  });
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a folder';
  if (found.isSymbolicLink()) return 'a link';
  if (found.isFIFO()) return 'a named pipe';
  return found.isSocket() ? 'a socket' : 'a device';
}

/** The report with paths in its folder in place of the bucket's keys. */
function localized(json: Uint8Array | string): string {
  const report = JSON.parse(json.toString()) as JobReport;
  return visibleDocument({
    ...report,
    errorMessage: report.errorMessage?.replaceAll(report.rejectedKey, REJECTED_FILE),
    outputPrefix: report.outputPrefix && 'output/',
    rejectedKey: REJECTED_FILE,
    furtherRejectedKeys: report.furtherRejectedKeys?.map((key) => join(dirname(REJECTED_FILE), basename(key))),
  } satisfies JobReport);
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
