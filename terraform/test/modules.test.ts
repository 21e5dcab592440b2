/** The modules in a stack of one's own, without anything of the CDK. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Testing } from 'cdktn';
import { newApp } from './synthesized';
import { BundledFunction, DataBucket, EventRule, LogGroup, Queue, Role, StateMachine, Table, Topic } from '../lib/modules';

test('a bucket has what Terraform has resources of their own for, and rules for versions wait for versions', () => {
  const { resource } = JSON.parse(Testing.synthScope((scope) => new DataBucket(scope, 'Data', {
    bucket: 'our-data',
    versioning: 'Enabled',
    encryption: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
    objectOwnership: 'BucketOwnerEnforced',
    publicAccess: { blockPublicAcls: true },
    lifecycleRules: [{ id: 'old', status: 'Enabled', filter: [{ prefix: 'old/' }], expiration: [{ days: 7 }] }],
    eventbridge: true,
    policies: { Readers: { policy: '{}', dependsOn: [{ fqn: 'aws_iam_role.Reader' }] } },
  })));
  expect(Object.keys(resource).sort()).toEqual([
    'aws_s3_bucket', 'aws_s3_bucket_lifecycle_configuration', 'aws_s3_bucket_notification', 'aws_s3_bucket_ownership_controls', 'aws_s3_bucket_policy',
    'aws_s3_bucket_public_access_block', 'aws_s3_bucket_server_side_encryption_configuration', 'aws_s3_bucket_versioning',
  ]);
  for (const [type, { Data: one, Readers: policy }] of Object.entries<any>(resource)) {
    if (type !== 'aws_s3_bucket') expect((one ?? policy).bucket).toBe('${aws_s3_bucket.Data.bucket}');
  }
  expect(resource.aws_s3_bucket_lifecycle_configuration.Data.depends_on).toEqual(['aws_s3_bucket_versioning.Data']);
  expect(resource.aws_s3_bucket_policy.Readers.depends_on).toEqual([
    'aws_iam_role.Reader', 'aws_s3_bucket_public_access_block.Data', 'aws_s3_bucket_ownership_controls.Data',
  ]);
});

test('modules are put together by what they expose', () => {
  const app = newApp();
  const code = path.join(app.outdir, 'code');
  fs.mkdirSync(code, { recursive: true });
  fs.writeFileSync(path.join(code, 'index.js'), 'exports.handler = async () => {};');

  const { resource } = JSON.parse(Testing.synthScope((scope) => {
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
  }));

  expect(resource).toMatchObject({
    aws_sqs_queue_policy: { LettersPolicy: { queue_url: '${aws_sqs_queue.Letters.url}' } },
    aws_sns_topic_subscription: { Team: { topic_arn: '${aws_sns_topic.Failures.arn}', protocol: 'email' } },
    aws_iam_role_policy: { MayTell: { role: '${aws_iam_role.StepRole.name}', policy: '{"Resource":"${aws_sns_topic.Failures.arn}"}' } },
    aws_lambda_function: { Step: { role: '${aws_iam_role.StepRole.arn}', filename: expect.stringMatching(/^assets\/\w+\/abc\/archive\.zip$/) } },
    aws_lambda_permission: {
      Rule: { function_name: '${aws_lambda_function.Step.function_name}', qualifier: '${aws_lambda_function.Step.version}' },
      Anyone: { function_name: '${aws_lambda_function.Step.function_name}', action: 'a', principal: '*' },
    },
    aws_lambda_function_event_invoke_config: { Once: { qualifier: '${aws_lambda_function.Step.version}', maximum_retry_attempts: 0 } },
    aws_sfn_state_machine: { Flow: { definition: '{"Resource":"${aws_lambda_function.Step.qualified_arn}"}' } },
    aws_cloudwatch_event_target: { LandedFlow: { rule: '${aws_cloudwatch_event_rule.Landed.name}', target_id: 'Flow', arn: '${aws_sfn_state_machine.Flow.arn}' } },
    aws_dynamodb_table: { Jobs: { name: 'jobs' } },
  });
  expect(resource.aws_lambda_permission.Anyone.qualifier).toBeUndefined();
});
