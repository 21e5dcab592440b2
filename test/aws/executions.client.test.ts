import { ExecutionAlreadyExists, ExecutionDoesNotExist, SFNClient } from '@aws-sdk/client-sfn';
import { StepFunctionsExecutions, stateMachineArnOf } from '../../src/aws/executions.client';
import { StepFunctionsStarts } from '../../src/aws/state-machine.client';

const MACHINE = 'arn:aws:states:eu-west-1:123456789012:stateMachine:pipeline';
const EXECUTION = 'arn:aws:states:eu-west-1:123456789012:execution:pipeline:7f0c';

function executionsThat(answer: () => unknown) {
  const sent: unknown[] = [];
  const send = async ({ input }: { input: unknown }) => {
    sent.push(input);
    return answer();
  };
  return { executions: new StepFunctionsExecutions(new StepFunctionsStarts({ send } as unknown as SFNClient, MACHINE)), sent };
}

const failing = (error: Error) => () => { throw error; };
const described = { message: 'm', $metadata: {} };

test('an execution is started with its input', async () => {
  const { executions, sent } = executionsThat(() => ({ executionArn: EXECUTION }));
  await executions.start('resume-f-1', { resume: true, fileId: 'f', run: 1 });
  expect(sent).toEqual([{ stateMachineArn: MACHINE, name: 'resume-f-1', input: '{"resume":true,"fileId":"f","run":1}' }]);
});

test('a second start under one name is none; any other failure is told', async () => {
  const input = { resume: true, fileId: 'f' } as const;
  await executionsThat(failing(new ExecutionAlreadyExists(described))).executions.start('n', input);
  await expect(executionsThat(failing(new Error('throttled'))).executions.start('n', input)).rejects.toThrow('throttled');
});

test.each([['RUNNING', true], ['SUCCEEDED', false], ['FAILED', false], ['TIMED_OUT', false], ['ABORTED', false]])(
  'an execution that is %s runs: %s', async (status, isRunning) => {
    const { executions, sent } = executionsThat(() => ({ status }));
    expect(await executions.isRunning(EXECUTION)).toBe(isRunning);
    expect(sent).toEqual([{ executionArn: EXECUTION }]);
  },
);

test('an execution that is not known any more does not run; where nobody can tell, nobody does', async () => {
  expect(await executionsThat(failing(new ExecutionDoesNotExist(described))).executions.isRunning(EXECUTION)).toBe(false);
  await expect(executionsThat(failing(new Error('throttled'))).executions.isRunning(EXECUTION)).rejects.toThrow('throttled');
});

test('the state machine of an execution is told by its ARN, in every partition', () => {
  expect(stateMachineArnOf(EXECUTION)).toBe(MACHINE);
  expect(stateMachineArnOf('arn:aws-cn:states:cn-north-1:1:execution:a-b:c')).toBe('arn:aws-cn:states:cn-north-1:1:stateMachine:a-b');
  expect(() => stateMachineArnOf('execution-of-f')).toThrow('expected the ARN of an execution of Step Functions, got "execution-of-f"');
});
