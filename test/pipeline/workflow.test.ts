import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Synthesized, synthesize } from '../synthesize';

// eslint-disable-next-line @typescript-eslint/no-require-imports -- it has no types for its entry point
const validate = require('asl-validator') as (definition: unknown) => { isValid: boolean; errors: unknown[]; errorsText(): string };

const STEPS = ['ValidateFile', 'PlanChunks', 'ProcessChunk', 'FinalizeJob', 'MoveSource', 'CloseJob'];

let synthesized: Synthesized;
beforeAll(() => { synthesized = synthesize(); });

test('is valid Amazon States Language', () => {
  const { isValid, errors } = validate(synthesized.definition());
  expect(errors).toEqual([]);
  expect(isValid).toBe(true);
});

describe('the flow', () => {
  const next = (choice: string) => synthesized.state(choice).Choices.map((rule: any) => [
    (rule.Or ?? [rule]).map(({ Variable, StringEquals }: any) => `${Variable}=${StringEquals}`).join('|'), rule.Next,
  ]);

  test('starts with ValidateFile, which gets the raw event and the execution', () => {
    expect(synthesized.definition().StartAt).toBe('ValidateFile');
    expect(synthesized.state('ValidateFile').Parameters).toEqual({ 'event.$': '$', 'executionArn.$': '$$.Execution.Id' });
  });

  test('a valid file is planned, a resumed job goes on where it stood, a rejected one is closed, a known one ends', () => {
    expect(synthesized.state('ValidateFile').Next).toBe('FileVerdict');
    expect(next('FileVerdict')).toEqual([
      ['$.status=VALID', 'PlanChunks'],
      ['$.status=RESUMED', 'ProcessChunks'],
      ['$.status=PROCESSED|$.status=REJECTED', 'FinalizeJob'],
      ['$.status=DUPLICATE|$.status=IGNORED', 'NothingToDo'],
      ['$.status=REFUSED', 'StartRefused'],
    ]);
    expect(synthesized.state('NothingToDo').Type).toBe('Succeed');
  });

  test('who starts what is refused gets an execution that fails, with the reason', () => {
    expect(synthesized.state('StartRefused')).toMatchObject({ Type: 'Fail', ErrorPath: '$.errorCode', CausePath: '$.errorMessage' });
  });

  test('a planned file is processed, one that is gone is closed', () => {
    expect(synthesized.state('PlanChunks').Next).toBe('PlanVerdict');
    expect(next('PlanVerdict')).toEqual([['$.status=PLANNED', 'ProcessChunks'], ['$.status=REJECTED', 'FinalizeJob']]);
  });

  test('chunks whose boundaries were wrong are processed again before the source moves', () => {
    expect(synthesized.state('ProcessChunks').Next).toBe('FinalizeJob');
    expect(synthesized.state('FinalizeJob').Next).toBe('JobVerdict');
    expect(next('JobVerdict')).toContainEqual(['$.status=NEXT_ROUND', 'ProcessChunks']);
    expect(next('JobVerdict')).toContainEqual(['$.status=PUBLISHED|$.status=FAILED', 'MoveSource']);
  });

  test.each([['FinalizeJob', 'JobVerdict'], ['MoveSource', 'JobOutcome']])('%s is called again when its time was up', (step, choice) => {
    expect(synthesized.state(step).Next).toBe(choice);
    expect(next(choice)).toContainEqual(['$.status=UNFINISHED', step]);
  });

  test('the execution ends as the job did, with the reason of the job', () => {
    expect(synthesized.state('MoveSource').Next).toBe('JobOutcome');
    expect(next('JobOutcome')).toEqual([['$.status=UNFINISHED', 'MoveSource'], ['$.status=SUCCEEDED', 'JobSucceeded'], ['$.status=FAILED', 'JobFailed']]);
    expect(synthesized.state('JobSucceeded').Type).toBe('Succeed');
    expect(synthesized.state('JobFailed')).toMatchObject({ Type: 'Fail', ErrorPath: '$.errorCode', CausePath: '$.errorMessage' });
  });

  test.each(['PlanChunks', 'FinalizeJob', 'MoveSource'])('%s gets the id of the job and nothing else', (step) => {
    expect(synthesized.state(step).Parameters).toEqual({ 'fileId.$': '$.fileId' });
  });
});

describe('the chunks', () => {
  test('are read from the manifest in the output bucket', () => {
    expect(synthesized.state('ProcessChunks').ItemReader).toEqual({
      Resource: expect.stringMatching(/:states:::s3:getObject$/),
      ReaderConfig: { InputType: 'JSON' },
      Parameters: { 'Bucket': expect.stringMatching(/^\${PipelineStorageBucket\w+}$/), 'Key.$': '$.manifestKey' },
    });
  });

  test('run as executions of their own', () => {
    expect(synthesized.state('ProcessChunks').ItemProcessor.ProcessorConfig).toEqual({ Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' });
  });

  test('leave nothing in the state: each returns {}, the list of results goes to S3, the input goes on', () => {
    expect(synthesized.state('ProcessChunk').OutputPath).toBeNull();
    expect(synthesized.state('ProcessChunks').ResultPath).toBeNull();
    expect(synthesized.state('ProcessChunks').ResultWriter).toEqual({
      Resource: expect.stringMatching(/:states:::s3:putObject$/),
      Parameters: { Bucket: expect.stringContaining('StorageBucket'), Prefix: 'work/map-results' },
    });
  });
});

describe('failures', () => {
  const wait = { IntervalSeconds: 1, BackoffRate: 2, MaxDelaySeconds: 60, JitterStrategy: 'FULL' };

  test.each(STEPS)('%s is tried again: throttled without end, Lambda\'s own failures for some minutes, all else by the retry policy', (step) => {
    expect(synthesized.state(step).Retry).toEqual([
      { ...wait, ErrorEquals: ['Lambda.TooManyRequestsException'], MaxAttempts: 99_999_999 },
      { ...wait, ErrorEquals: ['Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException'], MaxAttempts: 15 },
      { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 2, MaxDelaySeconds: 60, JitterStrategy: 'FULL' },
    ]);
  });

  test('a policy of no retries is no retry', () => {
    const once = synthesize({ retryPolicy: { maxRetries: 0 } });
    expect(once.state('ProcessChunk').Retry.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'], MaxAttempts: 0 });
  });

  test.each([[Duration.hours(2), 60], [Duration.days(2), 60], [Duration.days(3), 78], [Duration.days(365), 9462]])(
    'a call that is throttled for all of a workflow of %s leaves room in its history, which ends at 25,000 events', (workflowTimeout, longestWait) => {
      const later = Duration.days(400);
      const { MaxDelaySeconds } = synthesize({
        workflowTimeout,
        lifecycle: { work: { expireAfter: later }, abortIncompleteUploadsAfter: later, noncurrentVersionsExpireAfter: later },
      }).state('ProcessChunk').Retry[0];
      expect(MaxDelaySeconds).toBe(longestWait);
      const tries = workflowTimeout.toSeconds() / (MaxDelaySeconds / 2);
      expect(tries * 3).toBeLessThanOrEqual(20_000);
    });

  test.each([[Duration.minutes(15), 960], [Duration.minutes(1), 120]])(
    'with functions that may take %s a task waits for its answer one minute longer, not as long as the workflow may', (timeout, seconds) => {
      const made = synthesize({ timeout });
      for (const step of STEPS) expect([step, made.state(step).TimeoutSeconds]).toEqual([step, seconds]);
    });

  test('the chunks as a whole are tried again only when nothing has run', () => {
    expect(synthesized.state('ProcessChunks').Retry).toEqual([{ ...wait, ErrorEquals: ['States.ItemReaderFailed'], MaxAttempts: 15 }]);
  });

  test.each([...STEPS.filter((step) => step !== 'ProcessChunk' && step !== 'CloseJob'), 'ProcessChunks'])(
    'when %s fails for good the job is closed', (step) => {
      expect(synthesized.state(step).Catch.at(-1)).toEqual({ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'CloseJob' });
    });

  test('when only the list of the chunks\' results cannot be written the job goes on', () => {
    const [first, ...others] = synthesized.state('ProcessChunks').Catch;
    expect(first).toEqual({ ErrorEquals: ['States.ResultWriterFailed'], ResultPath: null, Next: 'FinalizeJob' });
    expect(others).toHaveLength(1);
  });

  test('the execution then fails with the error of the step, also when the job could not be closed', () => {
    const closeJob = synthesized.state('CloseJob');
    expect(closeJob).toMatchObject({
      Parameters: { 'executionArn.$': '$$.Execution.Id', 'input.$': '$$.Execution.Input', 'error.$': '$.error' },
      ResultPath: null,
      Next: 'JobInterrupted',
    });
    expect(closeJob.Catch).toEqual([{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'JobInterrupted' }]);
    expect(synthesized.state('JobInterrupted')).toMatchObject({
      Type: 'Fail', ErrorPath: '$.error.Error', CausePath: 'States.JsonToString($.error)',
    });
  });

  test('an execution that timed out, was aborted or failed has its job closed by a rule', () => {
    const { EventPattern, Targets } = synthesized.one('AWS::Events::Rule', 'CloseJobExecutionEnded').Properties;
    expect(EventPattern).toEqual({
      'source': ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      'detail': {
        stateMachineArn: [{ Ref: expect.stringContaining('WorkflowStateMachine') }],
        status: ['TIMED_OUT', 'ABORTED', 'FAILED'],
      },
    });
    expect(Targets).toMatchObject([{ Arn: { Ref: expect.stringContaining('CloseJobFunctionCurrentVersion') }, DeadLetterConfig: expect.anything() }]);
  });
});

describe('the sweep', () => {
  test('comes by a schedule, by version, and what it fails on is kept', () => {
    const { ScheduleExpression, EventPattern, Targets } = synthesized.one('AWS::Events::Rule', 'SweepJobsSchedule').Properties;
    expect(ScheduleExpression).toBe('rate(5 minutes)');
    expect(EventPattern).toBeUndefined();
    expect(Targets).toMatchObject([{ Arn: { Ref: expect.stringContaining('SweepJobsFunctionCurrentVersion') }, DeadLetterConfig: expect.anything() }]);
  });

  test('looks for the files that start jobs', () => {
    const { Variables } = synthesize({ prefixes: { incoming: 'in/' }, suffixes: ['.CSV', '.gz'] })
      .one('AWS::Lambda::Function', 'SweepJobsFunction').Properties.Environment;
    expect(Variables).toMatchObject({
      INCOMING_PREFIX: 'in/', FILE_SUFFIXES: '[".csv",".gz"]', STATE_MACHINE_ARN: { Ref: expect.stringContaining('WorkflowStateMachine') },
    });
  });
});

test('CloseJob, which the state machine calls, may start it by a policy that comes after both', () => {
  const { PolicyDocument, Roles } = synthesized.one('AWS::IAM::Policy', 'CloseJobStartExecution').Properties;
  expect(PolicyDocument.Statement).toEqual([
    { Effect: 'Allow', Action: 'states:StartExecution', Resource: { Ref: expect.stringContaining('WorkflowStateMachine') } },
  ]);
  expect(Roles).toEqual([{ Ref: expect.stringContaining('CloseJobRole') }]);
});

describe('deployments in mid-job', () => {
  test.each(STEPS)('%s is invoked by version', (step) => {
    expect(synthesized.state(step).Resource).toMatch(new RegExp(`^\\\${Pipeline${step}FunctionCurrentVersion`));
  });

  test('the versions that running executions invoke stay, unless the deployment that made them is rolled back', () => {
    for (const policy of [undefined, RemovalPolicy.RETAIN]) {
      const versions = synthesize({ removalPolicy: policy }).entries('AWS::Lambda::Version');
      for (const [, { DeletionPolicy }] of versions) expect(DeletionPolicy).toBe('RetainExceptOnCreate');
      expect(versions).toHaveLength(7);
    }
  });
});

test('logs everything, traces, and ends after workflowTimeout', () => {
  expect(synthesized.one('AWS::StepFunctions::StateMachine').Properties).toMatchObject({
    LoggingConfiguration: { Level: 'ALL', Destinations: [expect.anything()] },
    TracingConfiguration: { Enabled: true },
    StateMachineType: 'STANDARD',
  });
  expect(synthesized.definition()).toMatchObject({ TimeoutSeconds: 7200 });
  expect(synthesized.definition().QueryLanguage ?? 'JSONPath').toBe('JSONPath');
});
