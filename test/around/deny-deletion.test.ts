import * as path from 'path';
import { Aspects, CfnResource, CustomResourceProvider, CustomResourceProviderRuntime, NestedStack, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CsvChunkPipeline, DenyDeletion } from '../../src';
import { newStack, SCHEMA } from '../synthesize';

function roles(stack: Stack): string[] {
  return Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Role')).sort();
}

/** The roles that are denied both actions on all resources. */
function deniedRoles(stack: Stack): string[] {
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy', {
    Properties: {
      PolicyDocument: { Statement: [{ Effect: 'Deny', Action: ['s3:DeleteBucket', 'dynamodb:DeleteTable'], Resource: '*' }] },
    },
  }));
  return policies.flatMap(({ Properties }) => Properties.Roles.map((role: any) => role.Ref)).sort();
}

test('denies to every role of a pipeline, those of the helpers of CDK included', () => {
  const stack = newStack();
  Aspects.of(stack).add(new DenyDeletion());
  // Makes a custom resource with a role of its own.
  new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, removalPolicy: RemovalPolicy.DESTROY });

  expect(roles(stack)).toContainEqual(expect.stringMatching(/^CustomS3AutoDeleteObjects/));
  expect(roles(stack)).toHaveLength(10);
  expect(deniedRoles(stack)).toEqual(roles(stack));
});

test('denies to roles that are no iam.Role', () => {
  const stack = newStack();
  Aspects.of(stack).add(new DenyDeletion());
  new CfnResource(stack, 'Plain', { type: 'AWS::IAM::Role', properties: { AssumeRolePolicyDocument: {} } });
  CustomResourceProvider.getOrCreate(stack, 'Custom::Thing', { codeDirectory: path.join(__dirname, '..', '..', 'assets', 'close-job'), runtime: CustomResourceProviderRuntime.NODEJS_22_X });

  expect(roles(stack)).toHaveLength(2);
  expect(deniedRoles(stack)).toEqual(roles(stack));
});

test('denies in nested stacks too, each by a policy of its own', () => {
  const stack = newStack();
  const nested = new NestedStack(stack, 'Nested');
  for (const scope of [stack, nested]) new iam.Role(scope, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  Aspects.of(stack).add(new DenyDeletion());

  expect(deniedRoles(stack)).toEqual(roles(stack));
  expect(deniedRoles(nested)).toEqual(roles(nested));
});

test('does not mistake a construct of the user for its policy', () => {
  const stack = newStack();
  const role = (id: string) => new iam.Role(stack, id, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  Aspects.of(stack).add(new DenyDeletion());
  role('DenyDeletion');
  expect(deniedRoles(stack)).toEqual(roles(stack));

  const taken = newStack();
  Aspects.of(taken).add(new DenyDeletion());
  new iam.Role(taken, 'CsvChunkPipelineDenyDeletion', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  expect(() => Template.fromStack(taken)).toThrow(
    'the id CsvChunkPipelineDenyDeletion must be left to the policy of DenyDeletion, got another construct at "Stack/CsvChunkPipelineDenyDeletion"');
});

test('adds nothing where there is no role', () => {
  const stack = newStack();
  Aspects.of(stack).add(new DenyDeletion());
  Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
});
