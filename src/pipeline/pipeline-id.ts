import { Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * The construct's path, with the stack's name in place of the stack's own path: two environments may be one app with
 * one path, deployed under two names. The name of a nested stack is not known at synth; what tells environments apart
 * there is the suffix.
 */
export function pipelineIdOf(pipeline: Construct, environmentSuffix: string | undefined): string {
  const stack = Stack.of(pipeline);
  const stackId = Token.isUnresolved(stack.stackName) ? stack.node.path : stack.stackName;
  const id = stackId + pipeline.node.path.slice(stack.node.path.length);
  return environmentSuffix === undefined ? id : `${id}-${environmentSuffix}`;
}
