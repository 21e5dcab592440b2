import { ModuleTransformContract } from '../contract/transform-contract';
import { UserFunction } from '../engine/transform/module-transform';

/** Calls the user's Lambda function once. Rejects when it could not be called. */
export type Invoke = (request: string) => Promise<InvokeResult>;

export interface InvokeResult {
  /** The function threw, ran out of time or memory, or answered with more than Lambda carries. */
  readonly hasFailed: boolean;
  /** JSON: its answer, or its error. */
  readonly answer: string;
}

/** The user's own step over the records. */
export interface UserCode {
  /** Calls the Lambda function that the pipeline was deployed with. */
  readonly invoke: Invoke;
  /** The function that a module exports. Rejects, naming the module, where there is none. */
  load(module: ModuleTransformContract): Promise<UserFunction>;
}
