import { join } from 'node:path';
import { readOptionalEnv } from '../aws/read-env';
import { awsDeps, Invocation, invokeUserFunction, observed } from '../aws/runtime';
import { isFastPathOn, PROCESS_CHUNK_ENV, PROCESS_CHUNK_OPTIONAL_ENV } from '../contract/env';
import { ChunkTask } from '../contract/payloads';
import { UserCode, UserFunction } from '../ports/user-code';
import { processChunk } from '../steps/process-chunk';
import { loadUserFunction } from '../user-files/load-module';

const userCode: UserCode = {
  load: async (module) => await loadUserFunction(join(__dirname, module.file), module) as UserFunction,
  invoke: invokeUserFunction,
};

/** Entry point of the Lambda function. */
export async function handler(input: ChunkTask, invocation: Invocation): Promise<Record<string, never>> {
  return observed('ProcessChunk', input, () => processChunk(input, {
    ...awsDeps(PROCESS_CHUNK_ENV, invocation),
    userCode,
    fastPath: isFastPathOn(readOptionalEnv(PROCESS_CHUNK_OPTIONAL_ENV)),
  }));
}
