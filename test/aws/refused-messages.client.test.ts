import { SQSClient } from '@aws-sdk/client-sqs';
import { SqsRefusedMessages } from '../../src/aws/refused-messages.client';

test('a message is kept as it came, with its reason beside it', async () => {
  const sent: unknown[] = [];
  const send = async ({ input }: { input: unknown }) => { sent.push(input); };
  await new SqsRefusedMessages({ send } as unknown as SQSClient, 'https://sqs/dead-letters').keep('{"a": 1}', 'expected a file, got none');
  expect(sent).toEqual([{
    QueueUrl: 'https://sqs/dead-letters',
    MessageBody: '{"a": 1}',
    MessageAttributes: {
      ERROR_CODE: { DataType: 'String', StringValue: 'REFUSED' },
      ERROR_MESSAGE: { DataType: 'String', StringValue: 'expected a file, got none' },
    },
  }]);
});
