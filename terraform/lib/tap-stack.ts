import * as path from 'node:path';
import { DataAwsCallerIdentity } from '@cdktn/provider-aws/lib/data-aws-caller-identity';
import { DataAwsPartition } from '@cdktn/provider-aws/lib/data-aws-partition';
import { AwsProvider } from '@cdktn/provider-aws/lib/provider';
import { App, S3Backend, S3BackendConfig, TerraformLocal, TerraformOutput, TerraformStack, TerraformVariable } from 'cdktn';
import { Construct } from 'constructs';
import { Expression, render, Text } from './expressions';
import { Alarm, BundledFunction, DataBucket, EventRule, LogGroup, Queue, Role, StateMachine, Table, Topic } from './modules';
import { synthesizePipeline } from './pipeline-template';
import { ALARM, BUCKET, FUNCTION, LOG_GROUP, QUEUE, ROLE, RULE, STATE_MACHINE, TABLE, TOPIC } from './resource-table';
import { checkSettings, FAILURE_EMAIL_VARIABLE, FixedSettings, isOpen, REGION_VARIABLE, Settings } from './settings';
import { TerraformParts } from './terraform-parts';

/** OpenTofu begins with 1.6. */
const TERRAFORM_VERSION = '>= 1.6.0';

/** The arguments are those of 6.66, of which the bindings were generated. */
const AWS_PROVIDER_VERSION = '~> 6.66';

/**
 * The team's pipeline for payments, as Terraform deploys it: files in S3, the workflow that processes them, who is told
 * how each job ended, and alarms. What each resource is like comes from the construct of the CDK: see
 * pipeline-template.ts.
 */
export class TapStack extends TerraformStack {
  constructor(scope: Construct, id: string, private readonly settings: Settings) {
    super(scope, id);
    checkSettings(settings);
    this.checkNeighbours();
    this.addOverride('terraform.required_version', TERRAFORM_VERSION);
    this.addOverride('terraform.required_providers.aws.version', AWS_PROVIDER_VERSION);
    const place = isOpen(settings) ? this.openPlace() : this.fixedPlace(settings);
    const assembly = path.join(App.of(this).outdir, 'cdk', id);
    const template = synthesizePipeline(id, settings, assembly);
    const pipeline = new TerraformParts(template, place);
    pipeline.locals.forEach((expression, name) => new TerraformLocal(this, name, render([expression])));

    // Where files land and what comes of them goes; which jobs there are.
    const buckets = pipeline.of(BUCKET).map((bucket) => new DataBucket(this, bucket.id, bucket.props));
    const tables = pipeline.of(TABLE).map((table) => new Table(this, table.id, table.props));

    // Who is told of jobs that have ended, and where events go that nobody could take.
    const queues = pipeline.of(QUEUE).map((queue) => new Queue(this, queue.id, queue.props));
    const topics = pipeline.of(TOPIC).map((topic) => new Topic(this, topic.id, topic.props));

    // The steps, the workflow that calls them, what each may do, and where each writes its log.
    pipeline.of(LOG_GROUP).forEach((group) => new LogGroup(this, group.id, group.props));
    pipeline.of(ROLE).forEach((role) => new Role(this, role.id, role.props));
    const steps = pipeline.of(FUNCTION).map((step) => new BundledFunction(this, step.id, step.props));
    const workflows = pipeline.of(STATE_MACHINE).map((workflow) => new StateMachine(this, workflow.id, workflow.props));

    // What starts the workflow for a file, closes its job when it could not, and looks for what was left.
    pipeline.of(RULE).forEach((rule) => new EventRule(this, rule.id, rule.props));

    pipeline.of(ALARM).forEach((alarm) => new Alarm(this, alarm.id, alarm.props));

    buckets.forEach(({ bucket }) => new TerraformOutput(this, 'bucket', { value: bucket.bucket }));
    tables.forEach(({ table }) => new TerraformOutput(this, 'job_table', { value: table.name }));
    topics.forEach(({ topic }) => new TerraformOutput(this, 'failure_topic_arn', { value: topic.arn }));
    workflows.forEach(({ stateMachine }) => new TerraformOutput(this, 'state_machine_arn', { value: stateMachine.arn }));
    // Without a stack of CloudFormation the operator's commands find the pipeline by this function.
    steps.filter(({ node }) => node.id === template.sweepFunction)
      .forEach(({ function: sweep }) => new TerraformOutput(this, 'sweep_function', { value: sweep.functionName }));
    queues.filter(({ node }) => node.id === template.deadLetterQueue)
      .forEach(({ queue }) => new TerraformOutput(this, 'dead_letter_queue_url', { value: queue.url }));
  }

  /** One account and region, and a backend, that the settings name. */
  private fixedPlace({ region, accountId, backend }: FixedSettings): Record<string, Text> {
    new AwsProvider(this, 'aws', { region, allowedAccountIds: [accountId] });
    new S3Backend(this, { ...backend, encrypt: true });
    return { 'AWS::Region': [region], 'AWS::AccountId': [accountId], ...this.partition() };
  }

  /** The region is a variable, the account that of the credentials, and the backend given to `terraform init`. */
  private openPlace(): Record<string, Text> {
    new TerraformVariable(this, REGION_VARIABLE, { type: 'string', description: 'The region to deploy to, such as us-east-1' });
    new TerraformVariable(this, FAILURE_EMAIL_VARIABLE, { type: 'string', description: 'Gets an e-mail for each job that failed, and for each alarm' });
    const region = new Expression(`var.${REGION_VARIABLE}`);
    new AwsProvider(this, 'aws', { region: render([region]) });
    new S3Backend(this, { encrypt: true } as S3BackendConfig);
    new DataAwsCallerIdentity(this, 'caller');
    const accountId = new Expression('data.aws_caller_identity.caller.account_id');
    return { 'AWS::Region': [region], 'AWS::AccountId': [accountId], ...this.partition() };
  }

  private partition(): Record<string, Text> {
    new DataAwsPartition(this, 'partition');
    return { 'AWS::Partition': [new Expression('data.aws_partition.partition.partition')] };
  }

  /**
   * Each stack is a pipeline in an app of its own to the construct, which therefore cannot see two that share names.
   */
  private checkNeighbours(): void {
    for (const other of this.node.scope!.node.children) {
      if (!(other instanceof TapStack) || other === this) continue;
      const [mine, theirs] = [this.settings, other.settings];
      if (mine.environmentSuffix === theirs.environmentSuffix && mayMeet(mine, theirs)) {
        throw new Error('environmentSuffix must differ between stacks of one account and region, because it ends all names, '
          + `got ${JSON.stringify(mine.environmentSuffix)} for both ${other.node.id} and ${this.node.id}`);
      }
      if (!isOpen(mine) && !isOpen(theirs) && mine.backend.bucket === theirs.backend.bucket && mine.backend.key === theirs.backend.key) {
        throw new Error('backend.key must differ between stacks whose states lie in one bucket, '
          + `got ${JSON.stringify(mine.backend.key)} for both ${other.node.id} and ${this.node.id}`);
      }
    }
  }
}

/** In one account and region; what is open may be any. */
function mayMeet(one: Settings, other: Settings): boolean {
  return isOpen(one) || isOpen(other) || (one.accountId === other.accountId && one.region === other.region);
}
