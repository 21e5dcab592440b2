import * as path from 'node:path';
import { Annotations, App, TerraformLocal, TerraformOutput, TerraformResource, TerraformStack } from 'cdktn';
import { Construct } from 'constructs';
import { Deployment } from './deployment';
import { render } from './expressions';
import { InputError } from './input-error';
import { Alarm, BundledFunction, DataBucket, EventRule, LogGroup, Queue, Role, StateMachine, Table, Topic } from './modules';
import { synthesizePipeline } from './pipeline-template';
import { ALARM, BUCKET, FUNCTION, LOG_GROUP, QUEUE, ROLE, RULE, STATE_MACHINE, TABLE, TOPIC } from './resource-table';
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
  constructor(scope: Construct, id: string, private readonly deployment: Deployment) {
    super(scope, id);
    this.checkNeighbours();
    this.addOverride('terraform.required_version', TERRAFORM_VERSION);
    this.addOverride('terraform.required_providers.aws.version', AWS_PROVIDER_VERSION);
    const pseudoParameters = deployment.configure(this);
    const template = synthesizePipeline(id, deployment, path.join(App.of(this).outdir, 'cdk', id));
    for (const warning of template.warnings) Annotations.of(this).addWarning(warning);
    const pipeline = new TerraformParts(template, pseudoParameters);
    pipeline.locals.forEach((expression, name) => new TerraformLocal(this, name, render([expression])));

    // Where files land and what comes of them goes; which jobs there are.
    const bucket = pipeline.only(BUCKET);
    const { bucket: data } = new DataBucket(this, bucket.id, bucket.props);
    const table = pipeline.only(TABLE);
    const { table: jobs } = new Table(this, table.id, table.props);

    // Who is told of jobs that have ended, and where events go that nobody could take.
    pipeline.of(QUEUE).forEach((queue) => new Queue(this, queue.id, queue.props));
    const topic = pipeline.only(TOPIC);
    const { topic: failures } = new Topic(this, topic.id, topic.props);

    // The steps, the workflow that calls them, what each may do, and where each writes its log.
    pipeline.of(LOG_GROUP).forEach((group) => new LogGroup(this, group.id, group.props));
    pipeline.of(ROLE).forEach((role) => new Role(this, role.id, role.props));
    const steps = pipeline.of(FUNCTION).map((step) => new BundledFunction(this, step.id, step.props));
    const workflow = pipeline.only(STATE_MACHINE);
    const { stateMachine } = new StateMachine(this, workflow.id, workflow.props);

    // What starts the workflow for a file, closes its job when it could not, and looks for what was left.
    const permissions = steps.flatMap((step) => step.permissions);
    pipeline.of(RULE).forEach((rule) => new EventRule(this, rule.id, { ...rule.props, permissions }));

    pipeline.of(ALARM).forEach((alarm) => new Alarm(this, alarm.id, alarm.props));

    new TerraformOutput(this, 'bucket', { value: data.bucket });
    new TerraformOutput(this, 'job_table', { value: jobs.name });
    new TerraformOutput(this, 'failure_topic_arn', { value: failures.arn });
    new TerraformOutput(this, 'state_machine_arn', { value: stateMachine.arn });
    // Where CloudFormation has no stack, the operator's commands find the pipeline by its sweep.
    const sweep = steps.map((step) => step.function).find(({ environment }) => environment.variablesInput?.PIPELINE_ID !== undefined)!;
    new TerraformOutput(this, 'sweep_function', { value: sweep.functionName });
    new TerraformOutput(this, 'dead_letter_queue_url', { value: sweep.environment.variablesInput?.DEAD_LETTER_QUEUE_URL });
    pipeline.checkAllTaken();
    this.nameByTemplate(pipeline);
  }

  /** What belongs to a module is called as in the template, where each id is there once, and not after the module too. */
  private nameByTemplate(pipeline: TerraformParts): void {
    const resources = this.node.findAll().filter((one) => TerraformResource.isTerraformResource(one));
    for (const resource of resources) if (pipeline.has(resource.node.id)) resource.overrideLogicalId(resource.node.id);
  }

  /**
   * Each stack is a pipeline in an app of its own to the construct, which therefore cannot see two that share names.
   */
  private checkNeighbours(): void {
    for (const other of this.node.scope!.node.children) {
      if (!(other instanceof TapStack) || other === this) continue;
      const conflict = this.deployment.conflictWith(other.deployment);
      if (conflict !== undefined) throw new InputError(`${conflict} for both ${other.node.id} and ${this.node.id}`);
    }
  }
}
