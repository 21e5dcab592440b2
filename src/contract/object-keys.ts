import { JobPrefixes } from './job-contract';

/** S3's limit, in bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;
const REPORT_SUFFIX = '.report.json';

/** What may take FinalizeJob longer than a call: writing `rejected.csv`, merging the keys. */
export type PausedWork = 'quarantine' | 'key-merge';

/** Where each object of a job lies. Prefixes end with `/`. */
export class ObjectKeys {
  /** Beside the file that did not pass: why. @param movedTo where that lies */
  static reportBeside(movedTo: string): string {
    return movedTo + REPORT_SUFFIX;
  }

  /** In the prefix that a job's parts lie under. */
  static publishedManifestIn(outputPrefix: string): string {
    return `${outputPrefix}_manifest.json`;
  }

  /** The job that an object under one of the prefixes is of; undefined: of none. */
  static jobOf(key: string): string | undefined {
    // The last one: a prefix may hold such a text, too.
    return [...key.matchAll(/(?<=^|\/)(?:file_id=)?([0-9a-f]{32})\//g)].at(-1)?.[1];
  }

  constructor(private readonly prefixes: JobPrefixes, private readonly fileId: string) {}

  /** Each try of PlanChunks writes its own: what a later one writes changes no job that is planned. */
  plan(tryId: string): string {
    return `${this.prefixes.work}${this.fileId}/plan-${tryId}.json`;
  }

  /** Round 0 is the plan; each further round has a manifest of its own. A run above 1 (a resume) too. */
  manifest(run: number, round: number, tryId: string): string {
    return `${this.prefixes.work}${this.fileId}/manifest-${run}-${round}-${tryId}.json`;
  }

  /** How far such work is. */
  progress(work: PausedWork, tryId: string): string {
    return `${this.prefixes.work}${this.fileId}/${work}-${tryId}.json`;
  }

  /** The bytes that go with it. */
  progressBytes(work: PausedWork, tryId: string): string {
    return `${this.prefixes.work}${this.fileId}/${work}-${tryId}-bytes`;
  }

  /** The text that a file which cannot be cut in place was made into; each try of PlanChunks makes its own. */
  staged(tryId: string): string {
    return `${this.prefixes.work}${this.fileId}/staged-${tryId}`;
  }

  rejectShard(chunkId: string, attempt: number): string {
    return `${this.prefixes.work}${this.fileId}/rejects/${chunkId}-${attempt}`;
  }

  /** The rejects of a chunk by column, where its item does not name all columns. */
  rejectColumns(chunkId: string, attempt: number): string {
    return `${this.prefixes.work}${this.fileId}/rejects/${chunkId}-${attempt}-columns.json`;
  }

  /** Of the job. */
  rejectColumnsOfJob(tryId: string): string {
    return `${this.prefixes.work}${this.fileId}/columns-${tryId}.json`;
  }

  keyShard(chunkId: string, attempt: number): string {
    return `${this.prefixes.work}${this.fileId}/keys/${chunkId}-${attempt}`;
  }

  /** The same as one run, where all chunks together would have too many of them. */
  mergedKeyShard(chunkId: string, attempt: number): string {
    return `${this.keyShard(chunkId, attempt)}-merged`;
  }

  /** The records of a chunk that are not to be written, found in this run. */
  exclusions(chunkId: string, run: number): string {
    return `${this.prefixes.work}${this.fileId}/exclusions/${chunkId}-${run}`;
  }

  outputPrefix(ingestDate: string): string {
    return `${this.prefixes.output}ingest_date=${ingestDate}/file_id=${this.fileId}/`;
  }

  /** @param suffix of the output's format, with its point */
  part(ingestDate: string, chunkIndex: number, suffix: string): string {
    return `${this.outputPrefix(ingestDate)}part-${String(chunkIndex).padStart(5, '0')}${suffix}`;
  }

  publishedManifest(ingestDate: string): string {
    return ObjectKeys.publishedManifestIn(this.outputPrefix(ingestDate));
  }

  /** @param file from 1: one has no room for more than S3 takes as one object */
  rejected(file = 1): string {
    return `${this.prefixes.quarantine}file_id=${this.fileId}/rejected${file === 1 ? '' : `-${file}`}.csv`;
  }

  /** The files after the first one. */
  furtherRejected(files = 1): string[] {
    return Array.from({ length: files - 1 }, (_, index) => this.rejected(index + 2));
  }

  report(): string {
    return `${this.prefixes.reports}file_id=${this.fileId}.json`;
  }

  processed(fileName: string): string {
    return this.moved(this.prefixes.processed, fileName);
  }

  failed(fileName: string): string {
    return this.moved(this.prefixes.failed, fileName);
  }

  /** A name that was as long as a key may be has no room beside the job's id: it is shortened, its extension stays. */
  private moved(prefix: string, fileName: string): string {
    const folder = `${prefix}${this.fileId}/`;
    return folder + shortened(fileName, MAX_KEY_BYTES - byteLength(folder) - byteLength(REPORT_SUFFIX));
  }
}

const byteLength = (text: string): number => Buffer.byteLength(text);

function shortened(fileName: string, maxBytes: number): string {
  const extension = /\.[^.]{1,20}$/.exec(fileName)?.[0] ?? '';
  const stem = fileName.slice(0, fileName.length - extension.length);
  let kept = '';
  let room = maxBytes - byteLength(extension);
  // By code points: half a character is no key.
  for (const character of stem) {
    room -= byteLength(character);
    if (room < 0) break;
    kept += character;
  }
  return kept + extension;
}
