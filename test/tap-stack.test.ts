import { asText, newApp, Synthesized } from './synthesize';
import { TapStack } from '../examples/tap-stack/tap-stack';

const stack = new TapStack(newApp(), 'TapStack-qa', { environmentSuffix: 'qa' });
const synthesized = new Synthesized(stack);

/** Property that names a resource, by type; roles and the rest have names of their own kind below. */
const NAMES: Record<string, string> = {
  'AWS::S3::Bucket': 'BucketName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::Events::Rule': 'Name',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::IAM::Role': 'RoleName',
};

test.each(Object.entries(NAMES))('every %s of the pipeline has a name that ends with the suffix', (type, property) => {
  const ofPipeline = synthesized.entries(type).filter(([id]) => id.startsWith('Tap'));
  expect(ofPipeline.length).toBeGreaterThan(0);
  for (const [, { Properties }] of ofPipeline) expect(asText(Properties[property])).toMatch(/^\/?[a-z].*-tap-.*-qa$/);
});

test('is all destroyable', () => {
  for (const type of ['AWS::S3::Bucket', 'AWS::DynamoDB::GlobalTable', 'AWS::Logs::LogGroup', 'AWS::SQS::Queue']) {
    for (const [, { DeletionPolicy }] of synthesized.entries(type)) expect(DeletionPolicy).toBe('Delete');
  }
  synthesized.template.resourceCountIs('Custom::S3AutoDeleteObjects', 1);
});

test('has no policy that AWS manages, also where CDK brings a helper of its own', () => {
  const roles = synthesized.entries('AWS::IAM::Role');
  expect(roles.some(([id]) => id.startsWith('CustomS3AutoDelete'))).toBe(true);
  for (const [, { Properties }] of roles) expect(Properties.ManagedPolicyArns).toBeUndefined();
});

test('has a log group for every function', () => {
  const functions = synthesized.entries('AWS::Lambda::Function');
  const groups = functions.map(([, { Properties }]) => asText(Properties.LoggingConfig?.LogGroup));
  expect(new Set(groups).size).toBe(functions.length);
});

test('is tagged', () => {
  for (const type of ['AWS::S3::Bucket', 'AWS::DynamoDB::GlobalTable', 'AWS::Lambda::Function', 'AWS::StepFunctions::StateMachine']) {
    for (const [id, { Properties }] of synthesized.entries(type)) {
      if (!id.startsWith('Tap')) continue;
      // Those of a table are its replicas'.
      expect(Properties.Tags ?? Properties.Replicas[0].Tags).toEqual(expect.arrayContaining([{ Key: 'Environment', Value: 'Production' }, { Key: 'Project', Value: 'ETL' }]));
    }
  }
});

test('is set up for bank transactions', () => {
  expect(synthesized.contract()).toMatchObject({ chunkSizeBytes: 50 * 1024 ** 2, maxRejectedPercentage: 1 });
  expect(synthesized.contract().schema.fields.map(({ name }) => name)).toEqual([
    'transaction_id', 'account_id', 'transaction_date', 'amount', 'currency', 'merchant', 'category',
  ]);
  expect(synthesized.state('ProcessChunks').MaxConcurrency).toBe(10);
});

test('says where bucket, table and state machine are', () => {
  expect(Object.keys(synthesized.template.toJSON().Outputs).sort()).toEqual(['BucketName', 'JobTableName', 'StateMachineArn']);
});
