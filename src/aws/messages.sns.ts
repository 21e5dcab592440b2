import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { CLIENT_SETTINGS } from './client-settings';
import { traced } from './runtime';
import { Messages } from '../ports/messages';

export function snsMessages(topicArn: string): Messages {
  return new SnsMessages(traced(new SNSClient(CLIENT_SETTINGS)), topicArn);
}

export class SnsMessages implements Messages {
  constructor(private readonly sns: SNSClient, private readonly topicArn: string) {}

  async send(subject: string, text: string): Promise<void> {
    await this.sns.send(new PublishCommand({ TopicArn: this.topicArn, Subject: subject, Message: text }));
  }
}
