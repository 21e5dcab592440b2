import { ExecutionInput } from '../contract/payloads';

/** The executions of the pipeline's state machine. */
export interface Executions {
  /** Starts one, unless one of this name was started before: at most 80 characters. */
  start(name: string, input: ExecutionInput): Promise<void>;
  /** False also when nothing is known of it any more. */
  isRunning(executionArn: string): Promise<boolean>;
}
