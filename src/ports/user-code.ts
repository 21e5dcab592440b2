import { ModuleTransformContract } from '../contract/transform-contract';
import { UserFunction } from '../engine/transform/module-transform';

export { type UserFunction } from '../engine/transform/module-transform';

/** Calls the user's Lambda function once. Rejects when it could not be called. */
export type Invoke = (request: string) => Promise<InvokeResult>;

export interface InvokeResult {
  /** The function threw, ran out of time or memory, or its answer was larger than Lambda allows. */
  readonly hasFailed: boolean;
  /** JSON text: the function's answer, or its error. */
  readonly answer: string;
}

/** The user's own code, which transforms records. */
export interface UserCode {
  /** Calls the Lambda function that the pipeline was deployed with. */
  readonly invoke: Invoke;
  /** The function that a module exports. Rejects with an error that names the module when there is none. */
  load(module: ModuleTransformContract): Promise<UserFunction>;
}
