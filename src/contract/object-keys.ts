import { KeyPrefixes } from './job-contract';

/** Where each object of a job lies. Prefixes end with `/`. */
export class ObjectKeys {
  constructor(private readonly prefixes: KeyPrefixes, private readonly fileId: string) {}

  contract(): string {
    return `${this.prefixes.manifests}${this.fileId}/contract.json`;
  }

  /** Round 0 is the plan; each repair round has a manifest of its own. A run above 1 (a resume) too. */
  manifest(run: number, round: number): string {
    return `${this.prefixes.manifests}${this.fileId}/manifest-${run}-${round}.json`;
  }

  commit(): string {
    return `${this.prefixes.manifests}${this.fileId}/commit.json`;
  }

  rejectShard(chunkId: string, attempt: number): string {
    return `${this.prefixes.manifests}${this.fileId}/rejects/${chunkId}-${attempt}.jsonl`;
  }

  outputPrefix(ingestDate: string): string {
    return `${this.prefixes.output}ingest_date=${ingestDate}/file_id=${this.fileId}/`;
  }

  part(ingestDate: string, chunkIndex: number): string {
    return `${this.outputPrefix(ingestDate)}part-${String(chunkIndex).padStart(5, '0')}.jsonl`;
  }

  /** Written last: a reader that starts here never sees part of a file. */
  publishedManifest(ingestDate: string): string {
    return `${this.outputPrefix(ingestDate)}_manifest.json`;
  }

  rejected(): string {
    return `${this.prefixes.quarantine}file_id=${this.fileId}/rejected.csv`;
  }

  report(): string {
    return `${this.prefixes.reports}file_id=${this.fileId}.json`;
  }

  processed(fileName: string): string {
    return `${this.prefixes.processed}${this.fileId}/${fileName}`;
  }

  failed(fileName: string): string {
    return `${this.prefixes.failed}${this.fileId}/${fileName}`;
  }

  /** Beside the file that did not pass: why. */
  failedReport(fileName: string): string {
    return `${this.failed(fileName)}.report.json`;
  }
}
