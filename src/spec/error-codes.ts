/** Every code that a record, a file or a job can fail with; docs/error-codes.md says what each means and what to do. */

/** Why one record was rejected. */
export const REJECT_CODES = ['field_count', 'quote', 'encoding', 'record_size', 'type', 'required', 'constraint', 'unique', 'transform'] as const;
export type RejectCode = (typeof REJECT_CODES)[number];
/** Stands for the column in counts of rejects where no single field is to blame. */
export const WHOLE_RECORD = '(whole record)';
/** Stands, in the job table, for the columns that an item has no room for. */
export const OTHER_COLUMNS = '(other columns)';

/** Why a file cannot be processed at all. A verdict on the data: to try again would change nothing. */
export const FILE_ERROR_CODES = [
  'empty_file', 'not_text', 'header_mismatch', 'line_terminator', 'bad_gzip', 'bad_zstd', 'bad_zip', 'bad_json', 'too_large',
] as const;
export type FileErrorCode = (typeof FILE_ERROR_CODES)[number];

/** Verdicts on a file that was processed, or that is not the one that landed. */
export const VERDICT_CODES = ['source_changed', 'too_many_rejects', 'nothing_to_publish', 'footer_not_found', 'too_many_duplicates'] as const;

/** Why a job ended for another reason than its data. */
export const INTERRUPTION_CODES = ['infrastructure', 'resumed_too_late'] as const;

/** Why a job ended of which nobody knows what it came to: its file has another one. */
export const LOSS_CODES = ['region_lost'] as const;

/** Why a job failed. */
export type JobErrorCode = FileErrorCode | (typeof VERDICT_CODES)[number] | (typeof INTERRUPTION_CODES)[number] | (typeof LOSS_CODES)[number];

/**
 * Of what kind a failure is. `DATA`: a verdict on the file, which a new start would come to again. `INFRASTRUCTURE`: the
 * job was interrupted, and the data is not to blame. `LOST`: it is not known what the job came to, and its file has
 * another one.
 */
export type FailureKind = 'DATA' | 'INFRASTRUCTURE' | 'LOST';

/**
 * What is to be done about it. `CORRECT` the file and send it again, or what it was checked by and rerun the job;
 * `SEND_AGAIN`, because the file is gone; `RESUME` the job; `RERUN` it; `NOTHING`.
 */
export type Remedy = 'CORRECT' | 'SEND_AGAIN' | 'RESUME' | 'RERUN' | 'NOTHING';

export interface JobFailure {
  readonly kind: FailureKind;
  readonly remedy: Remedy;
}

const REFUSED: JobFailure = { kind: 'DATA', remedy: 'CORRECT' };
const INTERRUPTED: JobFailure = { kind: 'INFRASTRUCTURE', remedy: 'RESUME' };

/** What each code is to whoever hears of it: the metrics, the messages, the e-mail, the API, the operator's commands. */
export const JOB_FAILURES: Readonly<Record<JobErrorCode, JobFailure>> = {
  empty_file: REFUSED,
  not_text: REFUSED,
  header_mismatch: REFUSED,
  line_terminator: REFUSED,
  bad_gzip: REFUSED,
  bad_zstd: REFUSED,
  bad_zip: REFUSED,
  bad_json: REFUSED,
  too_large: REFUSED,
  source_changed: { kind: 'DATA', remedy: 'SEND_AGAIN' },
  too_many_rejects: REFUSED,
  nothing_to_publish: REFUSED,
  footer_not_found: REFUSED,
  too_many_duplicates: REFUSED,
  infrastructure: INTERRUPTED,
  resumed_too_late: { kind: 'INFRASTRUCTURE', remedy: 'RERUN' },
  region_lost: { kind: 'LOST', remedy: 'NOTHING' },
};

/** Of a job that failed. While it can be resumed its verdict is none yet: a failure of ours kept it from being carried out. */
export function failureOf({ error_code: code, resumable }: { readonly error_code?: JobErrorCode; readonly resumable?: boolean }): JobFailure {
  return code === undefined || resumable === true ? INTERRUPTED : JOB_FAILURES[code];
}
