import { checkTransform } from './transform-check';
import { TransformContract } from './transform-contract';
import { checkAgreement } from '../spec/agreement';
import { checkBoolean, fail } from '../spec/descriptor-check';
import { checkDialect, Dialect } from '../spec/dialect';
import { checkInputSettings, InputSettings } from '../spec/input-settings';
import { checkOutputSettings, OutputSettings } from '../spec/output-settings';
import { Schema } from '../spec/schema';
import { checkTableSchema } from '../spec/schema-check';
import { uncheckedOf } from '../spec/unchecked';

/** What decides about the records of a file, in a pipeline as in the preflight command. */
export interface RecordSettings {
  readonly schema: Schema;
  readonly dialect: Dialect;
  readonly input: InputSettings;
  /** What becomes of valid records before they are published. Default: nothing. */
  readonly transform?: TransformContract;
  /** Default: plain JSON Lines. */
  readonly output?: OutputSettings;
  readonly chunkSizeBytes: number;
  readonly maxRecordSizeBytes: number;
  /** A job with more rejected records fails. Without this and the next, any rejected record fails the job. */
  readonly maxRejectedRecords?: number;
  /** 0 to 100. A job with a larger share of rejected records fails. */
  readonly maxRejectedPercentage?: number;
  /** False: a job that has records and would publish none of them fails. Default false. */
  readonly allowEmptyOutput?: boolean;
  /** True: a schema that asks for what no record is checked for is refused. False: it is told. Default false. */
  readonly strictSchema?: boolean;
}

/**
 * All that the settings must be, each by itself and together, but for what only the engine can say.
 *
 * @throws Error that names the setting, what it must be and what it is
 */
export function checkRecordSettings(settings: RecordSettings): void {
  const { schema, dialect, input, transform, output = {} } = settings;
  checkTableSchema(schema);
  checkDialect(dialect);
  checkInputSettings(input);
  checkAgreement(schema, dialect, input);
  if (transform?.outputSchema !== undefined) checkTableSchema(transform.outputSchema);
  if (transform !== undefined) checkTransform(schema, transform);
  checkOutputSettings(output, publishedSchema(settings));
  checkBoolean('allowEmptyOutput', settings.allowEmptyOutput);
  checkBoolean('strictSchema', settings.strictSchema);
  const unchecked = uncheckedBy(settings);
  if (settings.strictSchema === true && unchecked.length > 0) {
    fail('schema', 'ask for nothing that no record is checked for, because strictSchema is true', unchecked);
  }
}

/** What the schemas ask for and no record is checked for, a line each. */
export function uncheckedBy({ schema, transform }: Pick<RecordSettings, 'schema' | 'transform'>): string[] {
  return [...new Set([schema, transform?.outputSchema].flatMap((each) => each === undefined ? [] : uncheckedOf(each)))];
}

/** The schema of the published records. */
export function publishedSchema({ schema, transform }: Pick<RecordSettings, 'schema' | 'transform'>): Schema {
  return transform?.outputSchema ?? schema;
}
