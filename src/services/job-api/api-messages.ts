/** A request to the API and its answer, as HTTP has them. */
import { API_ERRORS, ApiErrorCode } from '../../contract/api-routes';
import { JobItem } from '../../contract/job-item';

export interface ApiRequest {
  readonly method: string;
  /** With its parameters by name: `/status/{jobId}`. */
  readonly path: string;
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  /** Each with all the values that it was given. */
  readonly queryParameters: Readonly<Record<string, readonly string[] | undefined>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  /** By which whoever asked can be told of in the logs. */
  readonly requestId: string;
}

export interface ApiResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The job as an answer shows it that refuses something because of the job's state. */
export interface JobState {
  readonly jobId: string;
  readonly status: JobItem['status'];
  readonly run: number;
  /** Of a failed job. */
  readonly resumable?: boolean;
}

export interface FaultDetails {
  /** What of the request is wrong: the name of a parameter, a property of the body, a header, or `body`. */
  readonly field?: string;
  readonly job?: JobItem;
}

/** A request that is not carried out. The message says what was expected, what came, and what to do. */
export class ApiFault extends Error {
  constructor(readonly code: ApiErrorCode, message: string, private readonly details: FaultDetails = {}) {
    super(message);
    this.name = 'ApiFault';
  }

  response(requestId: string): ApiResponse {
    const { field, job } = this.details;
    return json(API_ERRORS[this.code], { error: { code: this.code, message: this.message, field, job: job && stateOf(job), requestId } });
  }
}

/** For what is wrong with the request itself. */
export function invalid(field: string, message: string): ApiFault {
  return new ApiFault('invalid_request', message, { field });
}

function stateOf({ file_id: jobId, status, run, resumable }: JobItem): JobState {
  return { jobId, status, run, resumable: status === 'FAILED' ? resumable === true : undefined };
}

/** Jobs change, and links are for whoever asked: nobody on the way keeps an answer. */
const HEADERS = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };

export function json(statusCode: number, body: object | string, headers: Readonly<Record<string, string>> = {}): ApiResponse {
  return { statusCode, headers: { ...HEADERS, ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) };
}
