import { StepFunctionsStarts } from './state-machine.client';
import { ExecutionInput } from '../contract/payloads';
import { Executions } from '../ports/executions';

/** As the steps need them: a name that was started before is no failure. */
export class StepFunctionsExecutions implements Executions {
  constructor(private readonly starts: StepFunctionsStarts) {}

  async start(name: string, input: ExecutionInput): Promise<void> {
    await this.starts.start(input, name);
  }

  async isRunning(executionArn: string): Promise<boolean> {
    // Of one that ended more than 90 days ago, or whose state machine is gone, nothing is known.
    return (await this.starts.state(executionArn))?.status === 'RUNNING';
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
