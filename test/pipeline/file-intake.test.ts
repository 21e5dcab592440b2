/** How files come in, as it is deployed. */
import { Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CsvChunkPipeline, Intake, SuffixCase } from '../../src';
import { asText, newApp, newStack, SCHEMA, Synthesized, synthesize } from '../synthesize';

const startRules = (synthesized: Synthesized) => synthesized.entries('AWS::Events::Rule').filter(([id]) => id.includes('IntakeRule'));
const targetsOf = (synthesized: Synthesized) => startRules(synthesized).map(([, { Properties }]) => (
  Properties.Targets.map(({ Arn, DeadLetterConfig }: any) => `${asText(Arn)} or ${asText(DeadLetterConfig.Arn)}`.replace(/\w{8}(\.Arn)?}/g, '}')).join()
));

describe('by events', () => {
  test('the rules start the workflow itself', () => {
    const synthesized = synthesize({}, (pipeline) => expect(pipeline.intakeQueue).toBeUndefined());
    expect(targetsOf(synthesized)).toEqual(Array(2).fill('${PipelineWorkflowStateMachine} or ${PipelineDeadLettersQueue}'));
    expect(synthesized.entries('AWS::Lambda::EventSourceMapping')).toEqual([]);
  });

  test('as many rules as there may be need no more statements of the dead-letter queue\'s policy, which holds 20', () => {
    const synthesized = synthesize({ suffixes: ['.csv', '.csv.gz'] });
    expect(startRules(synthesized)).toHaveLength(18);
    const { Statement } = synthesized.one('AWS::SQS::QueuePolicy').Properties.PolicyDocument;
    expect(Statement).toHaveLength(4);
    // And 8 KB, with ARNs of 120 characters.
    expect(JSON.stringify(Statement).length + 32 * 120).toBeLessThan(8192);
  });

  test('.csv and .json in one spelling take one rule, of which the sweep knows', () => {
    const synthesized = synthesize({ suffixes: ['.csv', '.json'], suffixCase: SuffixCase.EXACT });
    expect(startRules(synthesized).map(([, { Properties }]) => Properties.EventPattern.detail.object.key)).toEqual([
      [{ wildcard: 'incoming/*.csv' }, { wildcard: 'incoming/*.json' }],
    ]);
    expect(synthesized.one('AWS::Lambda::Function', 'SweepJobsFunction').Properties.Environment.Variables).toMatchObject({
      FILE_SUFFIXES: '[".csv",".json"]', SUFFIX_CASE: 'exact', INTAKE: 'events',
    });
  });
});

describe('through a queue', () => {
  let synthesized: Synthesized;
  let pipeline: CsvChunkPipeline;
  beforeAll(() => {
    synthesized = synthesize({ intake: Intake.queue({ batchSize: 20, maxBatchingWindow: Duration.seconds(5) }), environmentSuffix: 'dev' }, (made) => { pipeline = made; });
  });

  test('the rules tell the queue, which is encrypted, and has the pipeline\'s dead-letter queue', () => {
    expect(targetsOf(synthesized)).toEqual(Array(2).fill('${PipelineIntakeQueue} or ${PipelineDeadLettersQueue}'));
    const { Properties, DeletionPolicy } = synthesized.one('AWS::SQS::Queue', 'IntakeQueue');
    expect(Properties).toMatchObject({ QueueName: 'queue-pipeline-intake-dev', SqsManagedSseEnabled: true, RedrivePolicy: { maxReceiveCount: 5 } });
    expect(asText(Properties.RedrivePolicy.deadLetterTargetArn)).toMatch(/PipelineDeadLettersQueue\w+\.Arn/);
    // What waits in it is no data: each file lies in the bucket, and the sweep finds it.
    expect(DeletionPolicy).toBe('Delete');
    expect(pipeline.intakeQueue).toBeDefined();
  });

  test('messages come back after six times the function\'s timeout and the window, as Lambda asks for', () => {
    const { Timeout, MemorySize } = synthesized.one('AWS::Lambda::Function', 'StartJobsFunction').Properties;
    expect({ Timeout, MemorySize }).toEqual({ Timeout: 60, MemorySize: 512 });
    expect(synthesized.one('AWS::SQS::Queue', 'IntakeQueue').Properties.VisibilityTimeout).toBe(6 * 60 + 5);
  });

  test('StartJobs takes them in batches, and answers for each message', () => {
    const { FunctionName, EventSourceArn, ...settings } = synthesized.one('AWS::Lambda::EventSourceMapping').Properties;
    expect(asText(FunctionName)).toMatch(/PipelineIntakeStartJobsFunction/);
    expect(asText(EventSourceArn)).toMatch(/PipelineIntakeQueue/);
    expect(settings).toEqual({
      BatchSize: 20, MaximumBatchingWindowInSeconds: 5, FunctionResponseTypes: ['ReportBatchItemFailures'], ScalingConfig: { MaximumConcurrency: 10 },
    });
  });

  test('StartJobs is one of the pipeline\'s functions, with its identity and names', () => {
    expect(Object.keys(pipeline.functions)).toContain('StartJobs');
    expect(synthesized.contract('StartJobsFunction').pipelineId).toBe('Stack/Pipeline-dev');
    expect(synthesized.one('AWS::Lambda::Function', 'StartJobsFunction').Properties.FunctionName).toBe('function-pipeline-start-jobs-dev');
  });

  test('no file is started before the workflow may start the Map', () => {
    expect(synthesized.one('AWS::Lambda::EventSourceMapping').DependsOn).toContainEqual(expect.stringContaining('DistributedMapPolicy'));
  });

  test('a bucket of one\'s own may notify the queue directly', () => {
    const stack = newStack();
    const sourceBucket = new Bucket(stack, 'Mine');
    const { intakeQueue } = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, sourceBucket, intake: Intake.queue() });
    sourceBucket.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(intakeQueue!), { prefix: 'incoming/' });
    const { Statement } = new Synthesized(stack).one('AWS::SQS::QueuePolicy', 'IntakeQueue').Properties.PolicyDocument;
    expect(Statement.map(({ Principal }: any) => Principal.Service).filter(Boolean)).toEqual(['events.amazonaws.com', 's3.amazonaws.com']);
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('noEvents'))).toEqual([]);
  });

  test('a bucket of one\'s own that notifies another queue starts no file, and is warned of', () => {
    const stack = newStack();
    const sourceBucket = new Bucket(stack, 'Mine');
    new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, sourceBucket, intake: Intake.queue() });
    sourceBucket.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(new Queue(stack, 'Other')));
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('noEvents'))).toHaveLength(1);
  });

  test('a bucket of another stack needs EventBridge for it: the stacks would need each other (docs/intake.md)', () => {
    const made = (eventBridgeEnabled: boolean, change: (bucket: Bucket, pipeline: CsvChunkPipeline) => void) => {
      const app = newApp();
      const sourceBucket = new Bucket(new Stack(app, 'Buckets'), 'Mine', { eventBridgeEnabled });
      change(sourceBucket, new CsvChunkPipeline(new Stack(app, 'Pipelines'), 'Pipeline', { schema: SCHEMA, sourceBucket, intake: Intake.queue() }));
      return Annotations.fromStack(sourceBucket.stack).findWarning('*', Match.stringLikeRegexp('noEvents'));
    };
    expect(() => made(false, (bucket, { intakeQueue }) => bucket.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(intakeQueue!)))).toThrow('cyclic reference');
    expect(made(true, () => {})).toEqual([]);
  });
});

describe('by hand', () => {
  test('nothing starts a file: no rule, no queue, and the sweep knows', () => {
    const synthesized = synthesize({ intake: Intake.manual() }, (pipeline) => {
      expect(pipeline.startRules).toEqual([]);
      expect(pipeline.intakeQueue).toBeUndefined();
    });
    expect(synthesized.entries('AWS::Events::Rule').map(([id]) => id.replace(/\w{8}$/, '')).sort()).toEqual(['PipelineCloseJobExecutionEnded', 'PipelineSweepJobsSchedule']);
    expect(synthesized.one('AWS::Lambda::Function', 'SweepJobsFunction').Properties.Environment.Variables.INTAKE).toBe('manual');
  });

  test('a bucket of one\'s own need not send events', () => {
    const stack = newStack();
    new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, sourceBucket: new Bucket(stack, 'Mine'), intake: Intake.manual() });
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('noEvents'))).toEqual([]);
  });
});
