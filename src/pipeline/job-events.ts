import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../contract/payloads';
import { templateProperties } from '../synth/template-properties';

/** The events of jobs that ended, on the account's default bus. */
export class JobEvents extends Construct {
  readonly bus: events.IEventBus;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bus = events.EventBus.fromEventBusName(this, 'Bus', 'default');
  }

  /** FinalizeJob, CloseJob and SweepJobs report how a job ended. */
  grantPut(grantee: iam.IGrantable): iam.Grant {
    return this.bus.grantPutEventsTo(grantee);
  }
}

/** Matches one kind of event of one pipeline. */
export function jobEndedPattern(pipelineId: string, detailType: string): events.EventPattern {
  return { source: [EVENT_SOURCE], detailType: [detailType], detail: { pipelineId: [pipelineId] } };
}

/** A rule may get its targets later, but without any it tells nobody. */
export function expectTarget(rule: events.Rule): void {
  rule.node.addValidation({
    validate: () => templateProperties(rule.node.defaultChild as events.CfnRule).Targets === undefined
      ? [`target must be given with ${rule.node.id}, or added to its rule (addTarget), got none: nobody would be told`] : [],
  });
}
