/** A pipeline that no stack of CloudFormation lists, by the settings that the construct really gives to its SweepJobs. */
import { App, Stack } from 'aws-cdk-lib';
import { FakeAccount } from './fake-account';
import { CsvChunkPipeline, DisasterRecovery, Intake } from '../../src';
import { pipelineOfFunction } from '../../src/operator/pipeline-of-function';
import { FunctionSettings } from '../../src/ports/operations';
import { asText, newStack, SCHEMA, Synthesized } from '../synthesize';

const FUNCTION = 'function-tap-sweep-jobs-dev';
const WITHOUT_STACK = 'a pipeline without a stack, such as one of Terraform, is found by --sweep-function, the name of its SweepJobs function';

/** Intrinsic functions as text, such as `${TapDeadLettersQueueB37FA966}`. */
function settingsIn(stack: Stack, step = 'SweepJobs'): FunctionSettings {
  const { Variables } = new Synthesized(stack).one('AWS::Lambda::Function', `${step}Function`).Properties.Environment;
  return Object.fromEntries(Object.entries(Variables).map(([name, value]) => [name, asText(value)]));
}

const stack = newStack();
const pipeline = new CsvChunkPipeline(stack, 'Tap', { schema: SCHEMA, environmentSuffix: 'dev', intake: Intake.queue() });
const { pipelineId } = pipeline;
const settings = settingsIn(stack);
const address = {
  tableName: asText(stack.resolve(pipeline.jobTable.tableName)),
  stateMachineArn: asText(stack.resolve(pipeline.stateMachine.stateMachineArn)),
  queueUrl: asText(stack.resolve(pipeline.deadLetterQueue.queueUrl)),
  sweepFunctionName: FUNCTION,
};

test('the function of the sweep tells where all the parts of its pipeline are', () => {
  expect(pipelineOfFunction(FUNCTION, undefined, settings)).toEqual(address);
  expect(pipelineOfFunction(FUNCTION, pipelineId, settings)).toEqual(address);
});

test('that of a standby has the id that the pipeline has in both regions', () => {
  const standby = new Stack(new App(), 'Standby', { env: { account: '111111111111', region: 'eu-west-1' } });
  new CsvChunkPipeline(standby, 'Tap', {
    schema: SCHEMA,
    environmentSuffix: 'dev',
    intake: Intake.manual(),
    disasterRecovery: DisasterRecovery.standby({ primaryRegion: 'us-east-1', pipelineId: 'Elsewhere/Tap-dev' }),
  });
  expect(pipelineOfFunction(FUNCTION, 'Elsewhere/Tap-dev', settingsIn(standby))).toMatchObject({ tableName: 'table-tap-jobs-dev' });
});

test('no other function of the pipeline is taken for it', () => {
  const steps = ['ValidateFile', 'PlanChunks', 'ProcessChunk', 'FinalizeJob', 'MoveSource', 'CloseJob', 'StartJobs'];
  for (const step of steps) expect(() => pipelineOfFunction('mine', undefined, settingsIn(stack, step))).toThrow('which has no PIPELINE_ID');
  expect(() => pipelineOfFunction('mine', undefined, {})).toThrow('expected --sweep-function to be the SweepJobs function of a pipeline '
    + '(function-…-sweep-jobs-…), got mine, which has no PIPELINE_ID, JOB_TABLE_NAME, STATE_MACHINE_ARN, DEAD_LETTER_QUEUE_URL in its environment');
});

describe('the command', () => {
  const withoutStack = () => {
    const account = new FakeAccount();
    account.resources = undefined;
    account.functions.set(FUNCTION, settings);
    return account;
  };

  test('of an e-mail works with one option more', async () => {
    const account = withoutStack();
    const command = ['redrive', '--pipeline', pipelineId, '--dry-run'] as const;
    expect(await account.run(...command)).toBe(1);
    expect(account.stderr).toBe(`csv-chunk-pipeline: expected a stack ${pipelineId.split('/')[0]} in this account and region, found none; ${WITHOUT_STACK}\n`);
    expect(await account.run(...command, '--sweep-function', FUNCTION)).toBe(0);
    expect(account.address).toEqual(address);
  });

  test('needs no name but the function\'s, and no right to look at stacks', async () => {
    const account = withoutStack();
    account.stacksFailure = Object.assign(new Error('not authorized'), { name: 'AccessDenied' });
    expect(await account.run('jobs', '--sweep-function', FUNCTION)).toBe(0);
    expect(await account.run('jobs', '--pipeline', pipelineId)).toBe(1);
    expect(account.stderr).toBe(`csv-chunk-pipeline: failed: not authorized; ${WITHOUT_STACK}\n`);
  });

  test('does nothing on another pipeline than the one that is named', async () => {
    const account = withoutStack();
    expect(await account.run('redrive', '--pipeline', 'Bank/Orders-dev', '--sweep-function', FUNCTION)).toBe(1);
    expect(account.stderr).toBe(`csv-chunk-pipeline: expected --pipeline to be ${pipelineId}, of which ${FUNCTION} is the SweepJobs function, got Bank/Orders-dev\n`);
    expect(account.address).toBeUndefined();
  });

  test('tells of a function that is not there', async () => {
    const account = withoutStack();
    expect(await account.run('jobs', '--sweep-function', 'nowhere')).toBe(1);
    expect(account.stderr).toBe('csv-chunk-pipeline: failed: Function not found: nowhere\n');
  });

  test('looks for the function in the region that is to be active', async () => {
    const account = withoutStack();
    account.regions = { own: 'eu-west-1', primary: 'us-east-1' };
    await account.run('activate', '--sweep-function', FUNCTION, '--region', 'eu-west-1');
    expect(account.askedRegion).toBe('eu-west-1');
  });
});
