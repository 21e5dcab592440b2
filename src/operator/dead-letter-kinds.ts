/**
 * What the messages of the dead-letter queue are. A rule whose target could not be reached leaves the event, and so does
 * Lambda for a function that failed on it.
 */
import { ExecutionInput, ObjectCreatedEvent, RerunRequest, ResumeRequest } from '../contract/payloads';
import { DeadLetter } from '../ports/operations';

export type DeadLetterKind =
  /** A file has landed, and no execution was started. */
  | { readonly kind: 'FILE'; readonly id: string; readonly input: ExecutionInput; readonly key: string }
  /** An execution has ended, and CloseJob has not heard of it. */
  | { readonly kind: 'ENDED'; readonly id: string; readonly executionArn: string; readonly input?: ExecutionInput }
  /** A sweep that failed. */
  | { readonly kind: 'SWEEP' }
  | { readonly kind: 'UNKNOWN'; readonly reason: string };

type JsonObject = Readonly<Record<string, unknown>>;

export function kindOf({ id: messageId, body }: Pick<DeadLetter, 'id' | 'body'>): DeadLetterKind {
  const event = parseObject(body);
  if (event === undefined) return { kind: 'UNKNOWN', reason: 'expected an event in JSON, got something else' };
  const detail = asObject(event.detail) ?? {};
  const type = event['detail-type'];
  const id = typeof event.id === 'string' && event.id !== '' ? event.id : messageId;
  if (event.source === 'aws.s3' && type === 'Object Created') return fileOf(event, detail, id);
  if (event.source === 'aws.states' && type === 'Step Functions Execution Status Change') return endedOf(detail, id);
  if (event.source === 'aws.events' && type === 'Scheduled Event') return { kind: 'SWEEP' };
  const got = [event.source, type].filter((word) => typeof word === 'string').join(', ') || 'another message';
  return { kind: 'UNKNOWN', reason: `expected an event of S3, of Step Functions or of a schedule, got ${got}` };
}

function fileOf(event: JsonObject, detail: JsonObject, id: string): DeadLetterKind {
  const key = asObject(detail.object)?.key;
  return isFileEvent(event) && typeof key === 'string'
    ? { kind: 'FILE', id, input: event, key }
    : { kind: 'UNKNOWN', reason: 'expected a bucket and a key in the event of S3, got none' };
}

function endedOf({ executionArn, input }: JsonObject, id: string): DeadLetterKind {
  if (typeof executionArn !== 'string') return { kind: 'UNKNOWN', reason: 'expected the ARN of an execution in the event of Step Functions, got none' };
  // Left out by Step Functions where it is very long.
  const parsed = typeof input === 'string' ? parseObject(input) : undefined;
  return { kind: 'ENDED', id, executionArn, input: parsed !== undefined && (isFileEvent(parsed) || isRequest(parsed)) ? parsed : undefined };
}

function isFileEvent(event: object): event is ObjectCreatedEvent {
  const { bucket, object } = asObject((event as JsonObject).detail) ?? {};
  return typeof asObject(bucket)?.name === 'string' && typeof asObject(object)?.key === 'string';
}

function isRequest(input: object): input is ResumeRequest | RerunRequest {
  const { resume, rerun, fileId } = input as JsonObject;
  return (resume === true || rerun === true) && typeof fileId === 'string';
}

function parseObject(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as JsonObject : undefined;
}
