/**
 * Environment variables that cross from the construct to a handler. The construct writes
 * `environment: {…} satisfies Env<typeof PLAN_CHUNKS_ENV>`, the handler reads `readEnv(PLAN_CHUNKS_ENV)`: a name that is
 * left out on one side does not compile. Settings do not travel here (Lambda's environment holds 4 KB) but in the
 * contract beside the handler's code, see `job-contract.ts`.
 */
export type Env<Names extends readonly string[]> = { readonly [Name in Names[number]]: string };

export const VALIDATE_FILE_ENV = ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME'] as const;
export const PLAN_CHUNKS_ENV = ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME'] as const;
export const PROCESS_CHUNK_ENV = ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME'] as const;
/** Of ProcessChunk too, where a transform is a function; its ARN may have a qualifier. */
export const TRANSFORM_FUNCTION_ENV = ['TRANSFORM_FUNCTION_ARN'] as const;
export const FINALIZE_JOB_ENV = ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME', 'EVENT_BUS_NAME'] as const;
export const MOVE_SOURCE_ENV = ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME'] as const;
export const CLOSE_JOB_ENV = ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME', 'EVENT_BUS_NAME'] as const;
