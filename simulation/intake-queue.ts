/**
 * The intake queue, and Lambda, which takes its messages in batches. A message is delivered at least once: it comes back
 * when its batch has failed, or nobody has heard of it, until it has been received too often.
 */
import { Random } from './random';
import { Scheduler } from './scheduler';
import { Trace } from './trace';
import { MINUTE, SECOND, Weather } from './weather';
import { StartJobsInput, StartJobsOutput } from '../src/contract/payloads';
import { RefusedMessages } from '../src/ports/refused-messages';

/** Six times the timeout of StartJobs. */
const VISIBILITY_TIMEOUT = 6 * MINUTE;
const MAX_RECEIVE_COUNT = 3;
const BATCH_SIZE = 4;

interface Message {
  readonly id: string;
  readonly body: string;
  receiveCount: number;
  visibleAt: number;
}

export interface DeadMessage {
  readonly body: string;
  /** Undefined: it was received too often. */
  readonly reason?: string;
}

export interface IntakeQueueProps {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly trace: Trace;
  readonly weather: () => Weather;
  readonly startJobs: (input: StartJobsInput) => Promise<StartJobsOutput>;
}

export class IntakeQueue implements RefusedMessages {
  /** What was sent, each once. */
  readonly sent = new Set<string>();
  readonly deadLetters: DeadMessage[] = [];
  private readonly messages = new Map<string, Message>();
  private ids = 0;

  constructor(private readonly props: IntakeQueueProps) {}

  get size(): number {
    return this.messages.size;
  }

  send(body: string): void {
    const id = `message-${++this.ids}`;
    this.sent.add(body);
    this.messages.set(id, { id, body, receiveCount: 0, visibleAt: this.props.scheduler.now });
    this.props.trace.add('queue', `takes ${id} ${body}`);
    this.pollAfter(this.props.random.between(SECOND / 10, 2 * SECOND));
  }

  /** The dead-letter queue, as StartJobs reaches it. */
  async keep(body: string, reason: string): Promise<void> {
    this.props.trace.add('queue', `keeps a refused message: ${reason}`);
    this.deadLetters.push({ body, reason });
  }

  private pollAfter(milliseconds: number): void {
    this.props.scheduler.after(milliseconds, () => void this.poll());
  }

  private async poll(): Promise<void> {
    const { scheduler, random, trace, weather, startJobs } = this.props;
    const received = [...this.messages.values()].filter(({ visibleAt }) => visibleAt <= scheduler.now).slice(0, BATCH_SIZE);
    for (const message of received) this.receive(message);
    const batch = received.filter(({ id }) => this.messages.has(id));
    if (batch.length === 0) return;
    this.pollAfter(VISIBILITY_TIMEOUT);
    const { throttled, answerLost } = weather().invocation;
    if (random.chance(throttled)) return trace.add('queue', 'a batch is throttled');
    const answer = await startJobs({ Records: batch.map(({ id: messageId, body }) => ({ messageId, body })) }).catch(() => undefined);
    if (answer === undefined || random.chance(answerLost)) return trace.add('queue', `${idsOf(batch)} come back: nobody has heard of a start`);
    const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    if (failed.size > 0) trace.add('queue', `${[...failed].join(', ')} come back: not started`);
    for (const { id } of batch) {
      // One of the servers may not hear of the deletion.
      if (!failed.has(id) && !random.chance(weather().event.twice)) this.messages.delete(id);
    }
    // As many as were too many for this batch.
    if ([...this.messages.values()].some(({ visibleAt }) => visibleAt <= scheduler.now)) this.pollAfter(0);
  }

  private receive(message: Message): void {
    if (message.receiveCount === MAX_RECEIVE_COUNT) {
      this.props.trace.add('queue', `${message.id} goes to the dead-letter queue: received ${MAX_RECEIVE_COUNT} times`);
      this.messages.delete(message.id);
      this.deadLetters.push({ body: message.body });
      return;
    }
    message.receiveCount++;
    message.visibleAt = this.props.scheduler.now + VISIBILITY_TIMEOUT;
  }
}

function idsOf(batch: readonly Message[]): string {
  return batch.map(({ id }) => id).join(', ');
}
