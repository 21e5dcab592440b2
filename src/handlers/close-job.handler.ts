import { stateMachineArnOf } from '../aws/executions.client';
import { readSlaFileSize } from '../aws/read-env';
import { awsDeps, eventBus, executions, Invocation, notifications, observed } from '../aws/runtime';
import { CLOSE_JOB_ENV } from '../contract/env';
import { CloseJobOutput, CloseJobTaskInput, ExecutionEndedEvent } from '../contract/payloads';
import { closeJob } from '../steps/close-job';

/** Entry point of the Lambda function, for the workflow's Catch and for the rule on executions that ended. */
export async function handler(input: CloseJobTaskInput | ExecutionEndedEvent, invocation: Invocation): Promise<CloseJobOutput> {
  return observed('CloseJob', input, () => closeJob(input, {
    ...awsDeps(CLOSE_JOB_ENV, invocation),
    events: eventBus(CLOSE_JOB_ENV),
    notifications: notifications(),
    slaFileSizeBytes: readSlaFileSize(),
    executions: executions(stateMachineArnOf('detail' in input ? input.detail.executionArn : input.executionArn)),
  }));
}
