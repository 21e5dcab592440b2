import { DescribeExecutionCommand, ExecutionAlreadyExists, ExecutionDoesNotExist, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { ExecutionInput } from '../contract/payloads';
import { Executions } from '../ports/executions';

export class StepFunctionsExecutions implements Executions {
  constructor(private readonly stepFunctions: SFNClient, private readonly stateMachineArn: string) {}

  async start(name: string, input: ExecutionInput): Promise<void> {
    try {
      await this.stepFunctions.send(new StartExecutionCommand({ stateMachineArn: this.stateMachineArn, name, input: JSON.stringify(input) }));
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  }

  async isRunning(executionArn: string): Promise<boolean> {
    try {
      const { status } = await this.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
      return status === 'RUNNING';
    } catch (error) {
      // It ended more than 90 days ago, or its state machine is gone.
      if (error instanceof ExecutionDoesNotExist) return false;
      throw error;
    }
  }
}

/**
 * A function that the state machine calls cannot have its ARN as a variable: each would have to be deployed before the
 * other.
 */
export function stateMachineArnOf(executionArn: string): string {
  const parts = /^(arn:[^:]+:states:[^:]*:[^:]*):execution:([^:]+):[^:]+$/.exec(executionArn);
  if (parts === null) throw new Error(`expected the ARN of an execution of Step Functions, got ${JSON.stringify(executionArn)}`);
  return `${parts[1]}:stateMachine:${parts[2]}`;
}
