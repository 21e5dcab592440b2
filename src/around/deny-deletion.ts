import { CfnResource, IAspect, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { visibleJson } from '../spec/visible-text';

/** In the stack, beside what the user names there. */
const POLICY_ID = 'CsvChunkPipelineDenyDeletion';

/**
 * Denies `s3:DeleteBucket` and `dynamodb:DeleteTable` to every role in a scope, whatever else a role is allowed: those
 * of the pipeline, yours, and those of the CDK's own helpers. (CloudFormation acts under a role of its own outside the
 * stack, so that a stack can still be deleted.)
 *
 * @example
 * import { Aspects, Stack } from 'aws-cdk-lib';
 * import { DenyDeletion } from 'cdk-csv-chunk-pipeline';
 *
 * declare const stack: Stack;
 * Aspects.of(stack).add(new DenyDeletion());
 */
export class DenyDeletion implements IAspect {
  /** Called by the CDK for every construct in the scope. */
  public visit(node: IConstruct): void {
    // By resource type, not `iam.CfnRole`: the roles of the CDK's custom resource providers are plain `CfnResource`s.
    if (CfnResource.isCfnResource(node) && node.cfnResourceType === iam.CfnRole.CFN_RESOURCE_TYPE_NAME) {
      denyDeletion(node);
    }
  }
}

/** One policy a stack lists all its roles: an explicit deny cannot be lost among what a role's own policies say. */
function denyDeletion(role: CfnResource): void {
  const stack = Stack.of(role);
  const found = stack.node.tryFindChild(POLICY_ID);
  if (found !== undefined && !(found instanceof iam.CfnPolicy)) {
    throw new Error(`the id ${POLICY_ID} must be left to the policy of DenyDeletion, got another construct at ${visibleJson(found.node.path)}`);
  }
  const policy = found ?? new iam.CfnPolicy(stack, POLICY_ID, {
    policyName: 'DenyDeletion',
    policyDocument: new iam.PolicyDocument({
      statements: [new iam.PolicyStatement({
        effect: iam.Effect.DENY,
        actions: ['s3:DeleteBucket', 'dynamodb:DeleteTable'],
        resources: ['*'],
      })],
    }),
    roles: [],
  });
  const roles = policy.roles ?? [];
  // Aspects may visit a construct twice (stabilization).
  if (!roles.includes(role.ref)) {
    policy.roles = [...roles, role.ref];
  }
}
