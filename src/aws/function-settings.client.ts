import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { FunctionSettings } from '../ports/operations';

/** @param FunctionName or its ARN */
export async function functionSettings(lambda: LambdaClient, FunctionName: string): Promise<FunctionSettings> {
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  return Environment?.Variables ?? {};
}
