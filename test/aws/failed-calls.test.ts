/** What an operator reads when a call fails: the client is real, the answer is not. */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { failureSentence, notingFailures } from '../../src/aws/failed-calls';
import { CloudFormationStacks } from '../../src/aws/stacks.client';

const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };

/** The sentence for a call to which the service answers with this error. */
async function sentenceFor(name: string, message: string): Promise<string> {
  const client = notingFailures(new SQSClient({ region: 'eu-west-1', credentials, maxAttempts: 1 }), 'sqs');
  client.middlewareStack.add(() => async () => { throw Object.assign(new Error(message), { name }); }, { step: 'build' });
  return client.send(new ListQueuesCommand({})).then(() => 'no failure', failureSentence);
}

test.each([
  ['AccessDeniedException', 'User: u is not authorized', 'expected these credentials to allow sqs:ListQueues, got AccessDeniedException: User: u is not authorized'],
  ['ExpiredToken', 'The token has expired', 'expected AWS credentials that are valid for sqs:ListQueues, got ExpiredToken: The token has expired'],
  ['ThrottlingException', 'Rate exceeded', 'expected sqs:ListQueues to succeed, got ThrottlingException: Rate exceeded'],
])('%s', async (name, message, sentence) => {
  expect(await sentenceFor(name, message)).toBe(sentence);
});

test('no credentials', async () => {
  expect(await sentenceFor('CredentialsProviderError', 'Could not load credentials from any providers')).toBe(
    'expected AWS credentials in the environment, a profile or a role, got none that can be used (Could not load credentials from any providers)');
});

test('nobody answers', async () => {
  const client = notingFailures(new SQSClient({ region: 'eu-west-1', credentials, maxAttempts: 1, endpoint: 'http://127.0.0.1:9' }), 'sqs');
  expect(await client.send(new ListQueuesCommand({})).catch(failureSentence)).toMatch(/^expected sqs:ListQueues to succeed, got Error: .*connect ECONNREFUSED/);
});

test('what is no failed call is told as it is', () => {
  expect(failureSentence(new Error('expected x, got y'))).toBe('expected x, got y');
});

test.each([
  ['ValidationError', 'Stack with id Orders does not exist', undefined],
  ['ValidationError', 'stackName must be shorter', 'stackName must be shorter'],
])('a stack that CloudFormation does not know is none: %s, %s', async (name, message, failure) => {
  const client = new CloudFormationClient({ region: 'eu-west-1', credentials, maxAttempts: 1 });
  client.middlewareStack.add(() => async () => { throw Object.assign(new Error(message), { name }); }, { step: 'build' });
  expect(await new CloudFormationStacks(client).resources('Orders').catch((error: Error) => error.message)).toBe(failure);
});
