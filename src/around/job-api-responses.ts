/** What API Gateway answers itself, in the form of the function's own errors. */
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { TRIGGER_ACTIONS } from '../contract/api-routes';

interface Answer {
  readonly type: apigateway.ResponseType;
  readonly code: string;
  /** JSON text, or a variable of API Gateway that is one. */
  readonly message: string;
  readonly field?: string;
  /** Default that of the type. */
  readonly statusCode?: string;
}

const { ResponseType } = apigateway;
/** What API Gateway says, in quotes. No other of its texts comes so, and quotes in one would break the JSON. */
const ITS_OWN = '$context.error.messageString';
const NO_REQUEST = `"the body must be a JSON object with an action (${TRIGGER_ACTIONS.join(', ')}), got another"`;

/** A row without which one of the two last would answer, with a code that says less. */
const ANSWERS: readonly Answer[] = [
  { type: ResponseType.BAD_REQUEST_BODY, code: 'invalid_request', message: NO_REQUEST, field: 'body' },
  { type: ResponseType.BAD_REQUEST_PARAMETERS, code: 'invalid_request', message: ITS_OWN, field: 'parameters' },
  { type: ResponseType.UNAUTHORIZED, code: 'unauthorized', message: ITS_OWN },
  { type: ResponseType.ACCESS_DENIED, code: 'access_denied', message: ITS_OWN },
  { type: ResponseType.EXPIRED_TOKEN, code: 'access_denied', message: ITS_OWN },
  { type: ResponseType.INVALID_SIGNATURE, code: 'access_denied', message: '"the signature of the request does not match its key"' },
  { type: ResponseType.MISSING_AUTHENTICATION_TOKEN, code: 'access_denied', message: '"the request is not signed, or there is no such route"' },
  { type: ResponseType.REQUEST_TOO_LARGE, code: 'request_too_large', message: ITS_OWN },
  { type: ResponseType.THROTTLED, code: 'too_many_requests', message: '"too many requests: wait for a second, and for longer each time"' },
  { type: ResponseType.QUOTA_EXCEEDED, code: 'too_many_requests', message: ITS_OWN },
  { type: ResponseType.INTEGRATION_TIMEOUT, code: 'timeout', message: '"no answer came in time: what was asked for may have been done"' },
  { type: ResponseType.INTEGRATION_FAILURE, code: 'internal_error', message: '"the request has failed; tell the operator its requestId"', statusCode: '500' },
  { type: ResponseType.DEFAULT_4XX, code: 'request_refused', message: ITS_OWN },
  { type: ResponseType.DEFAULT_5XX, code: 'internal_error', message: '"the request has failed; tell the operator its requestId"' },
];

export function gatewayResponses(api: apigateway.RestApi): void {
  for (const { type, code, message, field, statusCode } of ANSWERS) {
    const fieldText = field === undefined ? '' : `,"field":"${field}"`;
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode,
      templates: { 'application/json': `{"error":{"code":"${code}","message":${message}${fieldText},"requestId":"$context.requestId"}}` },
    });
  }
}
