/** What a Terraform configuration says. Written for itself, by the provider's reference: it shares nothing with lib. */
import { Facts, readAll, term } from './facts';

/** What the attributes that are referred to are called on both sides. */
const ATTRIBUTES: Record<string, Record<string, string>> = {
  aws_s3_bucket: { bucket: 'name', arn: 'arn' },
  aws_dynamodb_table: { name: 'name', arn: 'arn' },
  aws_sqs_queue: { url: 'url', arn: 'arn', name: 'name' },
  aws_sns_topic: { arn: 'arn' },
  aws_iam_role: { name: 'name', arn: 'arn' },
  aws_lambda_function: { function_name: 'name', arn: 'arn', qualified_arn: 'version-arn', version: 'version' },
  aws_sfn_state_machine: { arn: 'arn' },
  aws_cloudwatch_event_rule: { name: 'name', arn: 'arn' },
  aws_cloudwatch_log_group: { name: 'name', arn: 'arn' },
};
const OTHER_EXPRESSIONS: Record<string, string> = {
  'data.aws_partition.partition.partition': '<partition>',
  'data.aws_caller_identity.caller.account_id': '<account>',
  'var.region': '<region>',
  'var.failure_email': '<e-mail>',
};

/** Types that say more of a bucket or a rule, and the argument that names it. */
const BESIDE: Record<string, Record<string, string>> = {
  aws_s3_bucket: {
    aws_s3_bucket_versioning: 'bucket',
    aws_s3_bucket_server_side_encryption_configuration: 'bucket',
    aws_s3_bucket_ownership_controls: 'bucket',
    aws_s3_bucket_public_access_block: 'bucket',
    aws_s3_bucket_notification: 'bucket',
    aws_s3_bucket_lifecycle_configuration: 'bucket',
  },
  aws_cloudwatch_event_rule: { aws_cloudwatch_event_target: 'rule' },
};

export function readConfiguration(configuration: any): Facts {
  const resources = resolve(configuration.resource, configuration);
  const beside = Object.values(BESIDE).flatMap((types) => Object.keys(types));
  const types = Object.keys(resources).filter((type) => !beside.includes(type));
  return Object.fromEntries(types.flatMap((type) => Object.entries<any>(resources[type]).map(([id, own]) => {
    const [kind, read] = READERS[type] ?? [`unknown type ${type}`, () => ({})];
    return [`${kind} ${id}`, readAll({ ...own, ...besideIt(resources, type, id) }, (arguments_) => ({
      ...read(arguments_),
      dependsOn: arguments_.depends_on?.map((address: string) => address.split('.')[1]).sort(),
      kept: arguments_.lifecycle?.prevent_destroy,
      keptWhenReplaced: arguments_.lifecycle?.prevent_destroy,
    }))];
  })));
}

/** The resources that say more of one, by type. */
function besideIt(resources: any, type: string, id: string): object {
  return Object.fromEntries(Object.entries(BESIDE[type] ?? {}).map(([other, owner]) => [
    other,
    Object.values<any>(resources[other]).filter((arguments_) => arguments_[owner] === term(id, 'name')).map(({ [owner]: _, ...said }) => said),
  ]));
}

/** Without the comments of CDK Terrain, and with terms in place of expressions. */
function resolve(value: any, configuration: any): any {
  if (typeof value === 'string') return unescape(value.replace(/(?<!\$)\$\{([^}]*)\}/g, (_, expression: string) => evaluate(expression, configuration)));
  if (Array.isArray(value)) return value.map((item) => resolve(item, configuration));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== '//').map(([name, item]) => [name, resolve(item, configuration)]));
}

function evaluate(expression: string, configuration: any): string {
  if (expression in OTHER_EXPRESSIONS) return OTHER_EXPRESSIONS[expression];
  const split = /^split\("(.)", (.+)\)\[(\d+)\]$/.exec(expression);
  if (split) return evaluate(split[2], configuration).split(split[1])[Number(split[3])];
  const hashed = /^filebase64sha256\("(.+)"\)$/.exec(expression);
  if (hashed) return `<hash of ${hashed[1]}>`;
  const [type, id, attribute] = expression.split('.');
  if (type === 'local') return resolve(configuration.locals[id], configuration);
  const name = configuration.resource[type]?.[id] && ATTRIBUTES[type]?.[attribute];
  return name === undefined ? `unknown expression ${expression}` : term(id, name);
}

function unescape(text: string): string {
  return text.replaceAll('$${', '${').replaceAll('%%{', '%{');
}

/** By type: the kind of the facts, and what is said. */
const READERS: Record<string, [kind: string, read: (arguments_: any) => object]> = {
  aws_s3_bucket: ['bucket', (a) => ({
    name: a.bucket,
    encryption: a.aws_s3_bucket_server_side_encryption_configuration[0].rule
      .map((rule: any) => rule.apply_server_side_encryption_by_default.sse_algorithm),
    versioning: a.aws_s3_bucket_versioning[0].versioning_configuration.status,
    ownership: [a.aws_s3_bucket_ownership_controls[0].rule.object_ownership],
    publicAccessBlocked: [
      a.aws_s3_bucket_public_access_block[0].block_public_acls, a.aws_s3_bucket_public_access_block[0].block_public_policy,
      a.aws_s3_bucket_public_access_block[0].ignore_public_acls, a.aws_s3_bucket_public_access_block[0].restrict_public_buckets,
    ],
    eventbridge: a.aws_s3_bucket_notification[0].eventbridge,
    lifecycle: a.aws_s3_bucket_lifecycle_configuration[0].rule.map((rule: any) => ({
      id: rule.id,
      status: rule.status,
      prefix: rule.filter[0].prefix,
      transitions: rule.transition?.map((transition: any) => `${transition.storage_class} after ${transition.days}`),
      expires: rule.expiration?.[0].days,
      expiresMarkers: rule.expiration?.[0].expired_object_delete_marker,
      versionsExpire: rule.noncurrent_version_expiration?.[0].noncurrent_days,
      uploadsAborted: rule.abort_incomplete_multipart_upload?.[0].days_after_initiation,
    })),
    lifecycleDependsOn: a.aws_s3_bucket_lifecycle_configuration[0].depends_on.join(),
    emptied: a.force_destroy,
    tags: a.tags,
  })],
  aws_s3_bucket_policy: ['resource policy', (a) => ({ of: a.bucket, policy: JSON.parse(a.policy) })],
  aws_dynamodb_table: ['table', (a) => ({
    name: a.name,
    billing: a.billing_mode,
    attributes: Object.fromEntries(a.attribute.map((attribute: any) => [attribute.name, attribute.type])),
    keys: [`HASH ${a.hash_key}`, `RANGE ${a.range_key}`],
    indexes: a.global_secondary_index.map((index: any) => ({
      name: index.name, keys: index.key_schema.map((key: any) => `${key.key_type} ${key.attribute_name}`), has: index.projection_type,
    })),
    pointInTimeRecovery: a.point_in_time_recovery.enabled,
    ttl: [a.ttl.attribute_name, a.ttl.enabled],
    encrypted: a.server_side_encryption.enabled,
    tags: a.tags,
  })],
  aws_sqs_queue: ['queue', (a) => ({
    name: a.name,
    fifo: a.fifo_queue,
    retention: a.message_retention_seconds,
    visibility: a.visibility_timeout_seconds,
    encrypted: a.sqs_managed_sse_enabled,
    redrive: a.redrive_policy && JSON.parse(a.redrive_policy),
    maxMessageSize: a.max_message_size,
    tags: a.tags,
  })],
  aws_sqs_queue_policy: ['resource policy', (a) => ({ of: a.queue_url, policy: JSON.parse(a.policy) })],
  aws_sns_topic: ['topic', (a) => ({ name: a.name, tags: a.tags })],
  aws_sns_topic_policy: ['resource policy', (a) => ({ of: a.arn, policy: JSON.parse(a.policy) })],
  aws_sns_topic_subscription: ['subscription', (a) => ({ of: a.topic_arn, protocol: a.protocol, endpoint: a.endpoint })],
  aws_iam_role: ['role', (a) => ({ name: a.name, trust: JSON.parse(a.assume_role_policy), tags: a.tags })],
  aws_iam_role_policy: ['role policy', (a) => ({ name: a.name, of: a.role, policy: JSON.parse(a.policy) })],
  aws_lambda_function: ['function', (a) => ({
    name: a.function_name,
    description: a.description,
    code: a.filename.split('/').at(-2),
    codeFrom: `${a.filename} ${a.source_code_hash}`,
    handler: a.handler,
    runtime: a.runtime,
    memory: a.memory_size,
    timeout: a.timeout,
    role: a.role,
    environment: a.environment.variables,
    deadLetters: a.dead_letter_config.target_arn,
    logGroup: a.logging_config.log_group,
    logFormat: a.logging_config.log_format,
    tracing: a.tracing_config.mode,
    published: a.publish,
    tags: a.tags,
  })],
  aws_lambda_permission: ['permission', (a) => ({
    // The function's name and its version together are the version.
    to: a.qualifier === a.function_name.replace('<name', '<version') ? a.function_name.replace('<name', '<version-arn') : a.function_name,
    action: a.action,
    principal: a.principal,
    source: a.source_arn,
    madeFirst: a.lifecycle.create_before_destroy,
  })],
  aws_lambda_function_event_invoke_config: ['asynchronous calls', (a) => ({
    of: a.function_name, qualifier: a.qualifier, retries: a.maximum_retry_attempts, madeFirst: a.lifecycle.create_before_destroy,
  })],
  aws_cloudwatch_log_group: ['log group', (a) => ({ name: a.name, retention: a.retention_in_days, tags: a.tags })],
  aws_sfn_state_machine: ['state machine', (a) => ({
    name: a.name,
    type: a.type,
    definition: JSON.parse(a.definition),
    role: a.role_arn,
    logLevel: a.logging_configuration.level,
    logs: a.logging_configuration.log_destination,
    tracing: a.tracing_configuration.enabled,
    tags: a.tags,
  })],
  aws_cloudwatch_event_rule: ['rule', (a) => ({
    name: a.name,
    description: a.description,
    pattern: a.event_pattern && JSON.parse(a.event_pattern),
    schedule: a.schedule_expression,
    state: a.state,
    targets: Object.fromEntries(a.aws_cloudwatch_event_target.map((target: any) => [
      target.target_id, { arn: target.arn, role: target.role_arn, deadLetters: target.dead_letter_config.arn, waitsFor: target.depends_on },
    ])),
    tags: a.tags,
  })],
  aws_cloudwatch_metric_alarm: ['alarm', (a) => ({
    name: a.alarm_name,
    description: a.alarm_description,
    actions: a.alarm_actions,
    okActions: a.ok_actions,
    operator: a.comparison_operator,
    evaluationPeriods: a.evaluation_periods,
    datapointsToAlarm: a.datapoints_to_alarm,
    threshold: a.threshold,
    missing: a.treat_missing_data,
    metric: a.metric_name,
    namespace: a.namespace,
    dimensions: a.dimensions,
    period: a.period,
    statistic: a.statistic,
    queries: a.metric_query?.map((query: any) => ({
      id: query.id,
      expression: query.expression,
      label: query.label,
      returns: query.return_data,
      metric: query.metric?.metric_name,
      namespace: query.metric?.namespace,
      dimensions: query.metric?.dimensions,
      period: query.metric?.period,
      statistic: query.metric?.stat,
    })),
    tags: a.tags,
  })],
};
