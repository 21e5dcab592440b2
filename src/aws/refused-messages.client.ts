import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ERROR_CODE_ATTRIBUTE, ERROR_MESSAGE_ATTRIBUTE, REFUSED_MESSAGE } from '../contract/dead-letter-attributes';
import { RefusedMessages } from '../ports/refused-messages';

export class SqsRefusedMessages implements RefusedMessages {
  constructor(private readonly sqs: SQSClient, private readonly deadLetterQueueUrl: string) {}

  async keep(body: string, reason: string): Promise<void> {
    await this.sqs.send(new SendMessageCommand({
      QueueUrl: this.deadLetterQueueUrl,
      MessageBody: body,
      MessageAttributes: {
        [ERROR_CODE_ATTRIBUTE]: { DataType: 'String', StringValue: REFUSED_MESSAGE },
        [ERROR_MESSAGE_ATTRIBUTE]: { DataType: 'String', StringValue: reason },
      },
    }));
  }
}
