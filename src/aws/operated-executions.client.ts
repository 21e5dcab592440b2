import { DescribeExecutionCommand, ExecutionAlreadyExists, ExecutionDoesNotExist, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { DynamoTable, itemKey } from './dynamo-table';
import { EXECUTION_SORT_KEY, ExecutionItem } from '../contract/job-item';
import { ExecutionInput } from '../contract/payloads';
import { ExecutionState, OperatedExecutions, StartedExecution } from '../ports/operations';

export class StepFunctionsExecutions implements OperatedExecutions {
  constructor(
    private readonly stepFunctions: SFNClient,
    private readonly stateMachineArn: string,
    private readonly jobTable: DynamoTable,
  ) {}

  async start(input: ExecutionInput, name?: string): Promise<StartedExecution> {
    try {
      const command = new StartExecutionCommand({ stateMachineArn: this.stateMachineArn, name, input: JSON.stringify(input) });
      return { executionArn: (await this.stepFunctions.send(command)).executionArn!, isNew: true };
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists && name !== undefined) return { executionArn: this.arnOf(name), isNew: false };
      throw error;
    }
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

  async jobOf(executionArn: string): Promise<string | undefined> {
    return (await this.jobTable.get<ExecutionItem>(itemKey(executionArn, EXECUTION_SORT_KEY)))?.claimed_file_id;
  }

  private arnOf(name: string): string {
    return `${this.stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  }
}
