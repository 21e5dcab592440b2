import { join } from 'node:path';
import { readOptionalEnv } from '../aws/read-env';
import { awsDeps, invokeUserFunction, observed } from '../aws/runtime';
import { isFastPathOn, PROCESS_CHUNK_ENV, PROCESS_CHUNK_OPTIONAL_ENV } from '../contract/env';
import { ChunkTask } from '../contract/payloads';
import { UserCode } from '../ports/user-code';
import { loadUserFunction } from '../steps/load-module';
import { processChunk } from '../steps/process-chunk';

const userCode: UserCode = {
  load: async (module) => loadUserFunction(join(__dirname, module.file), module),
  invoke: invokeUserFunction,
};

/** Entry point of the Lambda function. */
export async function handler(input: ChunkTask): Promise<Record<string, never>> {
  return observed('ProcessChunk', input, () => processChunk(input, {
    ...awsDeps(PROCESS_CHUNK_ENV),
    userCode,
    fastPath: isFastPathOn(readOptionalEnv(PROCESS_CHUNK_OPTIONAL_ENV)),
  }));
}
