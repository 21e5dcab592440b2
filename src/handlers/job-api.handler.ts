import type { APIGatewayProxyEvent } from 'aws-lambda';
import { jobApiClients } from '../aws/job-api.clients';
import { readEnv, readOptionalEnv } from '../aws/read-env';
import { observed } from '../aws/runtime';
import { JOB_API_ENV, REGIONS_ENV } from '../contract/env';
import { fileKeysOf } from '../contract/file-keys';
import { regionsOf } from '../ports/regions';
import { answerRequest, JobApiDeps } from '../services/job-api/answer-request';
import { ApiRequest, ApiResponse } from '../services/job-api/api-messages';

let deps: JobApiDeps | undefined;

/** Entry point of the Lambda function, for API Gateway. */
export async function handler(event: APIGatewayProxyEvent): Promise<ApiResponse> {
  const request = requestOf(event);
  const { requestId, method, path } = request;
  let response: ApiResponse | undefined;
  await observed('JobApi', {}, async () => {
    deps ??= createDeps();
    response = await answerRequest(request, deps);
    // Not the answer itself: it has links that anybody can use who reads them.
    return { requestId, method, path, statusCode: response.statusCode };
  });
  return response!;
}

function createDeps(): JobApiDeps {
  const env = readEnv(JOB_API_ENV);
  return {
    ...jobApiClients(env),
    files: fileKeysOf(env),
    regions: regionsOf(readOptionalEnv(REGIONS_ENV)),
    resumeWindowSeconds: Number(env.RESUME_WINDOW_SECONDS),
    linkExpirySeconds: Number(env.LINK_EXPIRY_SECONDS),
    now: () => new Date(),
  };
}

function requestOf(event: APIGatewayProxyEvent): ApiRequest {
  const { body, isBase64Encoded, headers, pathParameters, multiValueQueryStringParameters, requestContext } = event;
  return {
    method: event.httpMethod,
    path: event.resource,
    pathParameters: pathParameters ?? {},
    queryParameters: multiValueQueryStringParameters ?? {},
    headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
    body: body === null ? undefined : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString(),
    requestId: requestContext.requestId,
  };
}
