import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';
import { TableSchema } from './table-schema';
import { Env, TRANSFORM_FUNCTION_ENV } from '../contract/env';
import { TransformContract } from '../contract/transform-contract';
import { CodeFiles, invokeFunctionFiles } from '../synth/handler-code';
import { checkInteger, checkIsA } from '../synth/prop-checks';
import { checkObject, isText } from '../synth/prop-types';
import { ModuleFile, readModule } from '../user-files/module-file';

/** What holds for every transform. */
export interface RecordTransformOptions {
  /**
   * What the records that the transform returns must be, where it adds, removes or changes fields: the published
   * records have these columns, in this order, and its keys. A key of the pipeline's schema whose fields are all still
   * there must be a key here too, of whatever kind; where one of its fields is gone, there must be some key.
   *
   * What counts are the fields' names, types, `precision`, `scale`, `trueValues`, `falseValues`, `timezone`, formats of
   * strings and constraints, the keys and the `rescueColumn`. What tells how a file is written (`fieldsMatch`,
   * `headerCase`, `aliases`, `missingValues`, `trim`, formats of dates, `decimalChar`, `groupChar`, `groupChars`,
   * `bareNumber`, `negativeNotations`) may be there, so that fields of the pipeline's schema can be taken as they are, and is not
   * applied.
   *
   * @default - the pipeline's schema
   */
  readonly outputSchema?: TableSchema;
}

/** How a function is called. */
export interface FunctionTransformOptions extends RecordTransformOptions {
  /**
   * Most records in a call, 1 to 100,000; fewer where they take more than 3 MiB as JSON. A function that is slow for
   * each record, or whose answers are much larger than its requests, needs a smaller one.
   *
   * @default 5000
   */
  readonly batchSize?: number;
}

function schemaOf(options: RecordTransformOptions) {
  const { outputSchema } = checkObject('options', options);
  return outputSchema === undefined ? undefined : checkIsA(TableSchema, 'outputSchema', outputSchema)._descriptor;
}

export const MAX_BATCH_SIZE = 100_000;

/**
 * Your own step: takes each valid record of a file, and returns the record to publish, or null to leave it out (such
 * records are counted as filtered), or refuses it (reject code `transform`). Every record read is published,
 * quarantined or filtered, and the job proves it.
 *
 * A record is an object with the schema's fields, in its order:
 *
 * | type | value |
 * |---|---|
 * | `string`, `decimal` | string |
 * | `date`, `datetime` | string, as published: `2024-05-01`, `2024-05-01T10:00:00.000Z` |
 * | `boolean` | boolean |
 * | `integer` | number; beyond ±(2^53 - 1), where numbers have gaps, a bigint (for a function: a string) |
 * | `number` | number; a string where a double would not give all its digits back |
 * | none | null |
 *
 * What comes back is checked by the schema (by `outputSchema`, where there is one), as if it were read in published
 * form: a field that is not in it, a value of another type or outside its constraints makes the record a reject that
 * names the field; a field that is left out is null. Numbers may come back as strings, so that no digit is lost.
 *
 * The answer to a record must depend on that record alone: which records are processed together, in which order and how
 * often depends on chunks and retries.
 */
export class RecordTransform {
  /**
   * A JavaScript module whose default export (`module.exports` of CommonJS) is a function `(record, context) =>
   * record`; it may be async.
   * `context.reject(message, column?)` refuses the record; so does an exception, with its message.
   *
   * ```js
   * // drop-tests.mjs
   * export default function (record, context) {
   *   if (record.account_id === 'TEST') return null;
   *   if (Number(record.amount) > 1_000_000) return context.reject('needs a review', 'amount');
   *   return { ...record, merchant: record.merchant?.trim() };
   * }
   * ```
   *
   * Types for it: `RecordTransformFunction` of `cdk-csv-chunk-pipeline/transform`, see docs/transforms.md.
   *
   * The file alone goes to Lambda, beside the handler's code, without a bundler: what it imports must be part of
   * Node.js. It runs in the pipeline's own function, and so with its permissions. A running job keeps the module that
   * it began with; one that is resumed after another module was deployed fails, and says so.
   *
   * @param path of a .mjs, .cjs or .js file, absolute or relative to the working directory. What a .js file is, the
   *   next package.json says.
   * @throws when there is no such file (a folder is none), when it has another extension, and when the package.json
   *   that tells what a .js file is cannot be read. The module is not run at synth: what it exports is found out by the
   *   first job.
   */
  public static fromModule(path: string, options: RecordTransformOptions = {}): RecordTransform {
    isText('path', path);
    const file = readModule(path);
    const contract: TransformContract = {
      kind: 'module', name: file.name, file: file.stagedName, sha256: file.sha256, outputSchema: schemaOf(options),
    };
    return new RecordTransform(contract, file);
  }

  /**
   * A Lambda function of your own, in any runtime. It gets `{"records": [{…}, …]}` and answers `{"records": [{…}, null,
   * …]}`: for each record, in the same order, a record, null to leave it out, or `{"$reject": "message", "column":
   * "amount"}` (the column is optional).
   *
   * A call takes 3 MiB at most; a larger record is rejected. An answer takes 6 MB at most; for a larger one the
   * function is called again, with half of the records. Each worker makes 4 calls at a time, so the function runs up to
   * 4 x `maxConcurrency` times at once for each file that is processed at that time. Throttled calls are tried again,
   * and a chunk whose calls fail is run again as the pipeline's `retryPolicy` says: a function sees records more than
   * once. All calls of a chunk must end within the pipeline's `timeout`: a slow function needs a smaller `chunkSize`.
   *
   * With `fn.currentVersion` (and a removal policy that retains old versions) a running job keeps the code that it
   * began with; with `fn` itself or an alias it takes what is deployed at each call. A job that is resumed takes what
   * is deployed then.
   *
   * @param fn a function, a version or an alias, of the pipeline's region; the pipeline is allowed to invoke it. (All
   *   versions of it, where it is a version.) A function of another account must itself allow ProcessChunk's role.
   */
  public static fromFunction(fn: lambda.IFunction, options: FunctionTransformOptions = {}): RecordTransform {
    // JavaScript callers can pass anything.
    if (typeof (fn as lambda.IFunction | undefined)?.functionArn !== 'string') {
      throw new Error(`expected the transform function to be a Lambda function (lambda.IFunction), got ${fn === undefined ? 'nothing' : `a value of type ${typeof fn}`}`);
    }
    const contract: TransformContract = {
      kind: 'function',
      batchSize: checkInteger('batchSize', checkObject('options', options).batchSize ?? 5000, { min: 1, max: MAX_BATCH_SIZE }),
      outputSchema: schemaOf(options),
    };
    return new RecordTransform(contract, undefined, fn);
  }

  /** @internal */
  public readonly _contract: TransformContract;

  private constructor(contract: TransformContract, private readonly module?: ModuleFile, private readonly fn?: lambda.IFunction) {
    this._contract = contract;
  }

  /**
   * What lies beside the code of the function that runs the transform.
   *
   * @internal
   */
  public get _codeFiles(): CodeFiles {
    return this.module === undefined ? invokeFunctionFiles() : { [this.module.stagedName]: this.module.content };
  }

  /**
   * Undefined where the transform is no function.
   *
   * @internal
   */
  public get _environment(): Env<typeof TRANSFORM_FUNCTION_ENV> | undefined {
    return this.fn && { TRANSFORM_FUNCTION_ARN: this.fn.functionArn };
  }

  /**
   * @throws when the transform is a function that the pipeline's could not reach
   * @internal
   */
  public _grant(processChunk: IConstruct & iam.IGrantable): void {
    if (this.fn === undefined) return;
    checkRegion(this.fn, processChunk);
    // Not by `grantInvoke`, which throws for a function of another account: that one has its own say.
    iam.Grant.addToPrincipal({ grantee: processChunk, actions: ['lambda:InvokeFunction'], resourceArns: invokableArns(this.fn) });
  }
}

function invokableArns(fn: lambda.IFunction): string[] {
  if (!isVersion(fn)) return [fn.functionArn];
  // All versions: a running job calls the one that it began with, also after a deployment that made another.
  const { functionArn } = fn.lambda;
  return [functionArn, `${functionArn}:*`];
}

/** An alias has a `version` too, but that is an object. */
function isVersion(fn: lambda.IFunction): fn is lambda.IVersion {
  return 'version' in fn && typeof fn.version === 'string';
}

/** Lambda's client knows the functions of one region. */
function checkRegion(fn: lambda.IFunction, processChunk: IConstruct): void {
  // What is imported by a qualified ARN does not tell where it is, the function below it does.
  const { region } = ('lambda' in fn ? fn.lambda as lambda.IFunction : fn).env;
  const own = Stack.of(processChunk).region;
  if (region !== own && !Token.isUnresolved(region) && !Token.isUnresolved(own)) {
    throw new Error(`transform must be a function of the pipeline's region (${own}), got one of ${region}`);
  }
}
