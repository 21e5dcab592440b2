/**
 * Environment variables that cross from the construct to a handler. The construct writes `environment: {…} satisfies
 * Env<typeof PLAN_CHUNKS_ENV>`, the handler reads `readEnv(PLAN_CHUNKS_ENV)`: a name that is left out on one side does
 * not compile. Settings do not travel here (Lambda's environment holds 4 KB) but in the contract beside the handler's
 * code, see `job-contract.ts`.
 */
export type Env<Names extends readonly string[]> = { readonly [Name in Names[number]]: string };
/** Variables that a function may have: of some pipelines, of what stands around them, or set by whoever runs one. */
export type OptionalEnv<Names extends readonly string[]> = { readonly [Name in Names[number]]?: string };

export const VALIDATE_FILE_ENV = ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME'] as const;
export const PLAN_CHUNKS_ENV = ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME'] as const;
export const PROCESS_CHUNK_ENV = ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME'] as const;
/** The preflight command reads these too. */
export const PROCESS_CHUNK_OPTIONAL_ENV = ['CSV_FAST_PATH'] as const;
/** ProcessChunk reads these too where a transform is a function. The ARN may have a qualifier. */
export const TRANSFORM_FUNCTION_ENV = ['TRANSFORM_FUNCTION_ARN'] as const;
/** All steps, `JobApi` and `QualityCheck` read these too where the pipeline has two regions: see `Regions`. */
export const REGIONS_ENV = ['OWN_REGION', 'PRIMARY_REGION', 'OWN_BUCKET_NAME'] as const;
export const FINALIZE_JOB_ENV = ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME', 'EVENT_BUS_NAME'] as const;
export const MOVE_SOURCE_ENV = ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME'] as const;
export const CLOSE_JOB_ENV = ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME', 'EVENT_BUS_NAME'] as const;
/** FinalizeJob, CloseJob and SweepJobs read these too where JobNotifications stands beside the pipeline. */
export const NOTIFICATIONS_ENV = ['NOTIFICATION_QUEUE_URL', 'NOTIFICATION_GROUPING', 'FAILURE_TOPIC_ARN'] as const;
/** The same functions read this too where the SLA of `JobAlarms` is for files of another size than `DEFAULT_SLA_FILE_SIZE_BYTES`. */
export const SLA_ENV = ['SLA_FILE_SIZE_BYTES'] as const;
/** As in `FileKeys`. `FILE_SUFFIXES`: a JSON array. */
export const FILE_KEYS_ENV = ['SOURCE_BUCKET_NAME', 'INCOMING_PREFIX', 'FILE_SUFFIXES', 'SUFFIX_CASE'] as const;
/** `INTAKE`: an `IntakeName`. */
export const SWEEP_JOBS_ENV = ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME', 'EVENT_BUS_NAME', 'STATE_MACHINE_ARN', 'INTAKE', ...FILE_KEYS_ENV] as const;
/**
 * SweepJobs has these too. The operator's commands read them from its configuration, where no stack of CloudFormation
 * tells them where the pipeline is.
 */
export const PIPELINE_ADDRESS_ENV = ['PIPELINE_ID', 'JOB_TABLE_NAME', 'STATE_MACHINE_ARN', 'DEAD_LETTER_QUEUE_URL'] as const;
export const START_JOBS_ENV = ['STATE_MACHINE_ARN', 'DEAD_LETTER_QUEUE_URL', ...FILE_KEYS_ENV] as const;

/** Of `JobApi`; times in seconds. */
export const JOB_API_ENV = [
  'JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME', 'STATE_MACHINE_ARN', 'RESUME_WINDOW_SECONDS', 'LINK_EXPIRY_SECONDS', ...FILE_KEYS_ENV,
] as const;
/** Of `JobCatalog`. */
export const ADD_PARTITION_ENV = ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME', 'CATALOG_DATABASE_NAME', 'CATALOG_TABLE_NAME'] as const;

/** Of `QualityCheck`. */
export const QUALITY_CHECK_ENV = ['JOB_TABLE_NAME', 'OUTPUT_BUCKET_NAME'] as const;
/** Set where there is a topic. */
export const QUALITY_CHECK_OPTIONAL_ENV = ['TOPIC_ARN'] as const;

/**
 * False: the exact path takes every record. The outcome is the same.
 *
 * @throws Error the variable says neither `on`, which is the default, nor `off`
 */
export function isFastPathOn({ CSV_FAST_PATH: word = '' }: OptionalEnv<typeof PROCESS_CHUNK_OPTIONAL_ENV>): boolean {
  // An empty variable is none: build servers export those.
  if (word !== '' && word !== 'on' && word !== 'off') throw new Error(`expected the environment variable CSV_FAST_PATH to be on or off, got ${JSON.stringify(word)}`);
  return word !== 'off';
}
