/**
 * What the steps of the state machine hand to each other. Only ids and verdicts travel; the job table holds the rest
 * (a state holds at most 256 KiB).
 */

/** S3's `Object Created` event as EventBridge delivers it. */
export interface ObjectCreatedEvent {
  readonly time?: string;
  readonly detail: {
    readonly bucket: { readonly name: string };
    readonly object: {
      readonly 'key': string;
      readonly 'size'?: number;
      readonly 'etag'?: string;
      readonly 'version-id'?: string;
      /**
       * JobApi's own, ISO 8601: when S3 says that the object came; `time` is only near to it. Where there are no versions this
       * tells the object from the same bytes sent again.
       */
      readonly 'last-modified'?: string;
    };
  };
}

/**
 * For a job that an infrastructure failure ended, started by hand: runs only the chunks that have no result. Also for
 * one that is being published, or whose source was not moved, started by the pipeline itself.
 */
export interface ResumeRequest {
  readonly resume: true;
  readonly fileId: string;
  /** Nothing is done unless this is still the job's run: of several resumes that the pipeline starts, one goes on. */
  readonly run?: number;
}

/**
 * Started by hand, for a job that has ended for good: its file is processed once more, as a job of its own. Also for one
 * that was lost with its region, started by the pipeline itself.
 */
export interface RerunRequest {
  readonly rerun: true;
  readonly fileId: string;
  /** However many executions are started so for one job, one job comes of them. */
  readonly once?: true;
}

/** What an execution of the state machine is started with. */
export type ExecutionInput = ObjectCreatedEvent | ResumeRequest | RerunRequest;

export interface ValidateFileInput {
  readonly event: ExecutionInput;
  readonly executionArn: string;
}

/**
 * - `VALID`: the job is claimed, go on to PlanChunks.
 * - `RESUMED`: the job is claimed again and has a plan already: go on to ProcessChunks with `manifestKey`.
 * - `PROCESSED`: the job is claimed again and has all its results: go on to FinalizeJob.
 * - `REJECTED`: the job holds a data verdict (wrong header, not text …): FinalizeJob carries it out, or tells of it
 *   again.
 * - `DUPLICATE`: the object version is claimed already. `IGNORED`: a directory marker. Nothing to do.
 * - `REFUSED`: nothing is done, and whoever started it should know why: the job failed before, or is not one to resume.
 */
export interface ValidateFileOutput {
  readonly status: 'VALID' | 'RESUMED' | 'PROCESSED' | 'REJECTED' | 'DUPLICATE' | 'IGNORED' | 'REFUSED';
  readonly fileId: string;
  /** With `RESUMED` only. */
  readonly manifestKey?: string;
  /** With `REFUSED` only: what the execution fails with. */
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

export interface JobInput {
  readonly fileId: string;
}

export interface PlanChunksOutput {
  /**
   * `REJECTED`: a data verdict. The object is gone or changed since it was claimed, or was not what its beginning
   * promised.
   */
  readonly status: 'PLANNED' | 'REJECTED';
  readonly fileId: string;
  /** The manifest that the Map reads, in the output bucket. */
  readonly manifestKey?: string;
}

/** One entry of the manifest: the input of one child of the Map. */
export interface ChunkTask {
  readonly fileId: string;
  readonly chunkId: string;
  /** Where the job's plan lies. */
  readonly planKey: string;
  /** `PROCESS` validates and writes; `SCAN` only maps where records can begin to where they end (the repair). */
  readonly task: 'PROCESS' | 'SCAN';
  /**
   * The job's run, and the round within it (0: the plan; 1 and 2: a repair; 3: without duplicates; 4: results whose
   * upload is gone). A worker of an earlier one changes nothing.
   */
  readonly run: number;
  readonly round: number;
  /** First byte of the chunk. */
  readonly start: number;
  /** First byte after the chunk. */
  readonly end: number;
  /** The list of the chunk's records that are not to be written, because an earlier one holds a key of theirs. */
  readonly exclusionsKey?: string;
  /** The attempt whose result is made again, because its upload is gone. */
  readonly replaces?: number;
}

export interface FinalizeJobOutput {
  /**
   * `NEXT_ROUND`: one more round of the Map, of wrong boundaries, of duplicates or of uploads that are gone, before the
   * job can end. `UNFINISHED`: the time was up; called again, the step goes on where it stood.
   */
  readonly status: 'PUBLISHED' | 'FAILED' | 'NEXT_ROUND' | 'UNFINISHED';
  readonly fileId: string;
  /** With `NEXT_ROUND`: the chunks to run now. */
  readonly manifestKey?: string;
}

/**
 * The end of the flow: what the execution succeeds or fails with. `UNFINISHED`: the time was up; called again, the step
 * goes on where it stood.
 */
export interface MoveSourceOutput {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'UNFINISHED';
  readonly fileId: string;
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** From the Catch of a step: an infrastructure failure. */
export interface CloseJobTaskInput {
  readonly executionArn: string;
  /** What the execution was started with. */
  readonly input: ExecutionInput;
  /** Step Functions' error output. */
  readonly error: { readonly Error?: string; readonly Cause?: string };
}

/** From EventBridge: an execution that ended without closing its job. */
export interface ExecutionEndedEvent {
  readonly detail: {
    readonly executionArn: string;
    readonly status: 'TIMED_OUT' | 'ABORTED' | 'FAILED';
    /** JSON text: what the execution was started with. Left out where it is very long. */
    readonly input?: string | null;
  };
}

export interface CloseJobOutput {
  /** `PUBLISHING`: the job's publication goes on, in an execution of its own. */
  readonly status: 'CLOSED' | 'NOTHING_TO_CLOSE' | 'PUBLISHING';
  readonly fileId?: string;
}

/** From Lambda: a batch of the intake queue. */
export interface StartJobsInput {
  readonly Records: ReadonlyArray<{ readonly messageId: string; readonly body: string }>;
}

/** To Lambda: the messages of the batch that are to come back. */
export interface StartJobsOutput {
  readonly batchItemFailures: ReadonlyArray<{ readonly itemIdentifier: string }>;
}

/**
 * Events on the bus, `source: EVENT_SOURCE`, `resources: [pipelineId]`, their detail a `JobMessage`. One for every job
 * that ends; delivered at least once.
 */
export const EVENT_SOURCE = 'cdk-csv-chunk-pipeline';
export const JOB_SUCCEEDED_EVENT = 'CSV Job Succeeded';
export const JOB_FAILED_EVENT = 'CSV Job Failed';
