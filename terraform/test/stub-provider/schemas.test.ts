import * as path from 'node:path';
import { AwsBindings } from './schemas';

const bindings = new AwsBindings(path.dirname(require.resolve('@cdktn/provider-aws/package.json')));
const resource = (type: string) => bindings.schemas({ resource: { [type]: {} } }).resource_schemas[type].block;

test('what must be given, what may be given, and what the provider gives', () => {
  const { attributes } = resource('aws_lambda_function');
  expect(attributes.function_name).toEqual({ type: 'string', required: true });
  expect(attributes.timeout).toEqual({ type: 'number', optional: true });
  expect(attributes.region).toEqual({ type: 'string', optional: true, computed: true });
  expect(attributes.arn).toEqual({ type: 'string', computed: true });
});

test('collections of values', () => {
  expect(resource('aws_lambda_function').attributes.architectures.type).toEqual(['list', 'string']);
  expect(resource('aws_cloudwatch_metric_alarm').attributes.alarm_actions.type).toEqual(['set', 'string']);
  expect(resource('aws_cloudwatch_metric_alarm').attributes.dimensions.type).toEqual(['map', 'string']);
});

test('objects that only the provider gives', () => {
  const { attributes } = resource('aws_codepipeline');
  expect(attributes.trigger_all.type).toEqual(['list', ['object', expect.objectContaining({ provider_type: 'string' })]]);
});

test('blocks: one, at most one, a list of them and a set of them', () => {
  expect(resource('aws_lambda_function').block_types.timeouts).toMatchObject({ nesting_mode: 'single' });
  expect(resource('aws_lambda_function').block_types.environment).toEqual({
    nesting_mode: 'list', max_items: 1, block: { attributes: { variables: { type: ['map', 'string'], optional: true } }, block_types: {} },
  });
  expect(resource('aws_s3_bucket_lifecycle_configuration').block_types.rule)
    .toMatchObject({ nesting_mode: 'list', block: { attributes: { status: { required: true } } } });
  expect(resource('aws_cloudwatch_metric_alarm').block_types.metric_query)
    .toMatchObject({ nesting_mode: 'set', block: { block_types: { metric: { max_items: 1 } } } });
});

test('a block that must be there', () => {
  expect(resource('aws_s3_bucket_versioning').block_types.versioning_configuration).toMatchObject({ min_items: 1, max_items: 1 });
});

test('data sources, and the provider itself', () => {
  const { data_source_schemas: data, provider } = bindings.schemas({ data: { aws_caller_identity: {} } });
  expect(data.aws_caller_identity.block.attributes.account_id).toEqual({ type: 'string', computed: true });
  expect(provider.block.attributes.allowed_account_ids).toEqual({ type: ['set', 'string'], optional: true });
  expect(provider.block.block_types.default_tags)
    .toMatchObject({ nesting_mode: 'list', block: { attributes: { tags: { type: ['map', 'string'] } } } });
});

test('fails for a type that the bindings do not have', () => {
  expect(() => resource('aws_no_such_thing')).toThrow('The bindings have no module no-such-thing');
});
