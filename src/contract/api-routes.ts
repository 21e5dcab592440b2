/** What the JobApi's construct and its function must agree on: routes, and the codes of errors. */

export interface ApiRoute {
  readonly method: 'GET' | 'POST';
  /** As API Gateway has it: `/status/{jobId}`. */
  readonly path: string;
  /** That may stand behind the path. */
  readonly query?: readonly string[];
  /** That it looks at. */
  readonly headers?: readonly string[];
}

export const IDEMPOTENCY_HEADER = 'Idempotency-Key';

export const JOB_API_ROUTES = {
  status: { method: 'GET', path: '/status/{jobId}' },
  jobs: { method: 'GET', path: '/jobs', query: ['status', 'from', 'to', 'limit', 'nextToken'] },
  report: { method: 'GET', path: '/jobs/{jobId}/report' },
  trigger: { method: 'POST', path: '/trigger', headers: [IDEMPOTENCY_HEADER] },
} as const satisfies Record<string, ApiRoute>;

export type ApiRouteName = keyof typeof JOB_API_ROUTES;

/** Every code of an error that the function answers with, and its HTTP status. docs/job-api.md says what each means. */
export const API_ERRORS = {
  invalid_request: 400,
  job_not_found: 404,
  object_not_found: 404,
  report_not_found: 404,
  route_not_found: 404,
  region_passive: 409,
  job_of_other_region: 409,
  job_exists: 409,
  job_open: 409,
  job_resumable: 409,
  job_succeeded: 409,
  job_failed_for_good: 409,
  resume_window_over: 409,
  source_not_moved: 409,
  source_gone: 409,
  source_archived: 409,
  internal_error: 500,
} as const;

export type ApiErrorCode = keyof typeof API_ERRORS;

/** What POST /trigger may do, each with the property that says on what. */
export const TRIGGER_ACTIONS = ['start', 'resume', 'rerun'] as const;
export type TriggerAction = (typeof TRIGGER_ACTIONS)[number];
