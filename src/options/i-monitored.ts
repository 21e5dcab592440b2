import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';

/** A pipeline or a part that stands around it: what alarms and dashboards look at. */
export interface IMonitored extends IConstruct {
  /** Its functions, by what each does: `ValidateFile`, `PlanChunks` … */
  readonly functions: { [step: string]: lambda.Function };

  /** Takes what could not be delivered, and what a function failed on. */
  readonly deadLetterQueue: sqs.IQueue;
}
