/** examples/status-api, requirement by requirement: its README has the table. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsSolutionsChecks } from 'cdk-nag';
import { holdRequirements } from './requirements-table';
import { StatusApiStack } from '../../examples/status-api/status-api-stack';
import { asText, newApp, Resource, Synthesized } from '../synthesize';

const newStatusApi = () => new StatusApiStack(newApp(), 'StatusApi-qa', { environmentSuffix: 'qa', emails: ['data-team@example.com'] });
const synthesized = new Synthesized(newStatusApi());

/** CDK's own helper, which empties the bucket when the stack is deleted, is none of the app's. */
const ofApp = (type: string) => synthesized.entries(type).filter(([id]) => !id.startsWith('Custom'));
const step = (name: string): Resource => synthesized.one('AWS::Lambda::Function', `Payments${name}Function`);
const STEPS = ['ValidateFile', 'PlanChunks', 'ProcessChunk', 'FinalizeJob', 'MoveSource', 'CloseJob', 'SweepJobs'];
const QUEUES = synthesized.entries('AWS::SQS::Queue').map(([id]) => '${' + id + '.Arn}');

test('the file is validated by a step of its own, before any record is read', () => {
  expect(synthesized.definition().StartAt).toBe('ValidateFile');
  expect(JSON.stringify(synthesized.state('ValidateFile'))).toContain('PaymentsValidateFileFunction');
  expect(JSON.stringify(synthesized.state('ProcessChunk'))).toContain('PaymentsProcessChunkFunction');
});

test('records are validated, transformed and enriched by a function of their own', () => {
  expect(synthesized.contract('ProcessChunkFunction').transform).toMatchObject({ kind: 'module', name: 'enrich.mjs' });
  expect(step('ProcessChunk').Properties.Role).not.toEqual(step('ValidateFile').Properties.Role);
});

test('trigger, API and quality check have functions, roles and logs of their own', () => {
  const parts = ['ApiHandlerFunction', 'QualityCheckFunction', ...STEPS.map((name) => `Payments${name}Function`)].map((id) => synthesized.one('AWS::Lambda::Function', id).Properties);
  for (const of of [({ Role }: any) => asText(Role), ({ LoggingConfig }: any) => asText(LoggingConfig.LogGroup)]) {
    expect(new Set(parts.map(of)).size).toBe(parts.length);
  }
  const [[, rule]] = ofApp('AWS::Events::Rule').filter(([id]) => id.includes('Intake'));
  expect(rule.Properties.EventPattern.detail.object.key).toContainEqual({ wildcard: 'incoming/*.csv' });
  expect(asText(rule.Properties.Targets[0].Arn)).toMatch(/^\${PaymentsWorkflow/);
});

test('every function, rule, schedule and subscription has a dead-letter queue', () => {
  const functions = ofApp('AWS::Lambda::Function').map(([id, { Properties }]) => [id, asText(Properties.DeadLetterConfig?.TargetArn)]);
  const targets = ofApp('AWS::Events::Rule').flatMap(([id, { Properties }]) => Properties.Targets.map((target: any) => [id, asText(target.DeadLetterConfig?.Arn)]));
  const schedules = ofApp('AWS::Scheduler::Schedule').map(([id, { Properties }]) => [id, asText(Properties.Target.DeadLetterConfig?.Arn)]);
  const subscriptions = ofApp('AWS::SNS::Subscription').map(([id, { Properties }]) => [id, asText(Properties.RedrivePolicy?.deadLetterTargetArn)]);
  expect([functions.length, targets.length, schedules.length, subscriptions.length]).toEqual([9, 4, 1, 1]);
  for (const [id, queue] of [...functions, ...targets, ...schedules, ...subscriptions]) expect([id, QUEUES.includes(queue)]).toEqual([id, true]);
});

test('the API has the four routes, for callers that IAM allows', () => {
  const methods = ofApp('AWS::ApiGateway::Method');
  expect(methods.map(([, { Properties: { HttpMethod, AuthorizationType } }]) => [HttpMethod, AuthorizationType]).sort()).toEqual([
    ['GET', 'AWS_IAM'], ['GET', 'AWS_IAM'], ['GET', 'AWS_IAM'], ['POST', 'AWS_IAM'],
  ]);
  expect(ofApp('AWS::ApiGateway::Resource').map(([, { Properties }]) => Properties.PathPart).sort()).toEqual(['jobs', 'report', 'status', 'trigger', '{jobId}', '{jobId}']);
});

test('says where bucket, table, state machine and API are', () => {
  const outputs: Record<string, { Value: unknown }> = synthesized.template.toJSON().Outputs;
  const valueOf = (name: string) => asText(outputs[name].Value);
  expect(valueOf('BucketName')).toMatch(/^\${PaymentsStorageBucket\w+}$/);
  expect(valueOf('JobTableName')).toMatch(/^\${PaymentsJobTable\w+}$/);
  expect(valueOf('StateMachineArn')).toMatch(/^\${PaymentsWorkflowStateMachine\w+}$/);
  expect(valueOf('ApiEndpoint')).toMatch(/^https:\/\/\${Api\w+}\.execute-api\..+\/\${Api\w+Stage\w+}\/$/);
});

test('a dashboard shows the pipeline, the API, the quality check and the alarms', () => {
  const body = asText(synthesized.one('AWS::CloudWatch::Dashboard').Properties.DashboardBody);
  for (const id of ['PaymentsProcessChunkFunction', 'ApiHandlerFunction', 'QualityCheckFunction', 'AlarmsJobAge']) expect(body.toLowerCase()).toContain(id.toLowerCase());
  expect(asText(synthesized.template.toJSON().Outputs.DashboardUrl.Value)).toMatch(/#dashboards\/dashboard\/\${Dashboard\w+}$/);
});

test('the quality check runs at 02:00 UTC', () => {
  expect(synthesized.one('AWS::Scheduler::Schedule').Properties).toMatchObject({
    ScheduleExpression: 'cron(0 2 * * ? *)', ScheduleExpressionTimezone: 'Etc/UTC', State: 'ENABLED',
  });
});

test('raw files expire after 30 days, failed ones after 90', () => {
  const days = Object.fromEntries(['incoming', 'processed', 'failed', 'quarantine'].map((id) => {
    const { Prefix, ExpirationInDays, Status, Transitions } = synthesized.lifecycleRule(id);
    return [Prefix, [ExpirationInDays, Status, Transitions]];
  }));
  expect(days).toEqual({
    'incoming/': [30, 'Enabled', undefined],
    'processed/': [30, 'Enabled', undefined],
    'failed/': [90, 'Enabled', undefined],
    'quarantine/': [90, 'Enabled', undefined],
  });
  expect(synthesized.lifecycleRule('leftovers').NoncurrentVersionExpiration).toEqual({ NoncurrentDays: 7 });
});

test('logs are kept for 7 days, those of the API too', () => {
  const groups = ofApp('AWS::Logs::LogGroup');
  expect(groups.map(([id]) => id).filter((id) => /AccessLogs|ExecutionLogs/.test(id))).toHaveLength(2);
  for (const [id, { Properties }] of groups) expect([id, Properties.RetentionInDays]).toEqual([id, 7]);
});

test('each step has 512 MB and 5 minutes', () => {
  expect(ofApp('AWS::Lambda::Function').filter(([id]) => id.startsWith('Payments'))).toHaveLength(STEPS.length);
  for (const name of STEPS) expect([name, step(name).Properties]).toEqual([name, expect.objectContaining({ MemorySize: 512, Timeout: 300 })]);
});

test('the API answers within 29 seconds, the quality check has 15 minutes, both 512 MB', () => {
  expect(synthesized.one('AWS::Lambda::Function', 'ApiHandler').Properties).toMatchObject({ MemorySize: 512, Timeout: 29 });
  expect(synthesized.one('AWS::Lambda::Function', 'QualityCheck').Properties).toMatchObject({ MemorySize: 512, Timeout: 900 });
});

test('alarms and findings go to one topic, of which people hear by e-mail', () => {
  const [[topic]] = synthesized.entries('AWS::SNS::Topic');
  expect(ofApp('AWS::SNS::Subscription').map(([, { Properties: { Protocol, Endpoint, TopicArn } }]) => [Protocol, Endpoint, asText(TopicArn)]))
    .toEqual([['email', 'data-team@example.com', '${' + topic + '}']]);
  for (const [, { Properties }] of synthesized.entries('AWS::CloudWatch::Alarm')) expect(Properties.AlarmActions.map(asText)).toEqual(['${' + topic + '}']);
  expect(asText(synthesized.one('AWS::Lambda::Function', 'QualityCheck').Properties.Environment.Variables.TOPIC_ARN)).toBe('${' + topic + '}');
  const queues = synthesized.entries('AWS::CloudWatch::Alarm').filter(([id]) => /DeadLetters/i.test(id));
  expect(queues).toHaveLength(QUEUES.length);
});

test('the README says how many alarms there are, and on how many metrics, by which they are billed', () => {
  const alarms = synthesized.entries('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
  const metrics = alarms.flatMap(({ Metrics }) => Metrics?.filter(({ MetricStat }: any) => MetricStat !== undefined) ?? [undefined]);
  const page = readFileSync(join(__dirname, '..', '..', 'examples', 'status-api', 'README.md'), 'utf8').replace(/\n/g, ' ');
  expect(page).toContain(` ${alarms.length} alarms on ${metrics.length} metrics cost some $${Math.floor(metrics.length / 10)} a month`);
});

describe('the AWS Solutions checks', () => {
  /** What is left to acknowledge, and why it is so. */
  const ACKNOWLEDGED: Array<{ finding: RegExp; reason: string }> = [
    { finding: /^AwsSolutions-S1$/, reason: 'Access logs need another bucket of the account; give the pipeline a bucket of your own that has them' },
    { finding: /^AwsSolutions-L1$/, reason: 'The bundles are made for Node.js 22, a supported runtime; the prop `runtime` takes a later one' },
    {
      finding: /^AwsSolutions-IAM5\[Resource::<PaymentsStorageBucket\w+\.Arn>\/(incoming|processed|failed|enriched|quarantine|reports|work)\/.*\*\]$/,
      reason: 'The objects under one prefix',
    },
    { finding: /^AwsSolutions-IAM5\[Resource::<Payments\w+Function\w+\.Arn>:\*\]$/, reason: 'The versions that running executions invoke' },
    { finding: /^AwsSolutions-IAM5\[Resource::arn:.*:execution:.*:\*\]$/, reason: 'The executions of one state machine' },
    { finding: /^AwsSolutions-APIG3$/, reason: 'Only who signs a request gets in; a web ACL costs by the month, and is put on the stage of `api.api`' },
    { finding: /^AwsSolutions-COG4$/, reason: 'IAM decides who may call, in place of a user pool' },
    { finding: /^AwsSolutions-IAM5\[Resource::\*\]$/, reason: 'X-Ray and log deliveries know no resources' },
  ];
  const stack = newStatusApi();
  const found = new AwsSolutionsChecks(stack).validateScope(stack).violations.map(({ ruleName }) => ruleName);

  test('find nothing but what is acknowledged with a reason', () => {
    expect(found.filter((id) => !ACKNOWLEDGED.some(({ finding }) => finding.test(id)))).toEqual([]);
  });

  test('find all that is acknowledged', () => {
    expect(ACKNOWLEDGED.filter(({ finding }) => !found.some((id) => finding.test(id)))).toEqual([]);
  });
});

holdRequirements('examples/status-api/README.md', ['test/examples/status-api.test.ts', 'test/e2e-around/status-api.e2e.ts', 'test/e2e-around/job-api.e2e.ts']);
