import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * The construct's path, with the stack's name in place of the stack's own path: two environments may be one app with
 * one path, deployed under two names. The name of a nested stack is not known at synth: it is that of its root, with the
 * path from there.
 */
export function pipelineIdOf(pipeline: Construct, environmentSuffix: string | undefined): string {
  const root = rootOf(Stack.of(pipeline));
  const id = root.stackName + pipeline.node.path.slice(root.node.path.length);
  return environmentSuffix === undefined ? id : `${id}-${environmentSuffix}`;
}

function rootOf(stack: Stack): Stack {
  return stack.nestedStackParent === undefined ? stack : rootOf(stack.nestedStackParent);
}
