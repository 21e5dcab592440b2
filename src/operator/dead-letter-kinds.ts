/**
 * What the messages of the dead-letter queue are. A rule whose target could not be reached leaves the event, and so does
 * Lambda for a function that failed on it. From the intake queue comes what StartJobs could not start, as it was there,
 * and what it refused, with its reason.
 */
import { ERROR_CODE_ATTRIBUTE, REFUSED_MESSAGE } from '../contract/dead-letter-attributes';
import { asObject, JsonObject, parseObject } from '../contract/parsed-object';
import { ExecutionInput, ObjectCreatedEvent, RerunRequest, ResumeRequest } from '../contract/payloads';
import { readS3Message } from '../contract/s3-messages';
import { DeadLetter } from '../ports/operations';

export type DeadLetterKind =
  /** A file has landed, and no execution was started. A notification of the bucket itself may tell of several. */
  | { readonly kind: 'FILES'; readonly id: string; readonly inputs: readonly ObjectCreatedEvent[] }
  /** An execution has ended, and CloseJob has not heard of it. */
  | { readonly kind: 'ENDED'; readonly id: string; readonly executionArn: string; readonly input?: ExecutionInput }
  /** A sweep that failed. */
  | { readonly kind: 'SWEEP' }
  /** What S3 sends when notifications are set up. */
  | { readonly kind: 'TEST' }
  /** No event of a file of the pipeline. */
  | { readonly kind: 'REFUSED' }
  | { readonly kind: 'UNKNOWN'; readonly reason: string };

export function kindOf({ id: messageId, body, attributes }: Pick<DeadLetter, 'id' | 'body' | 'attributes'>): DeadLetterKind {
  // Whatever it looks like: StartJobs knows which files are the pipeline's.
  if (attributes[ERROR_CODE_ATTRIBUTE] === REFUSED_MESSAGE) return { kind: 'REFUSED' };
  const event = parseObject(body);
  if (event === undefined) return { kind: 'UNKNOWN', reason: 'expected an event in JSON, got something else' };
  const detail = asObject(event.detail) ?? {};
  const type = event['detail-type'];
  const id = typeof event.id === 'string' && event.id !== '' ? event.id : messageId;
  if (event.source === 'aws.s3' && type === 'Object Created') return fileOf(event, id);
  if (event.source === 'aws.states' && type === 'Step Functions Execution Status Change') return endedOf(detail, id);
  if (event.source === 'aws.events' && type === 'Scheduled Event') return { kind: 'SWEEP' };
  if (Array.isArray(event.Records) || event.Event !== undefined) return notificationOf(body, id);
  const got = [event.source, type].filter((word) => typeof word === 'string').join(', ') || 'another message';
  return { kind: 'UNKNOWN', reason: `expected an event of S3, of Step Functions or of a schedule, got ${got}` };
}

function fileOf(event: JsonObject, id: string): DeadLetterKind {
  return isFileEvent(event) ? { kind: 'FILES', id, inputs: [event] }
    : { kind: 'UNKNOWN', reason: 'expected a bucket and a key in the event of S3, got none' };
}

/** Of the bucket itself, without EventBridge. */
function notificationOf(body: string, id: string): DeadLetterKind {
  const message = readS3Message(body);
  switch (message.kind) {
    case 'CREATED': return { kind: 'FILES', id, inputs: message.events };
    case 'TEST': return { kind: 'TEST' };
    case 'OTHER': return { kind: 'UNKNOWN', reason: message.reason };
  }
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
