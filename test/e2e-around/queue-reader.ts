import { DeleteMessageCommand, Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { waitFor } from '../../emulator/job-watch';

/** All messages that a queue has ever had. One that is not deleted would hold up those behind it in its group. */
export class QueueReader {
  private readonly received: Message[] = [];

  constructor(private readonly sqs: SQSClient, private readonly url: string) {}

  /** Their bodies. */
  async all(): Promise<readonly string[]> {
    return (await this.messages()).map(({ Body }) => Body!);
  }

  async messages(): Promise<readonly Message[]> {
    for (;;) {
      const { Messages = [] } = await this.sqs.send(new ReceiveMessageCommand({ QueueUrl: this.url, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }));
      if (Messages.length === 0) return this.received;
      this.received.push(...Messages);
      for (const { ReceiptHandle } of Messages) await this.sqs.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle }));
    }
  }
}

/** What SNS delivers to a queue. */
export interface Delivery {
  readonly Subject: string;
  readonly Message: string;
  readonly MessageAttributes: Readonly<Record<string, { readonly Value: string }>>;
}

/** Waits until so many have come, and then for some that must not come. */
export async function settled<T>(what: string, count: number, ask: () => Promise<readonly T[]>): Promise<readonly T[]> {
  await waitFor(what, async () => (await ask()).length >= count || undefined);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  return ask();
}
