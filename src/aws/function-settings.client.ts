import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';

/** The environment variables that a function is deployed with. */
export async function functionSettings(lambda: LambdaClient, FunctionName: string): Promise<Readonly<Record<string, string>>> {
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  return Environment?.Variables ?? {};
}
