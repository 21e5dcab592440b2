import { awsDeps, Invocation, observed } from '../aws/runtime';
import { MOVE_SOURCE_ENV } from '../contract/env';
import { JobInput, MoveSourceOutput } from '../contract/payloads';
import { moveSource } from '../steps/move-source';

/** Entry point of the Lambda function. */
export async function handler(input: JobInput, invocation: Invocation): Promise<MoveSourceOutput> {
  return observed('MoveSource', input, () => moveSource(input, awsDeps(MOVE_SOURCE_ENV, invocation)));
}
