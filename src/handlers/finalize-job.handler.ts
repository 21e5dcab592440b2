import { readKeyBuffer, readSlaFileSize } from '../aws/read-env';
import { awsDeps, eventBus, Invocation, notifications, observed } from '../aws/runtime';
import { FINALIZE_JOB_ENV } from '../contract/env';
import { FinalizeJobOutput, JobInput } from '../contract/payloads';
import { finalizeJob } from '../steps/finalize-job';

/** Entry point of the Lambda function. */
export async function handler(input: JobInput, invocation: Invocation): Promise<FinalizeJobOutput> {
  return observed('FinalizeJob', input, () => finalizeJob(input, {
    ...awsDeps(FINALIZE_JOB_ENV, invocation),
    events: eventBus(FINALIZE_JOB_ENV),
    notifications: notifications(),
    slaFileSizeBytes: readSlaFileSize(),
    keyBufferBytes: readKeyBuffer(),
  }));
}
