/** What the construct deploys, against what the handlers read: the names in `src/contract`. */
import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { CsvChunkPipeline, Intake, RecordTransform } from '../src';
import { newStack, SCHEMA, Synthesized, synthesize } from './synthesize';
import * as env from '../src/contract/env';
import { PARTITION_KEY, SORT_KEY, TIMESTAMP_INDEX, UNSETTLED_INDEX } from '../src/contract/job-item';
import { CODE_DIMENSION, DEFAULT_METRICS_NAMESPACE, MAP_LABEL, METRICS, PIPELINE_DIMENSION } from '../src/contract/metrics';
import { EVENT_SOURCE, JOB_FAILED_EVENT, JOB_SUCCEEDED_EVENT } from '../src/contract/payloads';

let pipeline: CsvChunkPipeline;
let synthesized: Synthesized;
beforeAll(() => {
  synthesized = synthesize({}, (made) => {
    pipeline = made;
    pipeline.onJobSucceeded('Succeeded', { target: { bind: () => ({ arn: 'arn:succeeded' }) } });
    pipeline.onJobFailed('Failed', { target: { bind: () => ({ arn: 'arn:failed' }) } });
  });
});

test.each([
  ['ValidateFile', env.VALIDATE_FILE_ENV],
  ['PlanChunks', env.PLAN_CHUNKS_ENV],
  ['ProcessChunk', env.PROCESS_CHUNK_ENV],
  ['FinalizeJob', env.FINALIZE_JOB_ENV],
  ['MoveSource', env.MOVE_SOURCE_ENV],
  ['CloseJob', env.CLOSE_JOB_ENV],
  ['SweepJobs', [...new Set([...env.SWEEP_JOBS_ENV, ...env.PIPELINE_ADDRESS_ENV])]],
])('%s has the environment variables that are read of it, and no others', (step, names: readonly string[]) => {
  const { Variables } = synthesized.one('AWS::Lambda::Function', `${step}Function`).Properties.Environment;
  expect(Object.keys(Variables).sort()).toEqual([...names].sort());
});

test('StartJobs finds the environment variables that it reads, and no others', () => {
  const { Variables } = synthesize({ intake: Intake.queue() }).one('AWS::Lambda::Function', 'StartJobsFunction').Properties.Environment;
  expect(Object.keys(Variables).sort()).toEqual([...env.START_JOBS_ENV].sort());
});

test('ProcessChunk finds the function that is its transform', () => {
  const stack = newStack();
  const transform = RecordTransform.fromFunction(Function.fromFunctionName(stack, 'Mine', 'mine'));
  new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, transform });
  const { Variables } = new Synthesized(stack).one('AWS::Lambda::Function', 'ProcessChunkFunction').Properties.Environment;
  expect(Object.keys(Variables).sort()).toEqual([...env.PROCESS_CHUNK_ENV, ...env.TRANSFORM_FUNCTION_ENV].sort());
});

test('a variable that is set on ProcessChunk\'s function comes with a version of its own, which the workflow calls', () => {
  const withSwitch = synthesize({}, ({ processChunkFunction }) => (processChunkFunction as Function).addEnvironment(env.PROCESS_CHUNK_OPTIONAL_ENV[0], 'off'));
  const versions = ({ template }: Synthesized) => Object.keys(template.findResources('AWS::Lambda::Version')).filter((id) => id.includes('ProcessChunk'));
  expect(withSwitch.one('AWS::Lambda::Function', 'ProcessChunkFunction').Properties.Environment.Variables).toMatchObject({ CSV_FAST_PATH: 'off' });
  expect(versions(withSwitch)).not.toEqual(versions(synthesized));
  expect(JSON.stringify(withSwitch.state('ProcessChunk'))).toContain(versions(withSwitch)[0]);
});

test('each kind of metric is offered under the name that the handlers emit', () => {
  const offered = [
    pipeline.metricFilesReceived(), pipeline.metricJobsSucceeded(), pipeline.metricJobsFailed(), pipeline.metricJobsRejected(),
    pipeline.metricJobsInterrupted(), pipeline.metricRecordsRead(), pipeline.metricRecordsWritten(),
    pipeline.metricRecordsRejected(), pipeline.metricRecordsFiltered(),
    pipeline.metricBytesProcessed(), pipeline.metricChunkRepairs(), pipeline.metricJobDuration(),
    pipeline.metricOpenJobs(), pipeline.metricJobsWaiting(),
    pipeline.metricOldestOpenJobAge(), pipeline.metricOldestSlaJobAge(), pipeline.metricOldestFileAge(),
  ];
  expect(offered.map(({ metricName }) => metricName).sort()).toEqual(Object.values(METRICS).sort());
  for (const { namespace, dimensions } of offered) {
    expect(namespace).toBe(DEFAULT_METRICS_NAMESPACE);
    expect(dimensions).toEqual({ [PIPELINE_DIMENSION]: pipeline.pipelineId });
  }
});

test('rejected records are offered by code, under the dimension that the handlers emit', () => {
  const { metricName, dimensions } = pipeline.metricRecordsRejectedByCode('type', { period: Duration.hours(1) });
  expect(metricName).toBe(METRICS.recordsRejected);
  expect(dimensions).toEqual({ [PIPELINE_DIMENSION]: pipeline.pipelineId, [CODE_DIMENSION]: 'type' });
  expect(() => pipeline.metricRecordsRejectedByCode('typ')).toThrow('code must be one of field_count, quote, encoding, record_size, type, '
    + 'required, constraint, unique, transform, got "typ"');
});

test('the chunks\' executions are measured under the label of their Map', () => {
  expect(synthesized.state('ProcessChunks').Label).toBe(MAP_LABEL);
});

test('the contract beside the code carries what metrics and events are found by', () => {
  expect(synthesized.contract()).toMatchObject({ pipelineId: pipeline.pipelineId, metricsNamespace: DEFAULT_METRICS_NAMESPACE });
});

test('every handler has the same contract', () => {
  const { fingerprint } = synthesized.contract();
  expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
  for (const step of ['ValidateFile', 'PlanChunks', 'ProcessChunk', 'FinalizeJob', 'MoveSource', 'CloseJob', 'SweepJobs']) {
    expect(synthesized.contract(`${step}Function`).fingerprint).toBe(fingerprint);
  }
});

test('the rules for ended jobs match the events that the handlers send', () => {
  const pattern = (id: string) => synthesized.one('AWS::Events::Rule', id).Properties.EventPattern;
  const detail = { pipelineId: [pipeline.pipelineId] };
  expect(pattern('PipelineSucceeded')).toEqual({ 'source': [EVENT_SOURCE], 'detail-type': [JOB_SUCCEEDED_EVENT], detail });
  expect(pattern('PipelineFailed')).toEqual({ 'source': [EVENT_SOURCE], 'detail-type': [JOB_FAILED_EVENT], detail });
});

test('the job table has the keys and the indexes that the handlers use', () => {
  const { KeySchema, GlobalSecondaryIndexes } = synthesized.one('AWS::DynamoDB::GlobalTable').Properties;
  expect(KeySchema).toEqual([{ AttributeName: PARTITION_KEY, KeyType: 'HASH' }, { AttributeName: SORT_KEY, KeyType: 'RANGE' }]);
  expect(GlobalSecondaryIndexes).toEqual([{ ...TIMESTAMP_INDEX, holds: 'ALL' }, { ...UNSETTLED_INDEX, holds: 'KEYS_ONLY' }].map(({ name, partitionKey, sortKey, holds }) => ({
    IndexName: name,
    KeySchema: [
      { AttributeName: partitionKey, KeyType: 'HASH' },
      { AttributeName: sortKey, KeyType: 'RANGE' },
    ],
    Projection: { ProjectionType: holds },
  })));
});

test('events go to the bus that the rules listen on', () => {
  expect(synthesized.one('AWS::Events::Rule', 'PipelineFailed').Properties.EventBusName).toBeUndefined();
  expect(synthesized.one('AWS::Lambda::Function', 'FinalizeJobFunction').Properties.Environment.Variables.EVENT_BUS_NAME).toBe('default');
});

test('a user\'s pattern narrows the rule, it does not widen it', () => {
  const stack = newStack();
  new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA }).onJobFailed('Mine', {
    target: { bind: () => ({ arn: 'arn:failed' }) }, eventPattern: { detail: { errorCode: ['header_mismatch'] } },
  });
  const { detail } = new Synthesized(stack).one('AWS::Events::Rule', 'Mine').Properties.EventPattern as events.EventPattern;
  expect(detail).toEqual({ pipelineId: ['Stack/Pipeline'], errorCode: ['header_mismatch'] });
});
