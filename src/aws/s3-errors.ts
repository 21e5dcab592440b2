import { S3ServiceException } from '@aws-sdk/client-s3';

/** Whether S3 answered with one of these HTTP statuses. (Its error names differ between operations: HeadObject has no body.) */
export function hasStatus(error: unknown, ...statuses: number[]): error is S3ServiceException {
  return error instanceof S3ServiceException && statuses.includes(error.$metadata.httpStatusCode ?? 0);
}

export function isNoSuchUpload(error: unknown): boolean {
  return error instanceof S3ServiceException && error.name === 'NoSuchUpload';
}

/** S3 wants ETags in quotes, everybody else without. */
export const quoted = (etag: string): string => `"${etag}"`;
export const unquoted = (etag: string | undefined): string => (etag ?? '').replace(/^"|"$/g, '');
