/** CloudWatch metrics, emitted by the handlers (EMF) and read by the construct's `metric…` methods. */
export const DEFAULT_METRICS_NAMESPACE = 'CsvChunkPipeline';
/** The dimension of all metrics: the pipeline's id. */
export const PIPELINE_DIMENSION = 'Pipeline';
/** A second one, of `RecordsRejected` alone: why the records were rejected. Without it, it is their sum. */
export const CODE_DIMENSION = 'Code';

/** Up to which size a file's job is in `OldestSlaJobAge`, unless the functions are told another one. */
export const DEFAULT_SLA_FILE_SIZE_BYTES = 100 * 1024 * 1024;

export const METRICS = {
  filesReceived: 'FilesReceived',
  jobsSucceeded: 'JobsSucceeded',
  jobsFailed: 'JobsFailed',
  jobsRejected: 'JobsRejected',
  jobsInterrupted: 'JobsInterrupted',
  recordsRead: 'RecordsRead',
  recordsWritten: 'RecordsWritten',
  recordsRejected: 'RecordsRejected',
  recordsFiltered: 'RecordsFiltered',
  bytesProcessed: 'BytesProcessed',
  chunkRepairs: 'ChunkRepairs',
  jobDuration: 'JobDuration',
  openJobs: 'OpenJobs',
  jobsWaiting: 'JobsWaiting',
  oldestOpenJobAge: 'OldestOpenJobAge',
  oldestSlaJobAge: 'OldestSlaJobAge',
  oldestFileAge: 'OldestFileAge',
} as const;

/** Of constructs around the pipeline, which read them themselves. */
export const AROUND_METRICS = { qualityFindings: 'QualityFindings', qualityChecks: 'QualityChecks' } as const;

/**
 * The label of the Map: Step Functions' own metrics of the executions that process chunks are those of
 * `<state machine ARN>/<label>`. Without one it would be another one in each execution.
 */
export const MAP_LABEL = 'ProcessChunks';

export type MetricName = (typeof METRICS)[keyof typeof METRICS] | (typeof AROUND_METRICS)[keyof typeof AROUND_METRICS];

/** The unit of each metric, as CloudWatch names it. */
export const METRIC_UNITS: Readonly<Record<MetricName, 'Count' | 'Bytes' | 'Milliseconds' | 'Seconds'>> = {
  FilesReceived: 'Count',
  JobsSucceeded: 'Count',
  JobsFailed: 'Count',
  JobsRejected: 'Count',
  JobsInterrupted: 'Count',
  RecordsRead: 'Count',
  RecordsWritten: 'Count',
  RecordsRejected: 'Count',
  RecordsFiltered: 'Count',
  BytesProcessed: 'Bytes',
  ChunkRepairs: 'Count',
  JobDuration: 'Milliseconds',
  OpenJobs: 'Count',
  JobsWaiting: 'Count',
  OldestOpenJobAge: 'Seconds',
  OldestSlaJobAge: 'Seconds',
  OldestFileAge: 'Seconds',
  QualityFindings: 'Count',
  QualityChecks: 'Count',
};
