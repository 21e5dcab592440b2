import { readEnv } from '../aws/read-env';
import { executions, Invocation, observed, plainDeps, refusedMessages } from '../aws/runtime';
import { START_JOBS_ENV } from '../contract/env';
import { fileKeysOf } from '../contract/file-keys';
import { StartJobsInput, StartJobsOutput } from '../contract/payloads';
import { startJobs } from '../steps/start-jobs';

/** Some seconds: who waits longer waits in the queue. The function's time would be up, and all of the batch come back. */
const FEW_ATTEMPTS = { maxAttempts: 4 };

/** Entry point of the Lambda function, for the batches of the intake queue. */
export async function handler(input: StartJobsInput, invocation: Invocation): Promise<StartJobsOutput> {
  return observed('StartJobs', input, () => {
    const env = readEnv(START_JOBS_ENV);
    return startJobs(input, {
      ...plainDeps(invocation),
      executions: executions(env.STATE_MACHINE_ARN, FEW_ATTEMPTS),
      refused: refusedMessages(env.DEAD_LETTER_QUEUE_URL, FEW_ATTEMPTS),
      fileKeys: fileKeysOf(env),
    });
  });
}
