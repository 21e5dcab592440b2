import { App, Environment, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import {
  CsvChunkPipeline, CsvChunkPipelineProps, ICsvChunkPipeline, JobAlarms, JobApi, JobCatalog, JobCatalogProps, JobDashboard, JobNotifications,
  QualityCheck,
} from '../../src';
import { newApp, SCHEMA } from '../synthesize';

type Make = (scope: Construct, id: string, pipeline: ICsvChunkPipeline) => Construct;

/** What has names of its own, and the first that it takes. */
const BESIDE: ReadonlyArray<[name: string, resource: string, make: Make]> = [
  ['JobApi', 'role "job-api"', (scope, id, pipeline) => new JobApi(scope, id, { pipeline })],
  ['QualityCheck', 'queue "quality-check-dead-letters"', (scope, id, pipeline) => new QualityCheck(scope, id, { pipeline })],
  ['JobCatalog', 'database "catalog"', (scope, id, pipeline) => new JobCatalog(scope, id, { pipeline })],
  ['JobDashboard', 'dashboard "jobs-eu-west-1"', (scope, id, pipeline) => new JobDashboard(scope, id, { pipeline })],
  ['JobAlarms', 'alarm "executions-failed"', (scope, id, pipeline) => new JobAlarms(scope, id, { pipeline, actions: [] })],
];
const ENV: Environment = { account: '111111111111', region: 'eu-west-1' };

function pipelineIn(app: App, props: Partial<CsvChunkPipelineProps> = { environmentSuffix: 'dev' }): CsvChunkPipeline {
  return new CsvChunkPipeline(new Stack(app, 'Data', { env: ENV }), 'Tap', { schema: SCHEMA, ...props });
}

/** There is one in any case: see test/around/quality-check.test.ts. */
const ONE_OF_A_KIND = ['QualityCheck'];

describe.each(BESIDE.filter(([name]) => !ONE_OF_A_KIND.includes(name)))('%s', (name, resource, make) => {
  test('is refused a second time on a pipeline whose resources have names, in another stack too', () => {
    const app = newApp();
    const pipeline = pipelineIn(app);
    make(pipeline, 'First', pipeline);
    expect(() => make(new Stack(app, 'Ops', { env: ENV }), 'Second', pipeline)).toThrow(
      new RegExp(`^the name of the ${name === 'JobAlarms' ? 'alarm "[a-z-]+"' : resource} of Ops/Second must differ from that of the .* of Data/Tap/First in the account`));
  });

  test('may be there twice where CloudFormation names what it makes', () => {
    const app = newApp();
    const pipeline = pipelineIn(app, {});
    make(pipeline, 'First', pipeline);
    if (name === 'JobCatalog') new JobCatalog(pipeline, 'Second', { pipeline, databaseName: 'other' });
    else make(pipeline, 'Second', pipeline);
  });
});

test('a name that was asked for before is no other resource\'s', () => {
  const pipeline = pipelineIn(newApp());
  expect(pipeline.resourceName('role', 'job-api')).toBe('role-tap-job-api-eu-west-1-dev');
  new JobApi(pipeline, 'First', { pipeline });
  expect(pipeline.resourceName('role', 'job-api')).toBe('role-tap-job-api-eu-west-1-dev');
  expect(() => new JobApi(pipeline, 'Second', { pipeline })).toThrow('of the role "job-api" of Data/Tap/First in the account');
});

test('alarms of different rows may be of several constructs', () => {
  const unnamed = pipelineIn(newApp(), {});
  const rows = Object.keys(new JobAlarms(unnamed, 'All', { pipeline: unnamed, actions: [] }).alarms);
  const pipeline = pipelineIn(newApp());
  expect(rows).toContain('job-age');
  new JobAlarms(pipeline, 'Pages', { pipeline, actions: [], leaveOut: rows.filter((row) => row !== 'job-age') });
  new JobAlarms(pipeline, 'Mails', { pipeline, actions: [], leaveOut: ['job-age'] });
});

describe('catalogs', () => {
  const two = (one: Partial<JobCatalogProps>, other: Partial<JobCatalogProps>) => () => {
    const app = newApp();
    const pipelines = ['Orders', 'Refunds'].map((id) => new CsvChunkPipeline(new Stack(app, `${id}Data`, { env: ENV }), id, { schema: SCHEMA }));
    [one, other].forEach((props, index) => new JobCatalog(pipelines[index], 'Catalog', { pipeline: pipelines[index], ...props }));
  };

  test('of two pipelines may not make one database', () => {
    expect(two({ databaseName: 'payments' }, { databaseName: 'payments' })).toThrow(new Error('the name of the database "catalog" of RefundsData/Refunds/Catalog must differ '
      + 'from that of the database "catalog" of OrdersData/Orders/Catalog in the account and region, got "payments" for both: give one of them another databaseName, '
      + 'or hand the database of one to the other (database)'));
  });

  test('may share a database, but not a table of it', () => {
    const database = CfnDatabase.fromDatabaseName(new Stack(newApp(), 'Lake'), 'Lake', 'lake');
    expect(two({ database }, { database })).not.toThrow();
    expect(two({ database, tableName: 'all' }, { database, tableName: 'all' })).toThrow('got "lake.all" for both: give one of them another tableName');
  });
});

describe('what stands beside a pipeline', () => {
  const elsewhere: Array<[string, Environment]> = [['region', { ...ENV, region: 'us-east-1' }], ['account', { ...ENV, account: '222222222222' }]];
  const made: Array<[string, Make]> = [
    ...BESIDE.filter(([name]) => name !== 'JobDashboard').map(([name, , make]): [string, Make] => [name, make]),
    ['JobNotifications', (scope, id, pipeline) => new JobNotifications(scope, id, { pipeline })],
  ];

  test.each(elsewhere.flatMap(([what, env]) => made.map(([name, make]) => ({ what, env, name, make }))))('is refused in another $what: $name', ({ env, name, make }) => {
    const app = newApp();
    const pipeline = pipelineIn(app);
    expect(() => make(new Stack(app, 'Ops', { env }), 'Beside', pipeline)).toThrow(new Error(`${name} must lie in the account and region of the pipeline, got "Ops/Beside" in `
      + `aws://${env.account}/${env.region} and "Data/Tap" in aws://111111111111/eu-west-1: give both stacks the same account and region (env)`));
  });

  test.each(made)('works in another stack of the environment: %s', (_, make) => {
    const app = newApp();
    const pipeline = pipelineIn(app);
    const stack = new Stack(app, 'Ops', { env: ENV });
    make(stack, 'Beside', pipeline);
    expect(Object.keys(Template.fromStack(stack).toJSON().Resources).length).toBeGreaterThan(0);
  });
});
