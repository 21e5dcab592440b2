export { CsvChunkPipeline } from './csv-chunk-pipeline';
export { type CsvChunkPipelineProps } from './csv-chunk-pipeline-props';
export { CsvDialect, type CsvDialectOptions } from './csv-dialect';
export { type DataLifecycle } from './data-lifecycle';
export { DenyDeletion } from './deny-deletion';
export { type KeyPrefixOptions } from './key-prefix-options';
export { type RetryPolicy } from './retry-policy';
export { type Constraints, type Field, FieldType, TableSchema, type TableSchemaOptions } from './table-schema';
