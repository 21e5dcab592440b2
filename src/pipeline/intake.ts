import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ResourceNames } from './names';
import { Settings } from './settings';
import { Storage } from './storage';
import { keyPatterns } from './suffixes';

export interface IntakeProps {
  readonly storage: Storage;
  readonly stateMachine: sfn.IStateMachine;
  readonly deadLetterQueue: sqs.IQueue;
  readonly settings: Settings;
  readonly names: ResourceNames;
}

/** A file that lands starts the workflow. */
export class Intake extends Construct {
  readonly rules: events.IRule[];

  constructor(scope: Construct, id: string, props: IntakeProps) {
    super(scope, id);
    const { storage, stateMachine, deadLetterQueue, settings, names } = props;

    const role = new iam.Role(this, 'Role', {
      roleName: names.role('intake'),
      assumedBy: new iam.ServicePrincipal('events.amazonaws.com'),
    });
    const target = new targets.SfnStateMachine(stateMachine, { role, deadLetterQueue });
    this.rules = keyPatterns(settings.prefixes.incoming, settings.suffixes).map((key, index) => new events.Rule(this, `Rule${index + 1}`, {
      ruleName: names.regional('rule', `object-created-${index + 1}`),
      description: 'A file has landed: start the workflow',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [storage.sourceBucket.bucketName] },
          object: { key },
        },
      },
      targets: [target],
    }));
    // The policy that lets an execution start the Map's children comes after the state machine: no file may come before
    // it.
    for (const rule of this.rules) rule.node.addDependency(stateMachine);
  }
}
