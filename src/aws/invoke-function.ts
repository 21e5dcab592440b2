/**
 * A separate bundle beside ProcessChunk's: only a pipeline with `RecordTransform.fromFunction` needs the Lambda client.
 */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Invoke } from '../ports/user-code';

/** The SDK retries throttled calls after 0.5 to 20 seconds. When all attempts fail, Step Functions retries the step. */
const MAX_ATTEMPTS = 6;

/**
 * @param functionArn with or without a qualifier
 * @param prepare called with the client before its first call
 */
export function createInvoke(functionArn: string, prepare: (client: LambdaClient) => LambdaClient): Invoke {
  // No time limit for the answer: the function has a timeout of its own.
  const client = prepare(new LambdaClient({ maxAttempts: MAX_ATTEMPTS, requestHandler: { connectionTimeout: 5_000 } }));
  return async (request) => {
    const command = new InvokeCommand({ FunctionName: functionArn, Payload: Buffer.from(request) });
    const { Payload: payload = [], FunctionError: error } = await client.send(command);
    return { hasFailed: error !== undefined, answer: Buffer.from(payload).toString() };
  };
}
