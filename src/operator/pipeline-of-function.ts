/**
 * Where a pipeline's parts are, by its SweepJobs function: for a pipeline that no stack of CloudFormation lists, or only
 * one that the operator may not look at. The function is deployed with all that the commands need, so that one name
 * cannot bring together the table of one pipeline and the queue of another.
 */
import { Refusal } from './operator-error';
import { Env, PIPELINE_ADDRESS_ENV } from '../contract/env';
import { FunctionSettings, PipelineAddress } from '../ports/operations';

/**
 * @param functionName or its ARN
 * @param pipelineId as the operator gave it; undefined: whichever pipeline the function is of
 * @throws Refusal
 */
export function pipelineOfFunction(functionName: string, pipelineId: string | undefined, settings: FunctionSettings): PipelineAddress {
  const missing = PIPELINE_ADDRESS_ENV.filter((name) => settings[name] === undefined);
  if (missing.length > 0) {
    throw new Refusal('expected --sweep-function to be the SweepJobs function of a pipeline (function-…-sweep-jobs-…), '
      + `got ${functionName}, which has no ${missing.join(', ')} in its environment`);
  }
  const found = settings as Env<typeof PIPELINE_ADDRESS_ENV>;
  if (pipelineId !== undefined && pipelineId !== found.PIPELINE_ID) {
    throw new Refusal(`expected --pipeline to be ${found.PIPELINE_ID}, of which ${functionName} is the SweepJobs function, got ${pipelineId}`);
  }
  return {
    tableName: found.JOB_TABLE_NAME,
    stateMachineArn: found.STATE_MACHINE_ARN,
    queueUrl: found.DEAD_LETTER_QUEUE_URL,
    sweepFunctionName: functionName,
  };
}
