import { Duration, Size } from 'aws-cdk-lib';

/** Memory and time of one step's function. */
export interface FunctionSettings {
  /**
   * Memory, and with it the CPU share. Whole MiB, 512 MiB to 10,240 MiB; of FinalizeJob at least 1 GiB where the published
   * records have keys.
   *
   * @default - `memorySize` of the pipeline
   */
  readonly memorySize?: Size;

  /**
   * How long one run may take. 1 to 15 minutes, whole seconds, and less than `workflowTimeout`.
   *
   * @default - `timeout` of the pipeline
   */
  readonly timeout?: Duration;
}

/** Memory and time of those steps that need other ones than the rest. */
export interface StepSettings {
  /**
   * Reads the beginning of a file, and of a resumed job its chunks' items.
   *
   * @default - as the pipeline
   */
  readonly validateFile?: FunctionSettings;

  /**
   * Finds boundaries, in seconds; of a file that must be staged (compressed, of another encoding, a JSON array) it reads
   * and writes all in one run.
   *
   * @default - as the pipeline
   */
  readonly planChunks?: FunctionSettings;

  /**
   * One chunk a run: nearly all of a job's time and cost. It works on one thread and some 60 MB: above 1,769 MiB, which is
   * one whole CPU, only compression, uploads and a transform of yours gain.
   *
   * @default - as the pipeline
   */
  readonly processChunk?: FunctionSettings;

  /**
   * Proves and publishes. Where its time is up it goes on in another run.
   *
   * @default - as the pipeline
   */
  readonly finalizeJob?: FunctionSettings;

  /**
   * Copies inside of S3. Where its time is up it goes on in another run.
   *
   * @default - as the pipeline
   */
  readonly moveSource?: FunctionSettings;

  /**
   * Closes the job of an execution that failed.
   *
   * @default - as the pipeline
   */
  readonly closeJob?: FunctionSettings;

  /**
   * Looks at open jobs and at what lies under the incoming prefix. What it does not reach the next sweep does.
   *
   * @default - as the pipeline
   */
  readonly sweepJobs?: FunctionSettings;
}
