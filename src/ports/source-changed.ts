import { JobErrorCode } from '../spec/error-codes';

/** The object is gone, or another one has taken its place. A verdict on the data: to try again would change nothing. */
export class SourceChangedError extends Error {
  readonly code = 'source_changed' satisfies JobErrorCode;

  /** @param got what is there instead, such as `none: the object is gone` */
  constructor(expected: { readonly key: string; readonly etag: string; readonly versionId?: string }, got: string) {
    const version = expected.versionId === undefined ? '' : ` version ${expected.versionId}`;
    super(`expected object ${expected.key}${version} with ETag ${expected.etag || 'unknown'}, got ${got}`);
    this.name = 'SourceChangedError';
  }
}
