/**
 * What AWS answers by a rule, by Terraform type and attribute: `{account}` is the account of the provider, all others
 * are attributes of the same resource. What has no row is a text that is there once.
 */
export const ANSWERS: Record<string, Record<string, string>> = {
  aws_caller_identity: { account_id: '{account}', id: '{account}', arn: 'arn:aws:iam::{account}:user/terraform' },
  aws_partition: { partition: 'aws', id: 'aws', dns_suffix: 'amazonaws.com', reverse_dns_prefix: 'com.amazonaws' },
  aws_region: { name: '{region}', id: '{region}' },

  aws_cloudwatch_event_rule: { id: '{name}', arn: 'arn:aws:events:{region}:{account}:rule/{name}', event_bus_name: 'default' },
  aws_cloudwatch_log_group: { id: '{name}', arn: 'arn:aws:logs:{region}:{account}:log-group:{name}' },
  aws_cloudwatch_metric_alarm: { id: '{alarm_name}', arn: 'arn:aws:cloudwatch:{region}:{account}:alarm:{alarm_name}' },
  aws_dynamodb_table: { id: '{name}', arn: 'arn:aws:dynamodb:{region}:{account}:table/{name}' },
  aws_iam_policy: { id: '{arn}', arn: 'arn:aws:iam::{account}:policy/{name}' },
  aws_iam_role: { id: '{name}', arn: 'arn:aws:iam::{account}:role/{name}' },
  aws_lambda_function: {
    id: '{function_name}',
    arn: 'arn:aws:lambda:{region}:{account}:function:{function_name}',
    version: '1',
    qualified_arn: '{arn}:{version}',
    invoke_arn: 'arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations',
  },
  aws_s3_bucket: {
    id: '{bucket}',
    arn: 'arn:aws:s3:::{bucket}',
    bucket_domain_name: '{bucket}.s3.amazonaws.com',
    bucket_regional_domain_name: '{bucket}.s3.{region}.amazonaws.com',
  },
  aws_sfn_state_machine: { id: '{arn}', arn: 'arn:aws:states:{region}:{account}:stateMachine:{name}' },
  aws_sns_topic: { id: '{arn}', arn: 'arn:aws:sns:{region}:{account}:{name}' },
  aws_sqs_queue: { id: '{url}', url: 'https://sqs.{region}.amazonaws.com/{account}/{name}', arn: 'arn:aws:sqs:{region}:{account}:{name}' },
};
