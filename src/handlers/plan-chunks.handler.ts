import { awsDeps, Invocation, observed } from '../aws/runtime';
import { PLAN_CHUNKS_ENV } from '../contract/env';
import { JobInput, PlanChunksOutput } from '../contract/payloads';
import { planChunks } from '../steps/plan-chunks';

/** Entry point of the Lambda function. */
export async function handler(input: JobInput, invocation: Invocation): Promise<PlanChunksOutput> {
  return observed('PlanChunks', input, () => planChunks(input, awsDeps(PLAN_CHUNKS_ENV, invocation)));
}
