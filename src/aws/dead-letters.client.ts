import { ChangeMessageVisibilityCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DeadLetter, DeadLetters } from '../ports/operations';

/** Long enough to start an execution for each message of a batch, also while calls are throttled. */
const VISIBILITY_SECONDS = 120;
/** Any wait at all has SQS ask each of its servers: an answer without messages is an empty queue. */
const WAIT_SECONDS = 2;
const MAX_BATCH = 10;

export class SqsDeadLetters implements DeadLetters {
  constructor(private readonly sqs: SQSClient, private readonly queueUrl: string) {}

  async receive(most: number): Promise<DeadLetter[]> {
    const { Messages = [] } = await this.sqs.send(new ReceiveMessageCommand({
      QueueUrl: this.queueUrl,
      MaxNumberOfMessages: Math.min(MAX_BATCH, most),
      VisibilityTimeout: VISIBILITY_SECONDS,
      WaitTimeSeconds: WAIT_SECONDS,
      MessageAttributeNames: ['All'],
    }));
    return Messages.map(({ MessageId, Body, ReceiptHandle, MessageAttributes = {} }) => ({
      id: MessageId!,
      body: Body ?? '',
      attributes: Object.fromEntries(Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue ?? ''])),
      receipt: ReceiptHandle!,
    }));
  }

  async delete({ receipt }: DeadLetter): Promise<void> {
    await this.sqs.send(new DeleteMessageCommand({ QueueUrl: this.queueUrl, ReceiptHandle: receipt }));
  }

  async release({ receipt }: DeadLetter): Promise<void> {
    await this.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: this.queueUrl, ReceiptHandle: receipt, VisibilityTimeout: 0 }));
  }
}
