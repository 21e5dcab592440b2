import * as path from 'node:path';
import { App, CfnElement, CfnParameter, DefaultStackSynthesizer, Duration, IResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { StorageClass } from 'aws-cdk-lib/aws-s3';
import { Subscription, SubscriptionProtocol } from 'aws-cdk-lib/aws-sns';
import { FAILURE_EMAIL_VARIABLE, isOpen, Settings } from './settings';
// In a project of your own: from 'cdk-csv-chunk-pipeline'.
import { CsvChunkPipeline, FieldsMatch, FieldType, JobAlarms, JobNotifications, TableSchema } from '../../src';

/** A resource of a CloudFormation template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly DependsOn?: string | string[];
  readonly DeletionPolicy?: string;
  readonly [other: string]: unknown;
}

export interface PipelineTemplate {
  readonly resources: Readonly<Record<string, TemplateResource>>;
  /** Logical id of the function by which the operator's commands find the pipeline. */
  readonly sweepFunction: string;
  /** Logical id of the queue that holds what could not be delivered. */
  readonly deadLetterQueue: string;
  /** The Terraform variable that takes the place of each parameter of CloudFormation. */
  readonly variables: Readonly<Record<string, string>>;
  /** Where the code of the functions lies that have assets in the template. */
  readonly assembly: string;
}

/**
 * The team's pipeline, with its notifications and alarms, as an AWS CDK stack of its own: what the Terraform stack is
 * made of. Throws what the construct's checks of the settings throw.
 *
 * @param name the stack's, which is part of the pipeline's id in metrics, events and reports
 * @param assembly the directory that template and assets are written to
 */
export function synthesizePipeline(name: string, settings: Settings, assembly: string): PipelineTemplate {
  const app = new App({ outdir: assembly, analyticsReporting: false, treeMetadata: false });
  const stack = new Stack(app, name, {
    env: isOpen(settings) ? undefined : { account: settings.accountId, region: settings.region },
    synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
  });

  const required = { required: true };
  const pipeline = new CsvChunkPipeline(stack, 'Payments', {
    schema: TableSchema.fromFields([
      { name: 'transaction_id', constraints: required },
      { name: 'customer_id', constraints: required },
      { name: 'amount', type: FieldType.DECIMAL, precision: 18, scale: 2, constraints: required },
      { name: 'timestamp', type: FieldType.DATETIME, formats: ['default', '%Y-%m-%d %H:%M:%S', '%m/%d/%Y %H:%M'], constraints: required },
      // Other columns may be there, in any order; they are not published.
    ], { fieldsMatch: FieldsMatch.SUBSET }),
    prefixes: { incoming: 'raw/' },
    lifecycle: { processed: { transition: { storageClass: StorageClass.GLACIER, after: Duration.days(90) } } },
    tags: { Environment: 'Production', Project: 'ETL-Pipeline' },
    environmentSuffix: settings.environmentSuffix,
    removalPolicy: settings.removalPolicy === 'destroy' ? RemovalPolicy.DESTROY : undefined,
  });
  const notifications = new JobNotifications(stack, 'Notifications', { pipeline, failureEmails: isOpen(settings) ? [] : settings.failureEmails });
  new JobAlarms(stack, 'Alarms', { pipeline, around: [notifications], actions: [new SnsAction(notifications.failureTopic)] });

  const variables: Record<string, string> = {};
  if (isOpen(settings)) {
    const email = new CfnParameter(stack, 'FailureEmail');
    variables[stack.resolve(email.logicalId)] = FAILURE_EMAIL_VARIABLE;
    new Subscription(stack, 'FailureEmailSubscription', {
      topic: notifications.failureTopic, protocol: SubscriptionProtocol.EMAIL, endpoint: email.valueAsString,
    });
  }

  const artifact = app.synth().getStackArtifact(stack.artifactId);
  const errors = artifact.messages.filter(({ level }) => level === 'error').map(({ entry }) => String(entry.data));
  if (errors.length > 0) throw new Error(errors.join('\n'));
  const idOf = ({ node }: IResource) => stack.getLogicalId(node.defaultChild as CfnElement);
  return {
    resources: artifact.template.Resources,
    sweepFunction: idOf(pipeline.sweepJobsFunction),
    deadLetterQueue: idOf(pipeline.deadLetterQueue),
    variables,
    assembly: path.resolve(assembly),
  };
}
