/** CloudWatch metrics, emitted by the handlers (EMF) and read by the construct's `metric…` methods. */
export const DEFAULT_METRICS_NAMESPACE = 'CsvChunkPipeline';
/** The one dimension: the pipeline's id. */
export const PIPELINE_DIMENSION = 'Pipeline';

export const METRICS = {
  jobsSucceeded: 'JobsSucceeded',
  jobsFailed: 'JobsFailed',
  recordsRead: 'RecordsRead',
  recordsWritten: 'RecordsWritten',
  recordsRejected: 'RecordsRejected',
  recordsFiltered: 'RecordsFiltered',
  bytesProcessed: 'BytesProcessed',
  chunkRepairs: 'ChunkRepairs',
  jobDuration: 'JobDuration',
  qualityFindings: 'QualityFindings',
} as const;

/** The unit of each metric, as CloudWatch names it. */
export const METRIC_UNITS: Readonly<Record<(typeof METRICS)[keyof typeof METRICS], 'Count' | 'Bytes' | 'Milliseconds'>> = {
  JobsSucceeded: 'Count',
  JobsFailed: 'Count',
  RecordsRead: 'Count',
  RecordsWritten: 'Count',
  RecordsRejected: 'Count',
  RecordsFiltered: 'Count',
  BytesProcessed: 'Bytes',
  ChunkRepairs: 'Count',
  JobDuration: 'Milliseconds',
  QualityFindings: 'Count',
};
