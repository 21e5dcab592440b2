import { RemovalPolicy } from 'aws-cdk-lib';
import { synthesize } from '../synthesize';

/** What becomes of each resource when it is removed or replaced, by its type. */
function policies(removalPolicy?: RemovalPolicy): Record<string, string[]> {
  const { Resources } = synthesize({ removalPolicy, environmentSuffix: 'dev' }).template.toJSON();
  const found: Record<string, string[]> = {};
  for (const { Type, DeletionPolicy, UpdateReplacePolicy } of Object.values<any>(Resources)) {
    if (DeletionPolicy !== undefined) found[Type] = [...new Set([...found[Type] ?? [], `${DeletionPolicy}, ${UpdateReplacePolicy}`])];
  }
  return found;
}

const KEPT = ['RetainExceptOnCreate, Retain'];

test('a first deployment that fails leaves nothing in the way of the next one', () => {
  expect(policies()).toEqual({
    'AWS::S3::Bucket': KEPT,
    'AWS::DynamoDB::GlobalTable': KEPT,
    'AWS::SQS::Queue': KEPT,
    'AWS::Logs::LogGroup': KEPT,
    'AWS::Lambda::Version': KEPT,
    'AWS::StepFunctions::StateMachine': ['Delete, Delete'],
  });
  expect(policies(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)).toEqual(policies());
});

test('what is to be kept whatever happens is', () => {
  expect(policies(RemovalPolicy.RETAIN)).toMatchObject({ 'AWS::S3::Bucket': ['Retain, Retain'], 'AWS::DynamoDB::GlobalTable': ['Retain, Retain'] });
});

test('a template whose resources are all to be destroyed retains none', () => {
  expect(JSON.stringify(synthesize({ removalPolicy: RemovalPolicy.DESTROY, environmentSuffix: 'dev' }).template.toJSON())).not.toContain('Retain');
});
