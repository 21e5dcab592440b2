import * as events from 'aws-cdk-lib/aws-events';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { expectEvents } from './event-notifications';
import { FunctionDefaults } from './pipeline-function';
import { Storage } from './storage';
import { fileKeysIn, keyPatterns } from './suffixes';
import { CONTRACT_FILE_NAME } from '../contract/job-contract';
import { allowRules } from '../options/intake';
import { BundledFunction } from '../synth/bundled-function';
import { jsonFile } from '../synth/handler-code';

export interface FileIntakeProps extends FunctionDefaults {
  readonly storage: Storage;
  readonly stateMachine: sfn.IStateMachine;
}

/** What the prop `intake` makes of the files that land. */
export class FileIntake extends Construct {
  readonly rules: events.IRule[];
  readonly queue?: sqs.IQueue;
  readonly functions: BundledFunction[];

  constructor(scope: Construct, id: string, private readonly props: FileIntakeProps) {
    super(scope, id);
    const { storage, stateMachine, deadLetterQueue, contract, names, settings } = props;
    const { runtime, logRetention, removalPolicy } = settings;
    const rendered = settings.intake._render(this, {
      stateMachine,
      deadLetterQueue,
      fileKeys: fileKeysIn(storage.sourceBucket, settings),
      rulesTo: (target) => this.rulesTo(target),
      functionProps: {
        codeFiles: { [CONTRACT_FILE_NAME]: jsonFile(contract) }, deadLetterQueue, runtime, logRetention, removalPolicy, naming: names,
      },
    });
    this.rules = rendered.rules;
    this.queue = rendered.queue;
    this.functions = rendered.functions;
  }

  private rulesTo(target: events.IRuleTarget): events.IRule[] {
    const { storage: { sourceBucket, prefixes }, stateMachine, deadLetterQueue, settings: { suffixes, suffixCase }, names } = this.props;
    expectEvents(this, sourceBucket, () => this.queue);
    // The target's own `deadLetterQueue` would add a statement to its policy for each rule: see `allowRules`.
    const kept: events.IRuleTarget = { bind: (rule, id) => ({ ...target.bind(rule, id), deadLetterConfig: { arn: deadLetterQueue.queueArn } }) };
    const rules = keyPatterns(prefixes.incoming, suffixes, suffixCase).map((key, index) => new events.Rule(this, `Rule${index + 1}`, {
      ruleName: names.regional('rule', `object-created-${index + 1}`),
      description: 'A file has landed: start the workflow',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [sourceBucket.bucketName] },
          object: { key },
        },
      },
      targets: [kept],
    }));
    // The policy that lets an execution start the Map's children comes after the state machine: no file may come before
    // it.
    for (const rule of rules) rule.node.addDependency(stateMachine);
    deadLetterQueue.addToResourcePolicy(allowRules(rules, deadLetterQueue));
    return rules;
  }
}
