import { JobMessage, MESSAGE_GROUPINGS, MessageGrouping } from '../../src/contract/job-message';
import { queuedMessage } from '../../src/steps/queued-message';

const MESSAGE: JobMessage = {
  version: '1',
  pipelineId: 'Stack/Pipeline',
  fileId: 'f'.repeat(32),
  run: 1,
  status: 'FAILED',
  bucket: 'landing',
  key: 'incoming/a.csv',
  sizeBytes: 10,
  startedAt: '2026-11-21T00:00:00.000Z',
  endedAt: '2026-11-21T00:00:01.000Z',
  outputBucket: 'output',
};

test('one outcome of one run of a job has one deduplication id, whatever else the message says', () => {
  const idOf = (changes: Partial<JobMessage>) => queuedMessage({ ...MESSAGE, ...changes }, 'SOURCE_KEY').deduplicationId;
  expect(idOf({})).toBe(`${'f'.repeat(32)}-1-FAILED`);
  expect(idOf({ endedAt: '2026-11-21T00:00:02.000Z' })).toBe(idOf({}));
  for (const other of [{ run: 2 }, { status: 'SUCCEEDED' }, { fileId: 'e'.repeat(32) }] as const) expect(idOf(other)).not.toBe(idOf({}));
});

test('messages of one source key are one group, or all of the pipeline', () => {
  const groupOf = (grouping: MessageGrouping, changes: Partial<JobMessage> = {}) => queuedMessage({ ...MESSAGE, ...changes }, grouping).groupId;
  expect(groupOf('SOURCE_KEY', { fileId: 'other', run: 2, status: 'SUCCEEDED' })).toBe(groupOf('SOURCE_KEY'));
  expect(groupOf('SOURCE_KEY', { key: 'incoming/b.csv' })).not.toBe(groupOf('SOURCE_KEY'));
  expect(groupOf('SOURCE_KEY', { bucket: 'other' })).not.toBe(groupOf('SOURCE_KEY'));
  expect(groupOf('PIPELINE', { key: 'incoming/b.csv' })).toBe(groupOf('PIPELINE'));
  expect(groupOf('PIPELINE', { pipelineId: 'Other' })).not.toBe(groupOf('PIPELINE'));
});

test('a group\'s id is one that SQS takes, however long the key, and whatever is in it', () => {
  for (const grouping of MESSAGE_GROUPINGS) {
    const { groupId } = queuedMessage({ ...MESSAGE, key: 'incoming/' + 'ü\u0000'.repeat(400), pipelineId: 'S'.repeat(300) }, grouping);
    expect(groupId).toMatch(/^[\x21-\x7e]{1,128}$/);
  }
});

test('the body is the message, with nothing in it that SQS refuses', () => {
  const key = 'incoming/\u0000\u000b\u007f\ud800\ufffe\uffff\u{1fffe}-é.csv';
  const { body } = queuedMessage({ ...MESSAGE, key }, 'SOURCE_KEY');
  expect(body).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
  expect(body).toContain('-é.csv');
  expect(JSON.parse(body)).toEqual({ ...MESSAGE, key });
});
