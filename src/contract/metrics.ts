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
} as const;
