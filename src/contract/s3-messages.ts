/**
 * What a queue tells of an object: S3's event by way of EventBridge, or a notification of the bucket itself (`Records`),
 * in which keys are URL-encoded.
 */
import { asObject, JsonObject, parseObject } from './parsed-object';
import { ObjectCreatedEvent } from './payloads';

export type S3Message =
  | { readonly kind: 'CREATED'; readonly events: readonly ObjectCreatedEvent[] }
  /** S3 sends one when notifications are set up: it is about no object. */
  | { readonly kind: 'TEST' }
  | { readonly kind: 'OTHER'; readonly reason: string };

export function readS3Message(body: string): S3Message {
  const message = parseObject(body);
  if (message === undefined) return other('an event of S3 in JSON', 'something else');
  if (message.Event === 's3:TestEvent') return { kind: 'TEST' };
  if (Array.isArray(message.Records)) return readRecords(message.Records);
  const { source, 'detail-type': type } = message;
  if (source !== 'aws.s3' || type !== 'Object Created') return other('an "Object Created" event of S3', wordsOf([source, type]));
  const { bucket, object } = (asObject(message.detail) ?? {});
  return created([eventOf(message.time, asObject(bucket)?.name, asObject(object) ?? {})]);
}

function readRecords(records: readonly unknown[]): S3Message {
  const found = records.map((record) => asObject(record) ?? {});
  const stranger = found.find(({ eventSource, eventName }) => eventSource !== 'aws:s3' || typeof eventName !== 'string' || !eventName.startsWith('ObjectCreated:'));
  if (stranger !== undefined) return other('records of S3 of objects that were created (ObjectCreated:…)', wordsOf([stranger.eventSource, stranger.eventName]));
  if (found.length === 0) return other('records of S3', 'none');
  return created(found.map(({ eventTime, s3 }) => {
    const { bucket, object } = asObject(s3) ?? {};
    const { key, size, eTag, versionId } = asObject(object) ?? {};
    return eventOf(eventTime, asObject(bucket)?.name, { 'key': decoded(key), size, 'etag': eTag, 'version-id': versionId });
  }));
}

function created(events: ReadonlyArray<ObjectCreatedEvent | undefined>): S3Message {
  const known = events.filter((event) => event !== undefined);
  return known.length === events.length ? { kind: 'CREATED', events: known } : other('a bucket and a key in the event of S3', 'none');
}

/** What an execution is started with, and nothing else of what came. */
function eventOf(time: unknown, bucket: unknown, { key, size, etag, 'version-id': versionId }: JsonObject): ObjectCreatedEvent | undefined {
  if (!isText(bucket) || !isText(key)) return undefined;
  return {
    ...isText(time) ? { time } : {},
    detail: {
      bucket: { name: bucket },
      object: {
        key,
        ...typeof size === 'number' ? { size } : {},
        ...isText(etag) ? { etag } : {},
        ...isText(versionId) ? { 'version-id': versionId } : {},
      },
    },
  };
}

/** As a form of HTML is encoded: `a+b%2B` is `a b+`. */
function decoded(key: unknown): string | undefined {
  try {
    return isText(key) ? decodeURIComponent(key.replace(/\+/g, ' ')) : undefined;
  } catch {
    return undefined;
  }
}

function other(expected: string, got: string): S3Message {
  return { kind: 'OTHER', reason: `expected ${expected}, got ${got}` };
}

function wordsOf(values: readonly unknown[]): string {
  return values.filter(isText).join(', ') || 'another message';
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
