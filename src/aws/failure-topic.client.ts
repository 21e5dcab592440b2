import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { FailureNotice, FailureTopic } from '../ports/observers';

export class SnsFailureTopic implements FailureTopic {
  constructor(private readonly sns: SNSClient, private readonly topicArn: string) {}

  async publish({ subject, text, attributes }: FailureNotice): Promise<void> {
    await this.sns.send(new PublishCommand({
      TopicArn: this.topicArn,
      Subject: subject,
      Message: text,
      MessageAttributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }])),
    }));
  }
}
