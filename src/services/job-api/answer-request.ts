/** The API's four routes. A library to route them would be more than it saves: the path comes with its template. */
import { ApiFault, ApiRequest, ApiResponse } from './api-messages';
import { jobReport, JobReportDeps } from './job-report';
import { jobStatus, JobStatusDeps } from './job-status';
import { listPage, ListPageDeps } from './list-page';
import { jobIdOf, jobsQueryOf, shown, triggerOf } from './request-fields';
import { triggerJob, TriggerJobDeps } from './trigger-job';
import { ApiRouteName, JOB_API_ROUTES } from '../../contract/api-routes';

export type JobApiDeps = JobStatusDeps & JobReportDeps & ListPageDeps & TriggerJobDeps & {
  /** Told of a request that fails, whatever the reason is that its caller is not told. */
  readonly noteFailure: (error: unknown, requestId: string) => void;
};

const ROUTES: Readonly<Record<ApiRouteName, (request: ApiRequest, deps: JobApiDeps) => Promise<ApiResponse>>> = {
  status: async (request, deps) => jobStatus(jobIdOf(request), deps),
  jobs: async (request, deps) => listPage(jobsQueryOf(request), deps),
  report: async (request, deps) => jobReport(jobIdOf(request), deps),
  trigger: async (request, deps) => triggerJob(triggerOf(request), deps),
};

/** Every failure has an answer of one form; what is not the caller's to know stands in the logs. */
export async function answerRequest(request: ApiRequest, deps: JobApiDeps): Promise<ApiResponse> {
  try {
    return await routeOf(request)(request, deps);
  } catch (error) {
    if (error instanceof ApiFault) return error.response(request.requestId);
    deps.noteFailure(error, request.requestId);
    return new ApiFault('internal_error', 'the request has failed; tell the operator its requestId, by which the logs say why').response(request.requestId);
  }
}

function routeOf({ method, path }: ApiRequest): typeof ROUTES[ApiRouteName] {
  const isAsked = (route: ApiRouteName) => JOB_API_ROUTES[route].method === method && JOB_API_ROUTES[route].path === path;
  const name = (Object.keys(ROUTES) as ApiRouteName[]).find(isAsked);
  if (name !== undefined) return ROUTES[name];
  throw new ApiFault('route_not_found', `expected one of the routes of the API, got ${method} ${shown(path)}`);
}
