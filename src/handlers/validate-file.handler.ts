import { awsDeps, Invocation, observed } from '../aws/runtime';
import { VALIDATE_FILE_ENV } from '../contract/env';
import { ValidateFileInput, ValidateFileOutput } from '../contract/payloads';
import { validateFile } from '../steps/validate-file';

/** Entry point of the Lambda function. */
export async function handler(input: ValidateFileInput, invocation: Invocation): Promise<ValidateFileOutput> {
  return observed('ValidateFile', input, () => validateFile(input, awsDeps(VALIDATE_FILE_ENV, invocation)));
}
