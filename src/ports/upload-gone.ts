/** An upload is not open any more: it was completed or aborted, by whomever. */
export class UploadGoneError extends Error {
  constructor(key: string) {
    super(`expected the upload of ${key} to be open until it is completed, got none: somebody has completed or aborted it`);
    this.name = 'UploadGoneError';
  }
}
