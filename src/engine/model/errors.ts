import { FileErrorCode } from '../../spec/error-codes';

/** The file cannot be processed at all. A verdict on the data: to try again would change nothing. */
export class FileError extends Error {
  constructor(readonly code: FileErrorCode, message: string) {
    super(message);
    this.name = 'FileError';
  }
}
