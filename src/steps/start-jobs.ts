/**
 * Files that an event has put into the intake queue are started, a batch at a time. A message may come twice, and a batch
 * may be tried again after a part of it was started: the execution's name is made of the file, so that a second start of
 * it is none. What could not be started comes back; what never can be is put aside with its reason.
 */
import { announcedObject } from './claim';
import { halfTime } from './time-share';
import { fileIdOf } from '../contract/file-id';
import { FileKeys, isFileKey, isFolder } from '../contract/file-keys';
import { ObjectCreatedEvent, StartJobsInput, StartJobsOutput } from '../contract/payloads';
import { readS3Message } from '../contract/s3-messages';
import { inParallel } from '../engine/io/in-parallel';
import { RefusedMessages } from '../ports/refused-messages';
import { StepDeps } from '../ports/step-deps';
import { beginning, visible } from '../spec/visible-text';

export type StartJobsDeps = Pick<StepDeps, 'executions' | 'now' | 'timeLeft' | 'log'> & {
  readonly contract: Pick<StepDeps['contract'], 'pipelineId'>;
  readonly refused: RefusedMessages;
  readonly fileKeys: FileKeys;
};

const STARTS_IN_FLIGHT = 16;
/** Most characters: what came is quoted, and may be of any length. */
const MAX_REASON_LENGTH = 1000;

/** @returns the messages that are to come back; all others are done with */
export async function startJobs({ Records: messages }: StartJobsInput, deps: StartJobsDeps): Promise<StartJobsOutput> {
  const isTimeUp = halfTime(deps);
  const failed: string[] = [];
  await inParallel(messages, STARTS_IN_FLIGHT, async ({ messageId, body }) => {
    try {
      if (isTimeUp()) throw new Error('the time was up');
      await take(messageId, body, deps);
    } catch (error) {
      failed.push(messageId);
      deps.log.warn('a message comes back: no job could be started for it', { messageId, cause: (error as Error).message });
    }
  });
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

async function take(messageId: string, body: string, deps: StartJobsDeps): Promise<void> {
  const message = readS3Message(body);
  switch (message.kind) {
    case 'TEST':
      return deps.log.info('a test event of S3 is dropped: it is about no file', { messageId });
    case 'OTHER':
      return refuse(messageId, body, message.reason, deps);
    case 'CREATED': {
      const reason = whyNotOurs(message.events, deps.fileKeys);
      if (reason !== undefined) return refuse(messageId, body, reason, deps);
      for (const event of message.events) await start(event, deps);
    }
  }
}

async function refuse(messageId: string, body: string, reason: string, { refused, log }: StartJobsDeps): Promise<void> {
  await refused.keep(body, beginning(visible(reason), MAX_REASON_LENGTH));
  log.warn('a message starts no job, and is in the dead-letter queue', { messageId });
}

async function start(event: ObjectCreatedEvent, { executions, contract: { pipelineId }, now, log }: StartJobsDeps): Promise<void> {
  if (isFolder(event.detail.object)) return log.info('a folder is no file: nothing is started', { key: event.detail.object.key });
  await executions.start(`file-${fileIdOf(pipelineId, announcedObject(event, now()))}`, event);
}

/** A message is taken whole or not at all. */
function whyNotOurs(events: readonly ObjectCreatedEvent[], fileKeys: FileKeys): string | undefined {
  const { sourceBucket, incomingPrefix, fileSuffixes, suffixCase } = fileKeys;
  for (const { detail: { bucket, object: { key } } } of events) {
    if (bucket.name !== sourceBucket) return `expected an object of bucket ${sourceBucket}, got one of ${bucket.name}`;
    if (!isFileKey(key, fileKeys) && !isFolder({ key })) {
      const suffixes = fileSuffixes.length === 0 ? '' : `, and ends with ${fileSuffixes.join(' or ')} (${suffixCase === 'any' ? 'in any case' : 'as it is written'})`;
      return `expected a key that begins with ${incomingPrefix}${suffixes}, got ${key}`;
    }
  }
  return undefined;
}
