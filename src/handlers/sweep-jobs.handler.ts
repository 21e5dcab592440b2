import { readEnv, readSlaFileSize } from '../aws/read-env';
import { awsDeps, eventBus, executions, Invocation, notifications, observed } from '../aws/runtime';
import { SWEEP_JOBS_ENV } from '../contract/env';
import { fileKeysOf, IntakeName } from '../contract/file-keys';
import { sweepJobs, SweepJobsOutput } from '../steps/sweep-jobs';

/** Entry point of the Lambda function, for the schedule. */
export async function handler(input: object, invocation: Invocation): Promise<SweepJobsOutput> {
  return observed('SweepJobs', input, () => {
    const env = readEnv(SWEEP_JOBS_ENV);
    return sweepJobs({
      ...awsDeps(SWEEP_JOBS_ENV, invocation),
      events: eventBus(SWEEP_JOBS_ENV),
      notifications: notifications(),
      executions: executions(env.STATE_MACHINE_ARN),
      slaFileSizeBytes: readSlaFileSize(),
      sweep: { ...fileKeysOf(env), intake: env.INTAKE as IntakeName },
    });
  });
}
