import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { pipelineIdOf } from '../../src/pipeline/pipeline-id';

const idIn = (stack: Stack, suffix?: string) => pipelineIdOf(new Construct(new Construct(stack, 'Orders'), 'Pipeline'), suffix);

test('is the path of the construct', () => {
  expect(idIn(new Stack(new App(), 'Stack'))).toBe('Stack/Orders/Pipeline');
});

test('tells environments of one path apart by their suffix', () => {
  expect(idIn(new Stack(new App(), 'Stack'), 'dev')).toBe('Stack/Orders/Pipeline-dev');
  expect(idIn(new Stack(new App(), 'Stack'), 'qa')).toBe('Stack/Orders/Pipeline-qa');
});

test('tells environments of one path apart by the name of their stack', () => {
  expect(idIn(new Stack(new App(), 'Stack', { stackName: 'orders-dev' }))).toBe('orders-dev/Orders/Pipeline');
  expect(idIn(new Stack(new Stage(new App(), 'Dev'), 'Stack'))).toBe('Dev-Stack/Orders/Pipeline');
});

test('is known at synth also in a nested stack, whose name is not', () => {
  expect(idIn(new NestedStack(new Stack(new App(), 'Stack'), 'Nested'), 'dev')).toBe('Stack/Nested/Orders/Pipeline-dev');
});

test('holds the root of a nested stack, by its name', () => {
  const root = new Stack(new App(), 'Stack', { stackName: 'orders-dev' });
  expect(idIn(new NestedStack(new NestedStack(root, 'Nested'), 'Inner'))).toBe('orders-dev/Nested/Inner/Orders/Pipeline');
});
