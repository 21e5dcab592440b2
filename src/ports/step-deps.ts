/**
 * What the steps need from outside. The Lambda handlers provide it with AWS clients, the preflight command with the
 * local disk; the code of the steps is the same.
 */
import { Executions } from './executions';
import { JobTable } from './jobs';
import { Events, Log, Meter, Notifications } from './observers';
import { OutputStore } from './output';
import { Regions } from './regions';
import { SourceMover, SourceStore } from './source';
import { UserCode } from './user-code';
import { JobContract } from '../contract/job-contract';

/** Each step takes a subset of these. */
export interface StepDeps {
  readonly jobs: JobTable;
  readonly source: SourceStore;
  readonly mover: SourceMover;
  readonly output: OutputStore;
  readonly userCode: UserCode;
  readonly events: Events;
  /** Undefined: the event bus alone hears of jobs' ends. */
  readonly notifications: Notifications | undefined;
  readonly executions: Executions;
  /** Undefined: the pipeline has one region, and nothing stands by. */
  readonly regions?: Regions;
  /** The deployed settings. From PlanChunks on a job has its own copy of them, see job-plan.ts. */
  readonly contract: JobContract;
  readonly now: () => Date;
  /** Milliseconds until the step is ended from outside; infinite where nobody does. */
  readonly timeLeft: () => number;
  /** Another one at each call, which no other job has either. */
  readonly newId: () => string;
  /** False: the exact path takes every record, to the same outcome. */
  readonly fastPath: boolean;
  /** Up to this size the SLA holds for a file's job: its age is measured. */
  readonly slaFileSizeBytes: number;
  /** Bytes of key shards that FinalizeJob may hold. */
  readonly keyBufferBytes: number;
  readonly log: Log;
  readonly meter: Meter;
}
