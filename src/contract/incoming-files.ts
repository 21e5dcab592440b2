/** Which objects of the source bucket start jobs, and how S3 announces them. */
import { ObjectIdentity } from './file-id';
import { ObjectCreatedEvent } from './payloads';

export interface IncomingFiles {
  readonly sourceBucket: string;
  readonly incomingPrefix: string;
  /** In lower case; empty: every file. */
  readonly fileSuffixes: readonly string[];
}

/** Whether an object of this key starts a job when it lands. */
export function startsJob(key: string, { incomingPrefix, fileSuffixes }: IncomingFiles): boolean {
  const hasSuffix = fileSuffixes.length === 0 || fileSuffixes.some((suffix) => key.toLowerCase().endsWith(suffix));
  return key.startsWith(incomingPrefix) && !isFolder({ key }) && hasSuffix;
}

/** S3's own: consoles make a folder by an empty object of this name. */
export function isFolder({ key }: { readonly key: string }): boolean {
  return key.endsWith('/');
}

/** As S3 would announce the object. */
export function createdEvent(
  { bucket, key, sizeBytes, etag, versionId, lastModified }: ObjectIdentity & { readonly bucket: string; readonly sizeBytes: number },
): ObjectCreatedEvent {
  const version = versionId === undefined ? {} : { 'version-id': versionId };
  return { time: lastModified, detail: { bucket: { name: bucket }, object: { key, size: sizeBytes, etag, ...version } } };
}
