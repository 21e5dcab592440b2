/**
 * Which objects of the source bucket are files of the pipeline, and how S3 announces them: what event rules, StartJobs, the
 * sweep and JobApi agree on.
 */
import { Env, FILE_KEYS_ENV } from './env';
import { ObjectIdentity } from './file-id';
import { ObjectCreatedEvent } from './payloads';

/** `any`: a suffix in upper, lower or mixed case; `exact`: as it is written. */
export const SUFFIX_CASES = ['any', 'exact'] as const;
export type SuffixCaseName = (typeof SUFFIX_CASES)[number];

/** How files come in: see `Intake`. */
export const INTAKES = ['events', 'queue', 'manual'] as const;
export type IntakeName = (typeof INTAKES)[number];

export interface FileKeys {
  readonly sourceBucket: string;
  readonly incomingPrefix: string;
  /** Empty: every file. With `any`, in lower case. */
  readonly fileSuffixes: readonly string[];
  readonly suffixCase: SuffixCaseName;
}

export function isFileKey(key: string, { incomingPrefix, fileSuffixes, suffixCase }: FileKeys): boolean {
  const spelled = suffixCase === 'any' ? key.toLowerCase() : key;
  return key.startsWith(incomingPrefix) && (fileSuffixes.length === 0 || fileSuffixes.some((suffix) => spelled.endsWith(suffix)));
}

/** S3's own: consoles make a folder by an empty object of this name. */
export function isFolder({ key }: { readonly key: string }): boolean {
  return key.endsWith('/');
}

/** Whether an object of this key starts a job when it lands. */
export function startsJob(key: string, keys: FileKeys): boolean {
  return isFileKey(key, keys) && !isFolder({ key });
}

/** As S3 would announce the object. */
export function createdEvent(
  { bucket, key, sizeBytes, etag, versionId, lastModified }: ObjectIdentity & { readonly bucket: string; readonly sizeBytes: number },
): ObjectCreatedEvent {
  const version = versionId === undefined ? {} : { 'version-id': versionId };
  return { time: lastModified, detail: { bucket: { name: bucket }, object: { key, size: sizeBytes, etag, ...version } } };
}

/** As the environment has them. */
export function fileKeysOf(env: Env<typeof FILE_KEYS_ENV>): FileKeys {
  return {
    sourceBucket: env.SOURCE_BUCKET_NAME,
    incomingPrefix: env.INCOMING_PREFIX,
    fileSuffixes: JSON.parse(env.FILE_SUFFIXES) as string[],
    suffixCase: env.SUFFIX_CASE as SuffixCaseName,
  };
}

export function fileKeysEnv({ sourceBucket, incomingPrefix, fileSuffixes, suffixCase }: FileKeys): Env<typeof FILE_KEYS_ENV> {
  return { SOURCE_BUCKET_NAME: sourceBucket, INCOMING_PREFIX: incomingPrefix, FILE_SUFFIXES: JSON.stringify(fileSuffixes), SUFFIX_CASE: suffixCase };
}
