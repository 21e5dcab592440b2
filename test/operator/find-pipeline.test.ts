/** The pipeline's parts, found in the stacks that the construct really makes. */
import { App, CfnResource, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { CsvChunkPipeline, DisasterRecovery, Intake, TableSchema } from '../../src';
import { findPipeline } from '../../src/operator/find-pipeline';
import { StackResource, Stacks } from '../../src/ports/operations';

const schema = TableSchema.fromFields([{ name: 'id' }]);

/** As CloudFormation lists them; what has no name of its own gets one. */
function resourcesOf(stack: Stack): StackResource[] {
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }> };
  return Object.entries(Resources).map(([logicalId, { Type: type, Properties: { TableName, FunctionName } = {} }]) => {
    const name = TableName ?? FunctionName;
    return { logicalId, type, physicalId: typeof name === 'string' ? name : `${stack.stackName}-${logicalId}-X1` };
  });
}

function stacksOf(...stacks: Array<readonly [string, Stack]>): Stacks {
  const resources = new Map(stacks.map(([name, stack]) => [name, resourcesOf(stack)]));
  return { resources: async (name) => resources.get(name) };
}

function pipelineIn(scope: Construct, id: string, environmentSuffix?: string): CsvChunkPipeline {
  return new CsvChunkPipeline(scope, id, { schema, environmentSuffix });
}

const logicalId = (stack: Stack, construct: Construct) => stack.getLogicalId(construct.node.defaultChild as CfnResource);
const physicalId = (stack: Stack, construct: Construct) => expect.stringContaining(logicalId(stack, construct));

describe('a stack with one pipeline', () => {
  const stack = new Stack(new App(), 'TapStack-dev');
  const pipeline = pipelineIn(stack, 'Tap', 'dev');
  const stacks = stacksOf(['TapStack-dev', stack]);
  const address = {
    tableName: 'table-tap-jobs-dev',
    stateMachineArn: physicalId(stack, pipeline.stateMachine),
    queueUrl: physicalId(stack, pipeline.deadLetterQueue),
    sweepFunctionName: 'function-tap-sweep-jobs-dev',
  };

  test('is found by the id that stands in events, and by the stack alone', async () => {
    expect(pipeline.pipelineId).toBe('TapStack-dev/Tap-dev');
    expect(await findPipeline(pipeline.pipelineId, stacks)).toEqual(address);
    expect(await findPipeline('TapStack-dev', stacks)).toEqual(address);
  });

  test.each(['TapStack-dev/Tap-prod', 'TapStack-dev/Orders-dev', 'TapStack-dev/Tapdev', 'TapStack-dev/'])('%s is another one', async (name) => {
    await expect(findPipeline(name, stacks)).rejects.toThrow(
      `expected --pipeline to name one of the pipelines of the stack TapStack-dev (TapStack-dev/Tap-dev), got ${name}, which is none of them`);
  });

  test('no such stack, and a stack without a pipeline, are told', async () => {
    await expect(findPipeline('TapStack-qa/Tap-qa', stacks)).rejects.toThrow('expected a stack TapStack-qa in this account and region, found none; '
      + 'a pipeline without a stack, such as one of Terraform, is found by --sweep-function');
    const empty = new Stack(new App(), 'Empty');
    new CfnResource(empty, 'Queue', { type: 'AWS::SQS::Queue' });
    await expect(findPipeline('Empty', stacksOf(['Empty', empty]))).rejects.toThrow('expected the stack Empty to hold a pipeline, found none');
  });
});

test('of several pipelines the id names one, and the stack alone does not', async () => {
  const stack = new Stack(new App(), 'Bank');
  const pipelines = [pipelineIn(new Construct(stack, 'Orders'), 'Pipeline'), pipelineIn(stack, 'Payments', 'dev'), pipelineIn(stack, 'Payments-Old', 'dev')];
  const stacks = stacksOf(['Bank', stack]);
  for (const pipeline of pipelines) {
    expect(await findPipeline(pipeline.pipelineId, stacks)).toMatchObject({ stateMachineArn: physicalId(stack, pipeline.stateMachine) });
  }
  await expect(findPipeline('Bank', stacks)).rejects.toThrow(
    'expected --pipeline to name one of the pipelines of the stack Bank (Bank/OrdersPipeline, Bank/Payments-dev, Bank/PaymentsOld-dev), got the stack alone');
  // As the message names it.
  expect(await findPipeline('Bank/OrdersPipeline', stacks)).toMatchObject({ stateMachineArn: physicalId(stack, pipelines[0].stateMachine) });
});

test.each(['MyWorkflow', 'DeadLetters', 'JobTable', 'Default'])('a pipeline whose own id is %s is found', async (id) => {
  const stack = new Stack(new App(), 'Stack');
  const pipeline = pipelineIn(stack, id);
  expect(await findPipeline('Stack', stacksOf(['Stack', stack]))).toEqual({
    tableName: physicalId(stack, pipeline.jobTable),
    stateMachineArn: physicalId(stack, pipeline.stateMachine),
    queueUrl: physicalId(stack, pipeline.deadLetterQueue),
    sweepFunctionName: physicalId(stack, pipeline.sweepJobsFunction),
  });
});

test('a standby is found, which has no job table of its own', async () => {
  const stack = new Stack(new App(), 'Standby', { env: { account: '111111111111', region: 'eu-west-1' } });
  new CsvChunkPipeline(stack, 'Tap', {
    schema,
    environmentSuffix: 'dev',
    intake: Intake.manual(),
    disasterRecovery: DisasterRecovery.standby({ primaryRegion: 'us-east-1', pipelineId: 'TapStack-dev/Tap-dev' }),
  });
  const address = { tableName: undefined, sweepFunctionName: 'function-tap-sweep-jobs-dev' };
  for (const name of ['Standby', 'Standby/Tap-dev']) expect(await findPipeline(name, stacksOf(['Standby', stack]))).toMatchObject(address);
});

test('nested stacks are not looked at where the pipeline is found without them', async () => {
  const stack = new Stack(new App(), 'Stack');
  const pipeline = pipelineIn(stack, 'Tap');
  new NestedStack(stack, 'Nested');
  const resources = jest.fn(stacksOf(['Stack', stack]).resources);
  await findPipeline(pipeline.pipelineId, { resources });
  expect(resources).toHaveBeenCalledTimes(1);
  await findPipeline('Stack', { resources });
  expect(resources).toHaveBeenCalledTimes(3);
});

test('a pipeline in a nested stack is found by its id', async () => {
  const stack = new Stack(new App(), 'Stack');
  const nested = new NestedStack(stack, 'Nested');
  const pipeline = pipelineIn(nested, 'Tap', 'dev');
  const physicalIdOfNested = `Stack-${stack.getLogicalId(nested.nestedStackResource as CfnResource)}-X1`;
  const stacks = stacksOf(['Stack', stack], [physicalIdOfNested, nested]);
  expect(pipeline.pipelineId).toBe('Stack/Nested/Tap-dev');
  expect(await findPipeline(pipeline.pipelineId, stacks)).toMatchObject({ tableName: 'table-tap-jobs-dev' });
  expect(await findPipeline('Stack', stacks)).toMatchObject({ tableName: 'table-tap-jobs-dev' });
});
