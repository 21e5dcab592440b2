/**
 * The types of a module for `RecordTransform.fromModule`; there is nothing to import at run time. In a comment before
 * the function:
 * `@type {import('cdk-csv-chunk-pipeline/transform').RecordTransformFunction}`
 */

/** `object`: the rescue column. What each type of a schema becomes stands in docs/transforms.md. */
export type TransformValue = string | boolean | number | bigint | object | null;

/** By field, in the schema's order. */
export type TransformRecord = Record<string, TransformValue>;

export interface TransformContext {
  /**
   * Refuses the record: it goes to the quarantine with this message, whatever is returned then.
   *
   * @param column the field to blame; default: the record as a whole
   */
  reject(message: string, column?: string): null;
}

/** The record to publish, or null to leave it out. A field that is left out or undefined is published as null. */
export type TransformResult = object | null;

/**
 * What a module exports as its default. What it throws refuses the record, with its message.
 *
 * @typeParam Input the fields by name; default: any field may hold any value
 */
export type RecordTransformFunction<Input = TransformRecord> = (record: Input, context: TransformContext) => TransformResult | Promise<TransformResult>;
