/** What the operator's commands need of a deployed pipeline, beside its job table. */
import { JobTable } from './jobs';
import { Regions } from './regions';
import { ExecutionInput } from '../contract/payloads';

export interface StackResource {
  readonly logicalId: string;
  /** `AWS::DynamoDB::GlobalTable` … */
  readonly type: string;
  /** A name, an ARN or an address, by the type. */
  readonly physicalId: string;
}

export interface Stacks {
  /**
   * @param stack a name or an ARN
   * @returns undefined when there is no such stack
   */
  resources(stack: string): Promise<StackResource[] | undefined>;
}

/** The environment variables that a function is deployed with. */
export type FunctionSettings = Readonly<Record<string, string>>;

export interface ExecutionState {
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'PENDING_REDRIVE';
  readonly error?: string;
  readonly cause?: string;
}

export interface StartedExecution {
  readonly executionArn: string;
  /** False: an execution of this name was started before, so that none is started now. */
  readonly isNew: boolean;
}

/** Executions of the pipeline's state machine, as somebody starts them from outside. */
export interface StartedExecutions {
  /** @param name of at most 80 characters. Default: a new one */
  start(input: ExecutionInput, name?: string): Promise<StartedExecution>;
  /** The ARN of the execution of this name. Undefined when there is none, or nothing is known of it any more. */
  find(name: string): Promise<string | undefined>;
}

/** The same, as somebody watches them. */
export interface OperatedExecutions extends Pick<StartedExecutions, 'start'> {
  /** Undefined when nothing is known of it any more. */
  state(executionArn: string): Promise<ExecutionState | undefined>;
  /** The file id of the job that the execution claimed or resumed last. */
  jobOf(executionArn: string): Promise<string | undefined>;
}

export interface DeadLetter {
  readonly id: string;
  readonly body: string;
  /** `ERROR_CODE`, `ERROR_MESSAGE` … of an event that could not be delivered. */
  readonly attributes: Readonly<Record<string, string>>;
  /** By which this reading of the message is deleted or released. */
  readonly receipt: string;
}

export interface DeadLetters {
  /** Some of the messages, unseen by others for two minutes. None: the queue is empty. */
  receive(most: number): Promise<DeadLetter[]>;
  delete(letter: DeadLetter): Promise<void>;
  /** Lets others see the message again at once. */
  release(letter: DeadLetter): Promise<void>;
}

/** Where the parts of one pipeline are. */
export interface PipelineAddress {
  /** Undefined in a standby: its stack has none, and its functions know the primary's. */
  readonly tableName?: string;
  readonly sweepFunctionName: string;
  readonly stateMachineArn: string;
  readonly queueUrl: string;
}

export interface OperatedPipeline {
  readonly jobs: Pick<JobTable, 'job' | 'jobsByStatus' | 'fence' | 'moveFence'>;
  /** Undefined: the pipeline has one. */
  readonly regions: () => Promise<Pick<Regions, 'own' | 'primary'> | undefined>;
  readonly executions: OperatedExecutions;
  readonly deadLetters: DeadLetters;
}
