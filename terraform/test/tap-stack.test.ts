/** What the Terraform team asked for, one by one, in what Terraform reads. See terraform/README.md. */
import * as os from 'node:os';
import { Testing } from 'cdktn';
import 'cdktn/lib/testing/adapters/jest';
import { DESTROYABLE, KEPT, OPEN, resource, resources, synthesize } from './synthesized';
import { PIPELINE_ADDRESS_ENV } from '../../src/contract/env';

Testing.setupJest();

const synthesized = synthesize(KEPT);
const destroyable = synthesize(DESTROYABLE);
const open = synthesize(OPEN);
const { config, text } = synthesized;
const [bucketName] = Object.keys(resources(synthesized, 'aws_s3_bucket'));
const functions = Object.entries(resources(synthesized, 'aws_lambda_function'));
const definition = JSON.parse(resource(synthesized, 'aws_sfn_state_machine').definition);
/** The name of the one resource of a type that the text is part of. */
function nameOf(type: string, part = ''): string {
  const names = Object.keys(resources(synthesized, type)).filter((name) => name.includes(part));
  expect(names).toHaveLength(1);
  return names[0];
}

/** What the role of a step may do, as Terraform has it. */
function policyOf(step: string): string {
  return resource(synthesized, 'aws_iam_role_policy', `${step}Role`).policy;
}

function isThere(place: any, address: string): boolean {
  const [type, name] = address.split('.');
  return place[type]?.[name] !== undefined;
}

/** What some role may do to whatever there is. */
const EVERYWHERE = [
  ...['CreateLogDelivery', 'DeleteLogDelivery', 'DescribeLogGroups', 'DescribeResourcePolicies', 'GetLogDelivery', 'ListLogDeliveries', 'PutResourcePolicy', 'UpdateLogDelivery']
    .map((action) => `logs:${action}`),
  ...['GetSamplingRules', 'GetSamplingTargets', 'PutTelemetryRecords', 'PutTraceSegments'].map((action) => `xray:${action}`),
];

const TASKS = ['ValidateFile', 'PlanChunks', 'FinalizeJob', 'MoveSource', 'CloseJob'];

describe('Terraform', () => {
  test('keeps its state in S3, encrypted, and locks it in DynamoDB', () => {
    expect(config.terraform.backend).toEqual({
      s3: { bucket: 'states', key: 'payments/test.tfstate', region: 'eu-west-1', dynamodb_table: 'locks', encrypt: true },
    });
  });

  test('is told which versions of itself and of the provider are right', () => {
    expect(config.terraform.required_version).toBe('>= 1.6.0');
    expect(config.terraform.required_providers).toEqual({ aws: { source: 'hashicorp/aws', version: '~> 6.66' } });
  });

  test('deploys to one region, and to no account but one', () => {
    expect(config.provider.aws).toEqual([{ region: 'eu-central-1', allowed_account_ids: ['111122223333'] }]);
  });
});

test('files land in raw/, and move to processed/ or failed/', () => {
  const patterns = Object.values(resources(synthesized, 'aws_cloudwatch_event_rule'))
    .filter(({ event_pattern: pattern }) => pattern?.includes('aws.s3')).map(({ event_pattern: pattern }) => JSON.parse(pattern));
  expect(patterns.length).toBeGreaterThan(0);
  for (const { detail } of patterns) {
    expect(detail.bucket.name).toEqual([`\${aws_s3_bucket.${bucketName}.bucket}`]);
    for (const { wildcard } of detail.object.key) expect(wildcard).toMatch(/^raw\/\*\.csv$/i);
  }
  const move = policyOf('MoveSource');
  for (const prefix of ['raw', 'processed', 'failed']) expect(move).toContain(`\${aws_s3_bucket.${bucketName}.arn}/${prefix}/*`);
});

test('the bucket is encrypted by S3, versioned, closed to the public, and read over TLS alone', () => {
  expect(text).toHaveResourceWithProperties({ tfResourceType: 'aws_s3_bucket_server_side_encryption_configuration' }, {
    rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } }],
  });
  expect(text).toHaveResourceWithProperties({ tfResourceType: 'aws_s3_bucket_versioning' }, { versioning_configuration: { status: 'Enabled' } });
  expect(text).toHaveResourceWithProperties({ tfResourceType: 'aws_s3_bucket_public_access_block' }, {
    block_public_acls: true, block_public_policy: true, ignore_public_acls: true, restrict_public_buckets: true,
  });
  const [statement] = JSON.parse(resource(synthesized, 'aws_s3_bucket_policy').policy).Statement;
  expect(statement).toMatchObject({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
});

test('no argument is one that the provider calls deprecated', () => {
  const { global_secondary_index: indexes } = resource(synthesized, 'aws_dynamodb_table');
  expect(indexes.length).toBeGreaterThan(0);
  // Since 6.29, in favour of key_schema.
  for (const index of indexes) expect(Object.keys(index).sort()).toEqual(['key_schema', 'name', 'projection_type']);
});

test('processed files go to Glacier after 90 days', () => {
  expect(resource(synthesized, 'aws_s3_bucket_lifecycle_configuration').rule).toContainEqual({
    id: 'processed', status: 'Enabled', filter: [{ prefix: 'processed/' }], transition: [{ days: 90, storage_class: 'GLACIER' }],
  });
});

test('the table has the keys of jobs and chunks, is encrypted by the key that AWS manages, and can be restored to any second', () => {
  expect(text).toHaveResourceWithProperties({ tfResourceType: 'aws_dynamodb_table' }, {
    name: 'table-payments-jobs-test',
    billing_mode: 'PAY_PER_REQUEST',
    hash_key: 'file_id',
    range_key: 'chunk_id',
    point_in_time_recovery: { enabled: true },
    server_side_encryption: { enabled: true },
    ttl: { attribute_name: 'expires_at', enabled: true },
  });
});

test('everything is tagged', () => {
  const tagged = ['aws_s3_bucket', 'aws_dynamodb_table', 'aws_lambda_function', 'aws_sfn_state_machine', 'aws_sns_topic', 'aws_sqs_queue', 'aws_iam_role',
    'aws_cloudwatch_log_group', 'aws_cloudwatch_event_rule', 'aws_cloudwatch_metric_alarm'];
  for (const type of tagged) {
    const ofType = Object.values(resources(synthesized, type));
    expect([type, ofType.length > 0]).toEqual([type, true]);
    for (const { tags } of ofType) expect(tags).toMatchObject({ Environment: 'Production', Project: 'ETL-Pipeline' });
  }
});

test('all names end with the suffix', () => {
  // An inline policy is told apart by its role alone, whose name has the suffix.
  const names = Object.entries<any>(config.resource)
    .flatMap(([type, ofType]) => type === 'aws_iam_role_policy' ? [] : Object.values<any>(ofType))
    .flatMap(({ name, bucket, function_name: functionName, alarm_name: alarmName }) => [name, bucket, functionName, alarmName])
    .filter((name) => name !== undefined && !name.startsWith('${'));
  expect(names.length).toBeGreaterThan(70);
  for (const name of names) expect(name).toMatch(/-test(?:\.fifo)?$/);
});

test('every state that does something is tried again, and caught', () => {
  for (const task of [...TASKS, 'ProcessChunks']) {
    expect(definition.States[task].Retry.length).toBeGreaterThan(0);
    expect(definition.States[task].Catch.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'] });
  }
  // What a child of the Map fails with fails the Map, which is caught.
  expect(definition.States.ProcessChunks.ItemProcessor.States.ProcessChunk.Retry.length).toBeGreaterThan(0);
});

test('the workflow calls the published version of each step', () => {
  const tasks = { ...definition.States, ...definition.States.ProcessChunks.ItemProcessor.States };
  for (const task of [...TASKS, 'ProcessChunk']) {
    expect(tasks[task].Resource).toBe(`\${aws_lambda_function.${nameOf('aws_lambda_function', `${task}Function`)}.qualified_arn}`);
  }
  for (const [, { publish }] of functions) expect(publish).toBe(true);
});

test('every function has a dead-letter queue, is traced, and writes to a log group of its own for 30 days', () => {
  expect(functions).toHaveLength(7);
  for (const [, { dead_letter_config: deadLetters, tracing_config: tracing, logging_config: logging }] of functions) {
    expect(deadLetters.target_arn).toBe(`\${aws_sqs_queue.${nameOf('aws_sqs_queue', 'PaymentsDeadLetters')}.arn}`);
    expect(tracing).toEqual({ mode: 'Active' });
    const [, group] = /^\$\{aws_cloudwatch_log_group\.(\w+)\.name\}$/.exec(logging.log_group)!;
    expect(resources(synthesized, 'aws_cloudwatch_log_group')[group].retention_in_days).toBe(30);
  }
});

test('the workflow is traced, and logs every step', () => {
  expect(text).toHaveResourceWithProperties({ tfResourceType: 'aws_sfn_state_machine' }, {
    name: 'state-machine-payments-workflow-test', type: 'STANDARD', tracing_configuration: { enabled: true },
  });
  const { level, log_destination: destination } = resource(synthesized, 'aws_sfn_state_machine').logging_configuration;
  expect([level, destination]).toEqual(['ALL', expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.\w+\.arn\}:\*$/)]);
});

test('each function has a role of its own, which Lambda alone can take and which allows no service whole', () => {
  const roles = functions.map(([, { role }]) => /^\$\{aws_iam_role\.(\w+)\.arn\}$/.exec(role)![1]);
  expect(new Set(roles).size).toBe(functions.length);
  for (const role of roles) {
    expect(JSON.parse(resources(synthesized, 'aws_iam_role')[role].assume_role_policy).Statement).toEqual([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
    ]);
  }
  const statements = Object.values(resources(synthesized, 'aws_iam_role_policy')).flatMap(({ policy }) => JSON.parse(policy).Statement);
  expect(statements.flatMap(({ Action }) => Action).filter((action) => action.endsWith('*'))).toEqual([]);
  // Those that AWS lets nobody narrow down: traces, and the delivery of the workflow's log.
  const everywhere = statements.filter(({ Resource }) => [Resource].flat().includes('*')).flatMap(({ Action }) => Action);
  expect([...new Set(everywhere)].sort()).toEqual(EVERYWHERE);
});

test('a file that lands starts the workflow, and an event that starts nothing is kept', () => {
  const machine = `\${aws_sfn_state_machine.${nameOf('aws_sfn_state_machine')}.arn}`;
  const targets = Object.values(resources(synthesized, 'aws_cloudwatch_event_target')).filter(({ arn }) => arn === machine);
  expect(targets.length).toBeGreaterThan(0);
  for (const { role_arn: role, dead_letter_config: deadLetters } of targets) {
    const name = /^\$\{aws_iam_role\.(\w+)\.arn\}$/.exec(role)![1];
    expect(JSON.parse(resources(synthesized, 'aws_iam_role')[name].assume_role_policy).Statement[0].Principal).toEqual({ Service: 'events.amazonaws.com' });
    expect(deadLetters.arn).toMatch(/^\$\{aws_sqs_queue\.PaymentsDeadLetters\w+\.arn\}$/);
  }
  expect(resource(synthesized, 'aws_s3_bucket_notification').eventbridge).toBe(true);
});

test('an execution that ended badly has its job closed, and every 5 minutes is looked for what was left', () => {
  const calls = Object.values(resources(synthesized, 'aws_lambda_permission')).map(({ function_name: fn, qualifier, principal, source_arn: source }) => {
    const called = /^\$\{aws_lambda_function\.(\w+)\.function_name\}$/.exec(fn)![1];
    const rule = resources(synthesized, 'aws_cloudwatch_event_rule')[/^\$\{aws_cloudwatch_event_rule\.(\w+)\.arn\}$/.exec(source)![1]];
    expect([principal, qualifier]).toEqual(['events.amazonaws.com', `\${aws_lambda_function.${called}.version}`]);
    return [called.replace(/[0-9A-F]{8}$/, ''), rule.schedule_expression ?? JSON.parse(rule.event_pattern).detail.status];
  });
  expect(calls).toEqual(expect.arrayContaining([
    ['PaymentsCloseJobFunction', ['TIMED_OUT', 'ABORTED', 'FAILED']],
    ['PaymentsSweepJobsFunction', 'rate(5 minutes)'],
  ]));
});

test('each e-mail address is told of failures, which the functions of the workflow\'s failure path publish', () => {
  const topic = `\${aws_sns_topic.${nameOf('aws_sns_topic')}.arn}`;
  const subscriptions = Object.values(resources(synthesized, 'aws_sns_topic_subscription'));
  expect(subscriptions.map(({ protocol, endpoint, topic_arn: of }) => [protocol, endpoint, of])).toEqual([
    ['email', 'data-team@example.com', topic], ['email', 'on-call@example.com', topic],
  ]);
  for (const step of ['FinalizeJob', 'CloseJob']) {
    expect(resource(synthesized, 'aws_lambda_function', `${step}Function`).environment.variables.FAILURE_TOPIC_ARN).toBe(topic);
    expect(policyOf(step)).toContain(`{"Action":"sns:Publish","Effect":"Allow","Resource":"${topic}"}`);
  }
});

test('each job that has ended is a message in a queue, whose dead letters are kept', () => {
  const queue = resource(synthesized, 'aws_sqs_queue', 'NotificationsQueue');
  expect(queue).toMatchObject({ name: 'queue-payments-notifications-test.fifo', fifo_queue: true, sqs_managed_sse_enabled: true });
  expect(JSON.parse(queue.redrive_policy)).toEqual({
    deadLetterTargetArn: `\${aws_sqs_queue.${nameOf('aws_sqs_queue', 'NotificationsDeadLetterQueue')}.arn}`, maxReceiveCount: 5,
  });
});

test('an alarm for each function goes off above 5 % errors in 5 minutes, and tells the topic', () => {
  const ratios = Object.values(resources(synthesized, 'aws_cloudwatch_metric_alarm')).filter(({ metric_query: queries = [] }) => JSON.stringify(queries).includes('"Errors"'));
  expect(ratios).toHaveLength(functions.length);
  for (const alarm of ratios) {
    expect(alarm).toMatchObject({ threshold: 5, comparison_operator: 'GreaterThanThreshold', treat_missing_data: 'notBreaching' });
    expect(alarm.alarm_actions).toEqual([`\${aws_sns_topic.${nameOf('aws_sns_topic')}.arn}`]);
    for (const { metric } of alarm.metric_query.filter((query: any) => query.metric)) expect([metric.period, metric.stat]).toEqual([300, 'Sum']);
  }
});

test.each([
  ['that a team has set', synthesized, 'Tap/Payments-test', []], ['that is shipped', open, 'Tap/Payments-prod', ['version']],
])('the operator\'s commands find a pipeline %s by the outputs, which also lead to it without them', (_, form, pipelineId, others) => {
  const { sweep_function: sweep, ...outputs } = form.config.output;
  const [, name] = /^\$\{aws_lambda_function\.(\w+)\.function_name\}$/.exec(sweep.value)!;
  const { variables } = resources(form, 'aws_lambda_function')[name].environment;
  expect(Object.fromEntries(PIPELINE_ADDRESS_ENV.map((variable) => [variable, variables[variable]]))).toEqual({
    PIPELINE_ID: pipelineId,
    JOB_TABLE_NAME: outputs.job_table.value,
    STATE_MACHINE_ARN: outputs.state_machine_arn.value,
    DEAD_LETTER_QUEUE_URL: `\${aws_sqs_queue.${nameOf('aws_sqs_queue', 'PaymentsDeadLetters')}.url}`,
  });
  expect(outputs.dead_letter_queue_url.value).toBe(variables.DEAD_LETTER_QUEUE_URL);
  expect(Object.keys(outputs).sort()).toEqual(['bucket', 'dead_letter_queue_url', 'failure_topic_arn', 'job_table', 'state_machine_arn', ...others]);
});

test('what holds data is not destroyed with the stack, unless the settings say so', () => {
  const types = ['aws_s3_bucket', 'aws_dynamodb_table', 'aws_sqs_queue', 'aws_cloudwatch_log_group'];
  const lifecyclesOf = (form: typeof synthesized) => types.flatMap((type) => Object.values(resources(form, type))).map(({ lifecycle }) => lifecycle);
  for (const lifecycle of lifecyclesOf(synthesized)) expect(lifecycle).toEqual({ prevent_destroy: true });
  expect(new Set(lifecyclesOf(destroyable))).toEqual(new Set([undefined]));
  expect(resource(destroyable, 'aws_s3_bucket').force_destroy).toBe(true);
});

test.each([
  ['that keeps its data', synthesized], ['that can be destroyed', destroyable], ['that is shipped', open],
])('every reference of a stack %s reads an attribute of what is there', (_, form) => {
  const { config: { resource: all, data = {}, variable = {}, locals, output } } = form;
  const expressions = JSON.stringify({ all, locals, output }).match(/(?<!\$)\$\{[^}]+\}/g)!.map((expression) => expression.slice(2, -1));
  const references = expressions.flatMap((expression) => expression.match(/\b(?:data\.)?aws_\w+\.\w+\.\w+|\b(?:var|local)\.\w+/g) ?? []);
  expect(references.length).toBeGreaterThan(200);
  // An expression is a reference, or one of two functions of Terraform.
  for (const expression of expressions) expect(expression).toMatch(/^(?:(?:data\.)?aws_[\w.]+|(?:var|local)\.\w+|split\(.*\)\[6\]|filebase64sha256\(.*\))$/);
  const dependencies = Object.values<any>(all).flatMap((ofType) => Object.values<any>(ofType)).flatMap(({ depends_on: dependsOn = [] }) => dependsOn);
  expect(dependencies.length).toBeGreaterThan(0);
  for (const address of dependencies) expect([address, isThere(all, address)]).toEqual([address, true]);
  for (const reference of references) {
    const address = reference.replace(/^data\./, '');
    expect([reference, isThere({ ...reference === address ? all : data, var: variable, local: locals }, address)]).toEqual([reference, true]);
  }
});

test('what is shipped asks for region and e-mail address, and takes account and backend from whoever applies it', () => {
  const variable = { type: 'string', description: expect.any(String), validation: [{ condition: expect.any(String), error_message: expect.any(String) }] };
  expect(open.config.variable).toEqual({ region: variable, failure_email: variable });
  expect(open.config.provider.aws).toEqual([{ region: '${var.region}' }]);
  expect(open.config.terraform.backend).toEqual({ s3: { encrypt: true } });
  expect(resource(open, 'aws_sns_topic_subscription').endpoint).toBe('${var.failure_email}');
  expect(resource(open, 'aws_s3_bucket').bucket).toBe('bucket-payments-${data.aws_caller_identity.caller.account_id}-${var.region}-prod');
  expect(open.text).not.toMatch(/\b\d{12}\b/);
});

test('a stack is the same however often it is synthesized, and names nothing of the machine', () => {
  const again = synthesize(KEPT);
  expect(again.text).toBe(text);
  for (const place of [process.cwd(), os.tmpdir(), os.hostname()]) expect(text).not.toContain(place);
});

test('all documents in it are JSON as they stand there', () => {
  const texts = Object.values<any>(config.resource).flatMap((ofType) => Object.values<any>(ofType)).flatMap((one) => Object.values(one));
  const documents = texts.filter((value): value is string => typeof value === 'string' && value.startsWith('{'));
  expect(documents.length).toBeGreaterThan(25);
  for (const document of documents) expect(JSON.parse(document)).toEqual(expect.any(Object));
});
