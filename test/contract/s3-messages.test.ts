import { readS3Message } from '../../src/contract/s3-messages';

const read = (body: unknown) => readS3Message(typeof body === 'string' ? body : JSON.stringify(body));

/** As EventBridge delivers it. */
const event = (object: object = { 'key': 'incoming/a b+.csv', 'size': 3, 'etag': 'e', 'version-id': 'v', 'sequencer': '0' }) => ({
  'version': '0',
  'id': '5f9a',
  'detail-type': 'Object Created',
  'source': 'aws.s3',
  'time': '2026-11-29T10:00:00Z',
  'detail': { version: '0', bucket: { name: 'bucket' }, object, reason: 'PutObject' },
});
/** As the bucket itself sends it. */
const record = (changes: object = {}, key: unknown = 'incoming/a+b%2B%C3%BC.csv') => ({
  eventVersion: '2.1',
  eventSource: 'aws:s3',
  eventName: 'ObjectCreated:CompleteMultipartUpload',
  eventTime: '2026-11-29T10:00:00.123Z',
  s3: { bucket: { name: 'bucket', arn: 'arn' }, object: { key, size: 3, eTag: 'e', versionId: 'v', sequencer: '0' } },
  ...changes,
});

test('an event of EventBridge: what an execution is started with, its key as it is', () => {
  expect(read(event())).toEqual({
    kind: 'CREATED',
    events: [{
      time: '2026-11-29T10:00:00Z',
      detail: { bucket: { name: 'bucket' }, object: { 'key': 'incoming/a b+.csv', 'size': 3, 'etag': 'e', 'version-id': 'v' } },
    }],
  });
});

test('an event without a version, an ETag or a size', () => {
  expect(read(event({ key: 'incoming/a.csv' }))).toMatchObject({ kind: 'CREATED', events: [{ detail: { object: { key: 'incoming/a.csv' } } }] });
});

test('notifications of the bucket itself: their keys are decoded', () => {
  expect(read({ Records: [record(), record({}, 'incoming/c.csv')] })).toEqual({
    kind: 'CREATED',
    events: ['incoming/a b+ü.csv', 'incoming/c.csv'].map((key) => (
      { time: '2026-11-29T10:00:00.123Z', detail: { bucket: { name: 'bucket' }, object: { key, 'size': 3, 'etag': 'e', 'version-id': 'v' } } })),
  });
});

test('the test event that S3 sends when notifications are set up', () => {
  expect(read({ Service: 'Amazon S3', Event: 's3:TestEvent', Time: '2026-11-29T10:00:00.000Z', Bucket: 'bucket' })).toEqual({ kind: 'TEST' });
});

test.each<[unknown, string]>([
  ['not JSON', 'expected an event of S3 in JSON, got something else'],
  ['[]', 'expected an event of S3 in JSON, got something else'],
  ['null', 'expected an event of S3 in JSON, got something else'],
  [{}, 'expected an "Object Created" event of S3, got another message'],
  [{ 'source': 'aws.s3', 'detail-type': 'Object Deleted' }, 'expected an "Object Created" event of S3, got aws.s3, Object Deleted'],
  [{ 'source': 'mine', 'detail-type': 'Object Created' }, 'expected an "Object Created" event of S3, got mine, Object Created'],
  [{ ...event(), detail: null }, 'expected a bucket and a key in the event of S3, got none'],
  [event({ key: 7 }), 'expected a bucket and a key in the event of S3, got none'],
  [event({ key: '' }), 'expected a bucket and a key in the event of S3, got none'],
  [{ Records: [] }, 'expected records of S3, got none'],
  [{ Records: [7] }, 'expected records of S3 of objects that were created (ObjectCreated:…), got another message'],
  [{ Records: [record(), record({ eventName: 'ObjectRemoved:Delete' })] },
    'expected records of S3 of objects that were created (ObjectCreated:…), got aws:s3, ObjectRemoved:Delete'],
  [{ Records: [record({ eventSource: 'aws:sqs' })] }, 'expected records of S3 of objects that were created (ObjectCreated:…), got aws:sqs, ObjectCreated:CompleteMultipartUpload'],
  [{ Records: [record({}, 'incoming/%E0%A4.csv')] }, 'expected a bucket and a key in the event of S3, got none'],
  [{ Records: [record({ s3: undefined })] }, 'expected a bucket and a key in the event of S3, got none'],
])('%j is none, and why', (body, reason) => {
  expect(read(body)).toEqual({ kind: 'OTHER', reason });
});
