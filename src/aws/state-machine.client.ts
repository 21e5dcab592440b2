import { DescribeExecutionCommand, ExecutionAlreadyExists, ExecutionDoesNotExist, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { ExecutionInput } from '../contract/payloads';
import { ExecutionState, StartedExecution, StartedExecutions } from '../ports/operations';

/** Starts and describes executions: the one place that knows how Step Functions answers. */
export class StepFunctionsStarts implements StartedExecutions {
  constructor(private readonly stepFunctions: SFNClient, private readonly stateMachineArn: string) {}

  async start(input: ExecutionInput, name?: string): Promise<StartedExecution> {
    try {
      const command = new StartExecutionCommand({ stateMachineArn: this.stateMachineArn, name, input: JSON.stringify(input) });
      return { executionArn: (await this.stepFunctions.send(command)).executionArn!, isNew: true };
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists && name !== undefined) return { executionArn: this.arnOf(name), isNew: false };
      throw error;
    }
  }

  async find(name: string): Promise<string | undefined> {
    const executionArn = this.arnOf(name);
    return await this.state(executionArn) === undefined ? undefined : executionArn;
  }

  async state(executionArn: string): Promise<ExecutionState | undefined> {
    try {
      const { status, error, cause } = await this.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
      return { status: status!, error, cause };
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return undefined;
      throw error;
    }
  }

  private arnOf(name: string): string {
    return `${this.stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  }
}
