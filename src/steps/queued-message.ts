import { createHash } from 'node:crypto';
import { JobMessage, MessageGrouping } from '../contract/job-message';
import { QueuedMessage } from '../ports/observers';
import { visibleJson } from '../spec/visible-text';

/** The message as the queue takes it. */
export function queuedMessage(message: JobMessage, grouping: MessageGrouping): QueuedMessage {
  const { fileId, run, status, pipelineId, bucket, key } = message;
  return {
    // A key may hold characters that SQS refuses.
    body: visibleJson(message),
    // A hash: a key, and a pipeline's id, may be longer than a group's id, and hold other characters.
    groupId: groupIdOf(grouping === 'SOURCE_KEY' ? [pipelineId, bucket, key] : [pipelineId]),
    // Of the outcome, not of who tells it: two that tell the same are one.
    deduplicationId: `${fileId}-${run}-${status}`,
  };
}

function groupIdOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex');
}
