import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';

/**
 * A pipeline or a part that stands around it: what alarms and dashboards look at. Beside what is named here they look at
 * the event rules, REST APIs and queues that are in the construct.
 */
export interface IMonitored extends IConstruct {
  /** Its functions, by what each does: `ValidateFile`, `PlanChunks` … */
  readonly functions: { [step: string]: lambda.Function };

  /**
   * Takes what could not be delivered, and what a function failed on that was called asynchronously. Every function has
   * it; one that is called synchronously, as those of the state machine's steps are, never uses it: its caller waits for
   * the answer, and acts where there is none.
   */
  readonly deadLetterQueue: sqs.IQueue;
}
