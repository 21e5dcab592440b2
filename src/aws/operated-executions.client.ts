import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoTable, itemKey } from './dynamo-table';
import { StepFunctionsStarts } from './state-machine.client';
import { EXECUTION_SORT_KEY, ExecutionItem } from '../contract/job-item';
import { OperatedExecutions } from '../ports/operations';

export class OperatorExecutions extends StepFunctionsStarts implements OperatedExecutions {
  constructor(stepFunctions: SFNClient, stateMachineArn: string, private readonly jobTable: DynamoTable) {
    super(stepFunctions, stateMachineArn);
  }

  async jobOf(executionArn: string): Promise<string | undefined> {
    return (await this.jobTable.get<ExecutionItem>(itemKey(executionArn, EXECUTION_SORT_KEY)))?.claimed_file_id;
  }
}
