import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { waitFor } from '../../emulator/job-watch';

/** All messages that a queue has ever had. */
export class QueueReader {
  private readonly bodies: string[] = [];

  constructor(private readonly sqs: SQSClient, private readonly url: string) {}

  async all(): Promise<readonly string[]> {
    for (;;) {
      const { Messages = [] } = await this.sqs.send(new ReceiveMessageCommand({ QueueUrl: this.url, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return this.bodies;
      for (const { Body, ReceiptHandle } of Messages) {
        this.bodies.push(Body!);
        await this.sqs.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle }));
      }
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
