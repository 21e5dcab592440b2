import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { JobQueue, QueuedMessage } from '../ports/observers';

export class SqsJobQueue implements JobQueue {
  constructor(private readonly sqs: SQSClient, private readonly queueUrl: string) {}

  async send({ body, groupId, deduplicationId }: QueuedMessage): Promise<void> {
    await this.sqs.send(new SendMessageCommand({
      QueueUrl: this.queueUrl,
      MessageBody: body,
      MessageGroupId: groupId,
      MessageDeduplicationId: deduplicationId,
    }));
  }
}
