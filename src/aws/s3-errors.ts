import { S3ServiceException } from '@aws-sdk/client-s3';

/**
 * Whether S3 answered with one of these HTTP statuses. Error names would not do: they differ between operations, since
 * the answer to HeadObject has no body.
 */
export function hasStatus(error: unknown, ...statuses: number[]): error is S3ServiceException {
  return error instanceof S3ServiceException && statuses.includes(error.$metadata.httpStatusCode ?? 0);
}

export function isNoSuchUpload(error: unknown): boolean {
  return error instanceof S3ServiceException && error.name === 'NoSuchUpload';
}

/** S3 expects ETags in quotes; everywhere else we keep them without. */
export const quoted = (etag: string): string => `"${etag}"`;
export const unquoted = (etag: string | undefined): string => (etag ?? '').replace(/^"|"$/g, '');
