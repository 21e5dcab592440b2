/** Why one record was rejected. */
export type RejectCode = 'field_count' | 'quote' | 'encoding' | 'record_size' | 'type' | 'required' | 'constraint' | 'unique' | 'transform';

/** Why a file cannot be processed at all. A verdict on the data: to try again would change nothing. */
export type FileErrorCode = 'empty_file' | 'not_text' | 'header_mismatch' | 'bad_gzip' | 'bad_json' | 'too_large';

export class FileError extends Error {
  constructor(readonly code: FileErrorCode, message: string) {
    super(message);
    this.name = 'FileError';
  }
}
