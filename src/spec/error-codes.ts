/** Every code that a record, a file or a job can fail with; docs/error-codes.md says what each means and what to do. */

/** Why one record was rejected. */
export const REJECT_CODES = ['field_count', 'quote', 'encoding', 'record_size', 'type', 'required', 'constraint', 'unique', 'transform'] as const;
export type RejectCode = (typeof REJECT_CODES)[number];
/** Stands for the column in counts of rejects where no single field is to blame. */
export const WHOLE_RECORD = '(whole record)';

/** Why a file cannot be processed at all. A verdict on the data: to try again would change nothing. */
export const FILE_ERROR_CODES = [
  'empty_file', 'not_text', 'header_mismatch', 'line_terminator', 'bad_gzip', 'bad_zstd', 'bad_zip', 'bad_json', 'too_large',
] as const;
export type FileErrorCode = (typeof FILE_ERROR_CODES)[number];

/** Verdicts on a file that was processed, or that is not the one that landed. */
export const VERDICT_CODES = ['source_changed', 'too_many_rejects', 'nothing_to_publish', 'footer_not_found', 'too_many_duplicates', 'resumed_too_late'] as const;

/** Why a job ended for another reason than its data. It can be resumed. */
export const INTERRUPTION_CODES = ['infrastructure'] as const;
export type InterruptionCode = (typeof INTERRUPTION_CODES)[number];

/** Why a job ended for good of which nobody knows what it would have come to: its file has another one. */
export const LOSS_CODES = ['region_lost'] as const;

/** Why a job failed. */
export type JobErrorCode = FileErrorCode | (typeof VERDICT_CODES)[number] | InterruptionCode | (typeof LOSS_CODES)[number];

/** What ended the job was the file, and not a failure of ours or a resume that came too late. */
export function isDataVerdict(code: JobErrorCode | undefined): boolean {
  return code !== undefined && !isInterruption(code) && code !== 'resumed_too_late';
}

export function isInterruption(code: JobErrorCode | undefined): code is InterruptionCode {
  return (INTERRUPTION_CODES as ReadonlyArray<JobErrorCode | undefined>).includes(code);
}
