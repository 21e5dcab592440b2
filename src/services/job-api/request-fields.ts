/** What a request asks for, checked. Each fault names its field. */
import { ApiFault, ApiRequest, invalid } from './api-messages';
import { IDEMPOTENCY_HEADER, JOB_API_ROUTES, TRIGGER_ACTIONS, TriggerAction } from '../../contract/api-routes';
import { isFileId } from '../../contract/file-id';
import { JOB_STATUSES, JobStatus } from '../../contract/job-item';
import { shortened, visibleJson } from '../../spec/visible-text';

const MOST_SHOWN = 100;
/** S3's limit, in bytes of UTF-8. */
const LONGEST_KEY = 1024;
const LONGEST_TOKEN = 255;
const DEFAULT_LIMIT = 50;
const MOST_JOBS = 100;
/** The last that a `Date` can be. */
const FOR_EVER = 8_640_000_000_000_000;

export function jobIdOf({ pathParameters: { jobId } }: ApiRequest): string {
  return checkJobId(jobId);
}

/** What GET /jobs lists. */
export interface JobsQuery {
  /** Default all. */
  readonly status?: JobStatus;
  /** Epoch milliseconds; of the jobs' last change of status, from the first one up to, and without, the second. */
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly nextToken?: string;
}

const JOBS_PARAMETERS = JOB_API_ROUTES.jobs.query;

export function jobsQueryOf({ queryParameters }: ApiRequest): JobsQuery {
  refuseOthers(queryParameters, JOBS_PARAMETERS, 'parameters');
  const values = Object.fromEntries(JOBS_PARAMETERS.map((name) => [name, single(name, queryParameters[name])]));
  const from = values.from === undefined ? 0 : timeOf('from', values.from);
  const to = values.to === undefined ? FOR_EVER : timeOf('to', values.to);
  if (to <= from) throw invalid('to', `to must be later than from, got ${shown(values.to)} and ${shown(values.from)}`);
  return { status: statusOf(values.status), from, to, limit: limitOf(values.limit), nextToken: values.nextToken };
}

export type TriggerRequest = (
  | { readonly action: 'start'; readonly key: string; readonly versionId?: string }
  | { readonly action: 'resume' | 'rerun'; readonly jobId: string }
) & { readonly idempotencyKey?: string };

const PROPERTIES: Readonly<Record<TriggerAction, readonly string[]>> = { start: ['action', 'key', 'versionId'], resume: ['action', 'jobId'], rerun: ['action', 'jobId'] };

export function triggerOf({ body, headers }: ApiRequest): TriggerRequest {
  const object = parseObject(body ?? '');
  const { key, versionId, jobId } = object;
  const action = TRIGGER_ACTIONS.find((word) => word === object.action);
  if (action === undefined) throw invalid('action', `action must be ${TRIGGER_ACTIONS.join(', ')}, got ${shown(object.action)}`);
  refuseOthers(object, PROPERTIES[action], `properties with the action ${action}`);
  const idempotencyKey = idempotencyKeyOf(headers[IDEMPOTENCY_HEADER.toLowerCase()]);
  return action === 'start'
    ? { action, key: checkKey(key), versionId: checkVersionId(versionId), idempotencyKey }
    : { action, jobId: checkJobId(jobId), idempotencyKey };
}

function checkJobId(jobId: unknown): string {
  if (typeof jobId !== 'string' || !isFileId(jobId)) throw invalid('jobId', `jobId must be 32 hexadecimal digits in lower case, got ${shown(jobId)}`);
  return jobId;
}

function checkKey(key: unknown): string {
  if (typeof key !== 'string' || key === '' || !isStorable(key)) {
    throw invalid('key', `key must be a text of 1 to ${LONGEST_KEY} bytes of UTF-8, got ${shown(key)}`);
  }
  return key;
}

/** Half a surrogate pair, which JSON can hold, has no UTF-8. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && Buffer.byteLength(text) <= LONGEST_KEY;
}

function checkVersionId(versionId: unknown): string | undefined {
  if (versionId === undefined) return undefined;
  // "null" names the one version that an object without versions has: it says nothing about which object that is.
  const isRight = typeof versionId === 'string' && versionId !== '' && versionId !== 'null' && isStorable(versionId);
  if (!isRight) throw invalid('versionId', `versionId must be the id of a version, or left out for the newest, got ${shown(versionId)}`);
  return versionId;
}

function idempotencyKeyOf(token: string | undefined): string | undefined {
  if (token !== undefined && !/^[\x20-\x7e]+$/.test(token.slice(0, LONGEST_TOKEN + 1)) || (token ?? '').length > LONGEST_TOKEN) {
    throw invalid(IDEMPOTENCY_HEADER, `${IDEMPOTENCY_HEADER} must be 1 to ${LONGEST_TOKEN} printable ASCII characters, got ${shown(token)}`);
  }
  return token;
}

function statusOf(word: string | undefined): JobStatus | undefined {
  const status = JOB_STATUSES.find((one) => one === word);
  if (word !== undefined && status === undefined) throw invalid('status', `status must be ${JOB_STATUSES.join(', ')}, got ${shown(word)}`);
  return status;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

function timeOf(field: string, text: string): number {
  const time = DATE.test(text) || TIME.test(text) ? Date.parse(text) : NaN;
  // `Date` takes the 31st of February for the 3rd of March.
  const isDay = !Number.isNaN(time) && new Date(`${text.slice(0, 10)}T00:00:00Z`).toISOString().startsWith(text.slice(0, 10));
  if (!isDay) throw invalid(field, `${field} must be a date or a time with its zone (2026-11-29, 2026-11-29T12:00:00Z), got ${shown(text)}`);
  return time;
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MOST_JOBS) throw invalid('limit', `limit must be a whole number from 1 to ${MOST_JOBS}, got ${shown(text)}`);
  return limit;
}

function single(name: string, values: readonly string[] | undefined): string | undefined {
  if (values !== undefined && values.length > 1) throw invalid(name, `${name} must be given once, got ${values.length} values`);
  return values?.[0];
}

function refuseOthers(given: object, known: readonly string[], what: string): void {
  const other = Object.keys(given).find((name) => !known.includes(name));
  if (other !== undefined) throw invalid(shortened(other, MOST_SHOWN), `expected no other ${what} than ${known.join(', ')}, got ${shown(other)}`);
}

function parseObject(body: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw notAnObject(body);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw notAnObject(body);
  return parsed as Readonly<Record<string, unknown>>;
}

function notAnObject(body: string): ApiFault {
  return invalid('body', `the body must be a JSON object such as {"action": "resume", "jobId": "…"}, got ${body === '' ? 'none' : shown(body)}`);
}

/** What came, with nothing in it that acts on a terminal, and not much of it. */
export function shown(value: unknown): string {
  if (value === undefined) return 'none';
  return typeof value === 'string' ? visibleJson(shortened(value, MOST_SHOWN)) : shortened(visibleJson(value), MOST_SHOWN);
}
