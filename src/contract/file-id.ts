/** By what a job is known: who knows the object knows its job, and asks nobody. */
import { createHash } from 'node:crypto';
import { JobItem } from './job-item';

/** What tells one object from every other that may lie under its key. */
export interface ObjectIdentity {
  readonly key: string;
  /** Undefined in a bucket without versions. */
  readonly versionId?: string;
  readonly etag: string;
  /** ISO 8601. */
  readonly lastModified: string;
}

/** The bucket's name stays out, so that a copy of the bucket in another region knows the same job. */
export function fileIdOf(pipelineId: string, object: ObjectIdentity): string {
  const version = object.versionId !== undefined ? [object.versionId] : [object.etag, object.lastModified];
  return hashOf([pipelineId, object.key, ...version]);
}

/** Each execution that processes a job's file once more makes a job of its own. */
export function rerunIdOf(pipelineId: string, first: Pick<JobItem, 'file_id'>, executionArn: string): string {
  return hashOf([pipelineId, 'rerun', first.file_id, executionArn]);
}

/** Of a job that was lost with its region: however often it is started, one job. */
export function onceAgainIdOf(pipelineId: string, first: Pick<JobItem, 'file_id'>): string {
  return hashOf([pipelineId, 'rerun', first.file_id, 'once']);
}

export function isFileId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

export function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}
