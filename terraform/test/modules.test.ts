/** The modules in a stack of one's own, without anything of the CDK. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Testing } from 'cdktn';
import { Construct } from 'constructs';
import { newApp } from './synthesized';
import { BundledFunction, DataBucket, EventRule, LogGroup, Queue, Role, StateMachine, Table, Topic } from '../lib/modules';

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Resources = Record<string, Record<string, any>>;

function synthesize(make: (scope: Construct) => void): Resources {
  return JSON.parse(Testing.synthScope((scope) => make(scope))).resource;
}

/** The one resource of a type whose name begins so. */
function one(resources: Resources, type: string, name = '') {
  const found = Object.entries(resources[type]).filter(([id]) => id.startsWith(name));
  expect(found).toHaveLength(1);
  return found[0][1];
}

describe('a bucket', () => {
  const resources = synthesize((scope) => new DataBucket(scope, 'Data', {
    bucket: 'our-data',
    versioning: 'Suspended',
    encryption: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms' } }],
    objectOwnership: 'ObjectWriter',
    publicAccess: { blockPublicAcls: false },
    lifecycleRules: [{ id: 'old', status: 'Enabled', filter: [{ prefix: 'old/' }], expiration: [{ days: 7 }] }],
    eventbridge: true,
    policies: { Readers: { policy: '{}', dependsOn: [{ fqn: 'aws_iam_role.Reader' }] } },
  }));

  test('has what Terraform has resources of their own for, and rules for versions wait for versions', () => {
    expect(Object.keys(resources).sort()).toEqual([
      'aws_s3_bucket', 'aws_s3_bucket_lifecycle_configuration', 'aws_s3_bucket_notification', 'aws_s3_bucket_ownership_controls', 'aws_s3_bucket_policy',
      'aws_s3_bucket_public_access_block', 'aws_s3_bucket_server_side_encryption_configuration', 'aws_s3_bucket_versioning',
    ]);
    for (const type of Object.keys(resources).filter((name) => name !== 'aws_s3_bucket')) expect(one(resources, type).bucket).toBe('${aws_s3_bucket.Data.bucket}');
    expect(one(resources, 'aws_s3_bucket_lifecycle_configuration').depends_on).toEqual([expect.stringMatching(/^aws_s3_bucket_versioning\.Data_Versioning_/)]);
    expect(one(resources, 'aws_s3_bucket_policy').depends_on).toEqual([
      'aws_iam_role.Reader',
      expect.stringMatching(/^aws_s3_bucket_public_access_block\.Data_/),
      expect.stringMatching(/^aws_s3_bucket_ownership_controls\.Data_/),
    ]);
  });

  test('is as it is said to be', () => {
    expect(one(resources, 'aws_s3_bucket_versioning').versioning_configuration).toEqual({ status: 'Suspended' });
    expect(one(resources, 'aws_s3_bucket_server_side_encryption_configuration').rule).toEqual([{ apply_server_side_encryption_by_default: { sse_algorithm: 'aws:kms' } }]);
    expect(one(resources, 'aws_s3_bucket_ownership_controls').rule).toEqual({ object_ownership: 'ObjectWriter' });
    expect(one(resources, 'aws_s3_bucket_public_access_block')).toEqual({ bucket: expect.any(String), block_public_acls: false });
    expect(one(resources, 'aws_s3_bucket_notification').eventbridge).toBe(true);
  });

  test('is safe where nothing is said', () => {
    const safe = synthesize((scope) => new DataBucket(scope, 'Data', {}));
    expect(one(safe, 'aws_s3_bucket_versioning').versioning_configuration).toEqual({ status: 'Enabled' });
    expect(one(safe, 'aws_s3_bucket_server_side_encryption_configuration').rule).toEqual([{ apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } }]);
    expect(one(safe, 'aws_s3_bucket_ownership_controls').rule).toEqual({ object_ownership: 'BucketOwnerEnforced' });
    expect(one(safe, 'aws_s3_bucket_public_access_block')).toMatchObject({
      block_public_acls: true, block_public_policy: true, ignore_public_acls: true, restrict_public_buckets: true,
    });
    expect(one(safe, 'aws_s3_bucket_notification').eventbridge).toBe(false);
    expect(Object.keys(safe)).not.toContain('aws_s3_bucket_lifecycle_configuration');
  });
});

describe('modules that are called the same', () => {
  test('in two places of a stack are two', () => {
    const { aws_sqs_queue: queues, aws_sqs_queue_policy: policies } = synthesize((scope) => {
      for (const team of ['TeamA', 'TeamB']) new Queue(new Construct(scope, team), 'Jobs', { name: `jobs-${team}`, policies: { Policy: { policy: `"${team}"` } } });
    });
    expect(Object.values(queues).map(({ name }) => name)).toEqual(['jobs-TeamA', 'jobs-TeamB']);
    const [one_, other] = Object.keys(queues).map((name) => `\${aws_sqs_queue.${name}.url}`);
    expect(Object.values(policies)).toMatchObject([{ queue_url: one_, policy: '"TeamA"' }, { queue_url: other, policy: '"TeamB"' }]);
  });

  test('but for where their names are divided are two', () => {
    const { aws_cloudwatch_event_target: targets } = synthesize((scope) => {
      new EventRule(scope, 'A', { targets: { BC: { arn: 'of A' } } });
      new EventRule(scope, 'AB', { targets: { C: { arn: 'of AB' } } });
    });
    const told = Object.values(targets).map(({ target_id: id, arn }) => [id, arn]).sort();
    expect(told).toEqual([['BC', 'of A'], ['C', 'of AB']]);
  });

  test('as what else belongs to their owner are there too', () => {
    const resources = synthesize((scope) => new Topic(scope, 'Failures', {
      policies: { Team: { policy: '{}' } }, subscriptions: { Team: { protocol: 'email', endpoint: 'a@example.com' } },
    }));
    expect([one(resources, 'aws_sns_topic_policy'), one(resources, 'aws_sns_topic_subscription')]).toMatchObject([{ policy: '{}' }, { protocol: 'email' }]);
  });
});

test('an id of a target that is no name in Terraform gives one that is', () => {
  const { aws_cloudwatch_event_target: targets } = synthesize((scope) => new EventRule(scope, 'Landed', { targets: { 'my target': { arn: 'x' } } }));
  expect(Object.entries(targets)).toEqual([[expect.stringMatching(/^[A-Za-z_][\w-]*$/), expect.objectContaining({ target_id: 'my target' })]]);
});

test('a rule\'s targets are told when it may call them, and a permission goes when the next one is there', () => {
  const directory = path.join(newApp().outdir, 'code');
  fs.mkdirSync(directory, { recursive: true });
  const resources = synthesize((scope) => {
    const { permissions, function: step } = new BundledFunction(scope, 'Step', {
      functionName: 'step', role: 'r', code: { directory, hash: 'abc' }, permissions: { Rule: { action: 'a', principal: 'p', published: true } },
    });
    new EventRule(scope, 'Landed', { permissions, targets: { Step: { arn: step.qualifiedArn, dependsOn: [{ fqn: 'aws_iam_role.Reader' }] } } });
  });
  const [permission] = Object.keys(resources.aws_lambda_permission);
  expect(one(resources, 'aws_lambda_permission').lifecycle).toEqual({ create_before_destroy: true });
  expect(one(resources, 'aws_cloudwatch_event_target').depends_on).toEqual(['aws_iam_role.Reader', `aws_lambda_permission.${permission}`]);
});

test('modules are put together by what they expose', () => {
  const app = newApp();
  const code = path.join(app.outdir, 'code');
  fs.mkdirSync(code, { recursive: true });
  fs.writeFileSync(path.join(code, 'index.js'), 'exports.handler = async () => {};');

  const resources = synthesize((scope) => {
    const { queue } = new Queue(scope, 'Letters', { name: 'letters', policies: { LettersPolicy: { policy: '{}' } } });
    const { topic } = new Topic(scope, 'Failures', { name: 'failures', subscriptions: { Team: { protocol: 'email', endpoint: 'a@example.com' } } });
    const { role } = new Role(scope, 'StepRole', { assumeRolePolicy: '{}', policies: { MayTell: { name: 'tell', policy: `{"Resource":"${topic.arn}"}` } } });
    const { logGroup } = new LogGroup(scope, 'Logs', { name: 'logs', retentionInDays: 30 });
    const { function: step } = new BundledFunction(scope, 'Step', {
      functionName: 'step',
      role: role.arn,
      code: { directory: code, hash: 'abc' },
      publish: true,
      loggingConfig: { logFormat: 'Text', logGroup: logGroup.name },
      permissions: { Rule: { action: 'lambda:InvokeFunction', principal: 'events.amazonaws.com', published: true }, Anyone: { action: 'a', principal: '*' } },
      asynchronousCalls: { Once: { maximumRetryAttempts: 0, published: true } },
    });
    const { stateMachine } = new StateMachine(scope, 'Flow', { definition: `{"Resource":"${step.qualifiedArn}"}`, roleArn: role.arn });
    new EventRule(scope, 'Landed', { targets: { Flow: { arn: stateMachine.arn, deadLetterConfig: { arn: queue.arn } } } });
    new Table(scope, 'Jobs', { name: 'jobs' });
  });

  expect(one(resources, 'aws_sqs_queue_policy').queue_url).toBe('${aws_sqs_queue.Letters.url}');
  expect(one(resources, 'aws_sns_topic_subscription')).toMatchObject({ topic_arn: '${aws_sns_topic.Failures.arn}', protocol: 'email' });
  expect(one(resources, 'aws_iam_role_policy')).toMatchObject({ role: '${aws_iam_role.StepRole.name}', policy: '{"Resource":"${aws_sns_topic.Failures.arn}"}' });
  expect(resources.aws_lambda_function.Step).toMatchObject({
    role: '${aws_iam_role.StepRole.arn}', filename: expect.stringMatching(/^assets\/\w+\/abc\/archive\.zip$/), logging_config: { log_group: '${aws_cloudwatch_log_group.Logs.name}' },
  });
  const ofStep = { function_name: '${aws_lambda_function.Step.function_name}' };
  expect(one(resources, 'aws_lambda_permission', 'Step_Permissions_Rule_')).toMatchObject({ ...ofStep, qualifier: '${aws_lambda_function.Step.version}' });
  expect(one(resources, 'aws_lambda_permission', 'Step_Permissions_Anyone_')).toEqual({ ...ofStep, action: 'a', principal: '*', lifecycle: expect.anything() });
  expect(one(resources, 'aws_lambda_function_event_invoke_config')).toMatchObject({ ...ofStep, qualifier: '${aws_lambda_function.Step.version}', maximum_retry_attempts: 0 });
  expect(resources.aws_sfn_state_machine.Flow).toMatchObject({ role_arn: '${aws_iam_role.StepRole.arn}', definition: '{"Resource":"${aws_lambda_function.Step.qualified_arn}"}' });
  expect(one(resources, 'aws_cloudwatch_event_target')).toEqual({
    rule: '${aws_cloudwatch_event_rule.Landed.name}', target_id: 'Flow', arn: '${aws_sfn_state_machine.Flow.arn}', dead_letter_config: { arn: '${aws_sqs_queue.Letters.arn}' },
  });
  expect(resources.aws_dynamodb_table).toEqual({ Jobs: { name: 'jobs' } });
});
