import { Schema } from '../spec/schema';

/** A user's own step over the valid records of a file. */
export type TransformContract = ModuleTransformContract | FunctionTransformContract;

/** A JavaScript module that lies beside ProcessChunk's code. */
export interface ModuleTransformContract {
  readonly kind: 'module';
  /** As the user named it, for messages. */
  readonly name: string;
  /** Relative to the handler's code, or absolute. */
  readonly file: string;
  /** SHA-256 of the file's bytes, hex: a job goes on with the module that it began with, or not at all. */
  readonly sha256: string;
  readonly outputSchema?: Schema;
}

/** A Lambda function; its ARN is in ProcessChunk's environment. */
export interface FunctionTransformContract {
  readonly kind: 'function';
  /** Most records in a call. */
  readonly batchSize: number;
  readonly outputSchema?: Schema;
}

/** The file name of a module beside ProcessChunk's `index.js`, before its extension. */
export const TRANSFORM_MODULE_STEM = 'transform';
/** The Lambda client beside ProcessChunk's `index.js`, where a transform is a function. */
export const INVOKE_FUNCTION_STEM = 'invoke-function';
export const INVOKE_FUNCTION_FILE = `${INVOKE_FUNCTION_STEM}.js`;

/** The key by which a function's answer refuses a record. */
export const REJECT_KEY = '$reject';
