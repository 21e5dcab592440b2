import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { StorageClass } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { holdProps, synthesizeAround } from './prop-rows';
import { permissionsOf } from './role-permissions';
import { CsvChunkPipeline, CsvChunkPipelineProps, FieldType, JobCatalog, JobCatalogProps, MetadataColumn, OutputFormat, RecordTransform, TableSchema } from '../../src';
import { asText, newApp, newStack, SCHEMA, Synthesized } from '../synthesize';

function synthesize(props: Partial<JobCatalogProps> = {}, pipelineProps: Partial<CsvChunkPipelineProps> = {}): Synthesized {
  const stack = newStack();
  const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, ...pipelineProps });
  new JobCatalog(stack, 'Catalog', { pipeline, ...props });
  return new Synthesized(stack);
}

const tableInput = (synthesized: Synthesized) => synthesized.one('AWS::Glue::Table').Properties.TableInput;
const repairTarget = (synthesized: Synthesized) => synthesized.one('AWS::Events::Rule', 'CatalogRepair').Properties.Targets[0];
const crawlers = (synthesized: Synthesized) => synthesized.entries('AWS::Glue::Crawler').map(([, { Properties }]) => Properties);

holdProps<JobCatalogProps>('./around/job-catalog', (stack, pipeline, props) => { new JobCatalog(stack, 'Catalog', { pipeline, ...props }); }, {
  'JobCatalogProps.database': {
    read: (synthesized) => synthesized.one('AWS::Glue::Table').Properties.DatabaseName,
    byDefault: { Ref: expect.stringMatching(/^CatalogDatabase/) },
    override: (stack) => ({ database: CfnDatabase.fromDatabaseName(stack, 'Mine', 'mine') }),
    overridden: 'mine',
  },
  'JobCatalogProps.databaseName': {
    read: (synthesized) => synthesized.one('AWS::Glue::Database').Properties.DatabaseInput.Name,
    byDefault: 'stack_pipeline',
    override: { databaseName: 'payments' },
    overridden: 'payments',
  },
  'JobCatalogProps.tableName': { read: (synthesized) => tableInput(synthesized).Name, byDefault: 'pipeline', override: { tableName: 'records_2' }, overridden: 'records_2' },
  'JobCatalogProps.repairPeriod': {
    read: (synthesized) => repairTarget(synthesized).Input, byDefault: '{"repairDays":7}', override: { repairPeriod: Duration.days(30) }, overridden: '{"repairDays":30}',
  },
  'JobCatalogProps.crawler': { read: (synthesized) => crawlers(synthesized).length, byDefault: 0, override: { crawler: {} }, overridden: 1 },
  'CatalogCrawlerOptions.schedule': {
    read: (synthesized) => crawlers(synthesized)[0]?.Schedule.ScheduleExpression,
    byDefault: undefined,
    override: { crawler: { schedule: Schedule.cron({ hour: '5', minute: '30' }) } },
    overridden: 'cron(30 5 * * ? *)',
  },
});

describe('the table', () => {
  const SCHEMA_OF_TYPES = TableSchema.fromFields([
    { name: 'Id', type: FieldType.INTEGER }, { name: 'amount', type: FieldType.DECIMAL, precision: 12, scale: 2 }, { name: 'at', type: FieldType.DATETIME },
  ]);

  test('has the published columns, those of the metadata too, where the pipeline publishes', () => {
    const synthesized = synthesize({}, { schema: SCHEMA_OF_TYPES, metadataColumns: [MetadataColumn.JOB_ID], prefixes: { output: 'published/' } });
    const { StorageDescriptor, PartitionKeys, Parameters, TableType } = tableInput(synthesized);
    expect(StorageDescriptor.Columns).toEqual([
      { Name: 'id', Type: 'bigint' }, { Name: 'amount', Type: 'decimal(12,2)' }, { Name: 'at', Type: 'timestamp' }, { Name: '_job_id', Type: 'string' },
    ]);
    expect(asText(StorageDescriptor.Location)).toMatch(/^s3:\/\/\$\{PipelineStorageBucket\w+\}\/published\/$/);
    expect(StorageDescriptor.SerdeInfo).toEqual({ SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe', Parameters: {} });
    expect(PartitionKeys).toEqual([{ Name: 'ingest_date', Type: 'date' }, { Name: 'file_id', Type: 'string' }]);
    expect([TableType, Parameters.classification, Parameters.EXTERNAL]).toEqual(['EXTERNAL_TABLE', 'json', 'TRUE']);
  });

  test('has those of the transform\'s schema, where there is one', () => {
    const outputSchema = TableSchema.fromFields([{ name: 'euros', type: FieldType.NUMBER }]);
    const stack = newStack();
    const transform = RecordTransform.fromFunction(Function.fromFunctionAttributes(stack, 'Mine', {
      functionArn: 'arn:aws:lambda:us-east-1:111111111111:function:mine', sameEnvironment: true,
    }), { outputSchema });
    const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, transform });
    new JobCatalog(stack, 'Catalog', { pipeline });
    expect(tableInput(new Synthesized(stack)).StorageDescriptor.Columns).toEqual([{ Name: 'euros', Type: 'double' }]);
  });

  test.each([
    ['csv', OutputFormat.csv(), { 'classification': 'csv', 'skip.header.line.count': '1' }],
    ['csv', OutputFormat.csv({ header: false }), { classification: 'csv' }],
    ['parquet', OutputFormat.parquet(), { classification: 'parquet' }],
  ])('of %s says how the files are to be read', (_, outputFormat, expected) => {
    const { EXTERNAL, columns_fingerprint, ...parameters } = tableInput(synthesize({}, { outputFormat })).Parameters;
    expect(parameters).toEqual(expected);
  });

  test('has a fingerprint that changes with the columns, and with nothing else', () => {
    const fingerprint = (props: Partial<CsvChunkPipelineProps>) => tableInput(synthesize({}, props)).Parameters.columns_fingerprint;
    const before = fingerprint({});
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprint({ maxRejectedRecords: 3, prefixes: { output: 'elsewhere/' } })).toBe(before);
    expect(fingerprint({ metadataColumns: [MetadataColumn.JOB_ID] })).not.toBe(before);
    expect(fingerprint({ outputFormat: OutputFormat.parquet() })).not.toBe(before);
  });

  test('of CSV and of JSON Lines is warned of, of Parquet is not', () => {
    const warnings = (outputFormat: OutputFormat) => {
      const stack = newStack();
      new JobCatalog(stack, 'Catalog', { pipeline: new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, outputFormat }) });
      return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));
    };
    expect(warnings(OutputFormat.csv())).toEqual([expect.stringMatching(/^Athena reads CSV as texts, and takes a line end in a field for the end of the record/)]);
    expect(warnings(OutputFormat.jsonLines())).toEqual([expect.stringMatching(/^AWS says of the SerDe by which Athena reads JSON Lines that a query may have more rows/)]);
    expect(warnings(OutputFormat.parquet())).toEqual([]);
  });

  test.each([
    [StorageClass.GLACIER, [expect.stringMatching(/^a lifecycle rule moves what lies under "output\/" to GLACIER, where Athena leaves it out of its results without a word/)]],
    [StorageClass.DEEP_ARCHIVE, [expect.stringContaining('to DEEP_ARCHIVE, where Athena')]],
    [StorageClass.GLACIER_INSTANT_RETRIEVAL, []],
  ])('of records that move to %s is warned of where no query finds them', (storageClass, expected) => {
    const stack = newStack();
    const lifecycle = { output: { transition: { storageClass, after: Duration.days(90) } } };
    new JobCatalog(stack, 'Catalog', { pipeline: new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, outputFormat: OutputFormat.parquet(), lifecycle }) });
    (stack.node.root as App).synth();
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data))).toEqual(expected);
  });
});

describe('fails at synth', () => {
  const fields = (...names: string[]): Partial<CsvChunkPipelineProps> => ({ schema: TableSchema.fromFields(names.map((name) => ({ name }))) });

  test.each<[string, Partial<JobCatalogProps>, Partial<CsvChunkPipelineProps>, string]>([
    ['a name with a hyphen', { databaseName: 'my-db' }, {}, 'databaseName must be lower-case letters, digits and underscores, 128 at most, got "my-db"'],
    ['a name in capitals', { tableName: 'Records' }, {}, 'tableName must be lower-case letters, digits and underscores, 128 at most, got "Records"'],
    ['half a day', { repairPeriod: Duration.hours(36) }, {}, 'repairPeriod must be whole days, got 1 day 12 hours'],
    ['a rate', { crawler: { schedule: Schedule.rate(Duration.days(1)) } }, {}, 'crawler.schedule must be a cron expression (Schedule.cron), got rate(1 day)'],
    ['two columns of one name', {}, fields('id', 'ID'), 'JobCatalog: the names of published columns must differ in more than letter case, got "ID" and "id"'],
    ['a partition key', {}, fields('File_Id'), 'JobCatalog: the names of published columns must differ in more than letter case, got "File_Id" and a partition key'],
    ['a line end', {}, fields('a\nb'), 'JobCatalog: the name of a published column must have at most 255 bytes, and no line end or control character, '
      + 'which Glue refuses, got "a\\nb"'],
    ['a long name', {}, fields('x'.repeat(256)), 'JobCatalog: the name of a published column must have at most 255 bytes, and no line end'],
    ['a name of many bytes', {}, fields('\u00fc'.repeat(128)), 'JobCatalog: the name of a published column must have at most 255 bytes, and no line end'],
    ['a comma', {}, fields('a,b'), 'JobCatalog: the name of a published column must hold no comma, and no blank at its ends, got "a,b"'],
  ])('%s', (_, props, pipelineProps, message) => {
    expect(() => synthesize(props, pipelineProps)).toThrow(message);
  });

  test('a database with a name besides', () => {
    const stack = newStack();
    const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
    expect(() => new JobCatalog(stack, 'Catalog', { pipeline, databaseName: 'b', database: CfnDatabase.fromDatabaseName(stack, 'Mine', 'a') }))
      .toThrow('databaseName must be left out with a database of your own, got "b"');
  });
});

describe('two catalogs', () => {
  function both(first: Partial<JobCatalogProps>, second: Partial<JobCatalogProps>, region?: string): void {
    const stack = newStack();
    const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
    new JobCatalog(stack, 'First', { pipeline, ...first });
    new JobCatalog(region === undefined ? stack : new Stack(stack.node.root, 'Other', { env: { region } }), 'Second', { pipeline, ...second });
  }
  const shared = () => CfnDatabase.fromDatabaseName(newStack(), 'Mine', 'mine');

  test('of one pipeline make no two databases of one name', () => {
    expect(() => both({}, { tableName: 'other' })).toThrow('the name of the database "catalog" of Stack/Second must differ from that of the database "catalog" of '
      + 'Stack/First in the account and region, got "stack_pipeline" for both: give one of them another databaseName, or hand the database of one to the other (database)');
    both({ databaseName: 'a' }, { databaseName: 'b' });
  });

  test('have no table of one name in one database', () => {
    const message = 'got "mine.pipeline" for both: give one of them another tableName';
    expect(() => both({ database: shared() }, { database: shared() })).toThrow(message);
    expect(() => both({ databaseName: 'mine' }, { database: shared() })).toThrow(message);
    both({ database: shared() }, { database: shared(), tableName: 'other' });
  });

  test('of one database that the stack makes have no table of one name', () => {
    const stack = newStack();
    const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
    const database = new CfnDatabase(stack, 'Mine', { catalogId: stack.account, databaseInput: { name: 'mine' } });
    new JobCatalog(stack, 'First', { pipeline, database });
    expect(() => new JobCatalog(stack, 'Second', { pipeline, database })).toThrow('give one of them another tableName');
  });

  test('in two regions do not meet', () => {
    expect(() => both({ databaseName: 'mine' }, { databaseName: 'mine' }, 'eu-west-1')).not.toThrow('databaseName');
  });
});

describe('names and tags', () => {
  test('follow the pipeline\'s', () => {
    const synthesized = synthesize({ crawler: {} }, { environmentSuffix: 'dev', tags: { Project: 'ETL' } });
    expect(synthesized.one('AWS::Glue::Database').Properties.DatabaseInput.Name).toBe('database_pipeline_catalog_dev');
    expect(synthesized.one('AWS::Lambda::Function', 'CatalogAddPartition').Properties.FunctionName).toBe('function-pipeline-add-partition-dev');
    expect(synthesized.one('AWS::SQS::Queue', 'CatalogDeadLetters').Properties).toMatchObject({
      QueueName: 'queue-pipeline-add-partition-dead-letters-dev', Tags: [{ Key: 'Project', Value: 'ETL' }],
    });
    expect(crawlers(synthesized)[0]).toMatchObject({ Name: 'crawler-pipeline-catalog-dev', Tags: { Project: 'ETL' } });
  });
});

test('a job that has succeeded starts the function; what it fails on lies in the catalog\'s own dead-letter queue', () => {
  const synthesized = synthesizeAround((stack, pipeline) => { new JobCatalog(stack, 'Catalog', { pipeline }); });
  const rule = synthesized.one('AWS::Events::Rule', 'CatalogJobSucceeded').Properties;
  expect(rule.EventPattern).toEqual({ 'source': ['cdk-csv-chunk-pipeline'], 'detail-type': ['CSV Job Succeeded'], 'detail': { pipelineId: ['Stack/Pipeline'] } });
  const deadLetters = { 'Fn::GetAtt': [expect.stringMatching(/^CatalogDeadLetters/), 'Arn'] };
  for (const target of [rule.Targets[0], repairTarget(synthesized)]) {
    expect(target).toMatchObject({ Arn: { 'Fn::GetAtt': [expect.stringMatching(/^CatalogAddPartition/), 'Arn'] }, DeadLetterConfig: { Arn: deadLetters } });
  }
  expect(synthesized.one('AWS::Lambda::Function', 'CatalogAddPartition').Properties.DeadLetterConfig).toEqual({ TargetArn: deadLetters });
  expect(synthesized.one('AWS::Events::Rule', 'CatalogRepair').Properties.ScheduleExpression).toBe('rate(1 day)');
});

test('the crawler looks at the table, makes none and changes none', () => {
  const [crawler] = crawlers(synthesize({ crawler: {} }));
  expect(crawler).toMatchObject({
    Targets: { CatalogTargets: [{ DatabaseName: { Ref: expect.stringMatching(/^CatalogDatabase/) }, Tables: ['pipeline'] }] },
    SchemaChangePolicy: { UpdateBehavior: 'LOG', DeleteBehavior: 'LOG' },
    Schedule: { ScheduleExpression: 'cron(0 3 * * ? *)' },
  });
  expect(JSON.parse(crawler.Configuration)).toMatchObject({ CrawlerOutput: { Partitions: { AddOrUpdateBehavior: 'InheritFromTable' } } });
});

const READ_CATALOG = ['{catalog}', '{database}', '{table of the catalog}'];
const onCatalog = (...actions: string[]) => READ_CATALOG.map((resource) => `${actions.sort().map((action) => `glue:${action}`).join(', ')} | ${resource}`);

describe('who may do what, exactly', () => {
  function permissions(role: string, more: (stack: Stack, catalog: JobCatalog) => void = () => {}): string[] {
    const stack = newStack();
    const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
    more(stack, new JobCatalog(stack, 'Catalog', { pipeline, crawler: {} }));
    return permissionsOf(new Synthesized(stack), role, (resource) => resource
      .replace(/^arn:.*:glue:.*:catalog$/, '{catalog}')
      .replace(/^arn:.*:database\/\${CatalogDatabase\w*}$/, '{database}')
      .replace(/^arn:.*:table\/\${CatalogDatabase\w*}\/pipeline$/, '{table of the catalog}')
      .replace(/^arn:.*:log-group:\/aws-glue\/crawlers:\*$/, '{logs of crawlers}'));
  }

  test('AddPartition', () => {
    expect(permissions('CatalogAddPartitionRole')).toEqual([
      'logs:CreateLogStream, logs:PutLogEvents | {AddPartition logs}',
      'xray:PutTelemetryRecords, xray:PutTraceSegments | *',
      'sqs:SendMessage | {dead letters of Catalog}',
      's3:GetObject | {bucket}/reports/*',
      's3:ListBucket | {bucket} if {"StringLike":{"s3:prefix":["reports/*"]}}',
      'dynamodb:GetItem | {table}',
      'dynamodb:Query | {table}/index/TimestampIndex',
      ...onCatalog('CreatePartition', 'BatchGetPartition', 'GetPartitions'),
    ].sort());
  });

  test('the crawler', () => {
    expect(permissions('CatalogCrawlerRole')).toEqual([
      's3:GetObject | {bucket}/output/*',
      's3:ListBucket | {bucket} if {"StringLike":{"s3:prefix":["output/*"]}}',
      'logs:CreateLogGroup, logs:CreateLogStream, logs:PutLogEvents | {logs of crawlers}',
      ...onCatalog('GetDatabase', 'GetTable', 'GetTables', 'UpdateTable', 'GetPartition', 'GetPartitions', 'BatchGetPartition', 'CreatePartition',
        'BatchCreatePartition', 'UpdatePartition'),
    ].sort());
  });

  test('whoever may query', () => {
    const granted = permissions('Analysts', (stack, catalog) => {
      catalog.grantQuery(new Role(stack, 'Analysts', { assumedBy: new AccountRootPrincipal() }));
    });
    expect(granted).toEqual([
      's3:GetObject | {bucket}/output/*',
      's3:ListBucket | {bucket} if {"StringLike":{"s3:prefix":["output/*"]}}',
      ...onCatalog('GetDatabase', 'GetTable', 'GetPartition', 'GetPartitions', 'BatchGetPartition'),
    ].sort());
  });

  test('with a key of one\'s own, each may decrypt, and no more', () => {
    const stack = newStack();
    const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, encryptionKey: new Key(stack, 'Key') });
    new JobCatalog(stack, 'Catalog', { pipeline, crawler: {} });
    for (const role of ['CatalogAddPartitionRole', 'CatalogCrawlerRole']) {
      const lines = permissionsOf(new Synthesized(stack), role).filter((line) => line.startsWith('kms:'));
      expect(new Set(lines)).toEqual(new Set(['kms:Decrypt | ${Key961B73FD.Arn}']));
    }
  });
});

/** What is left to acknowledge, and why it is so. */
const ACKNOWLEDGED: Array<{ finding: RegExp; reason: string }> = [
  { finding: /^AwsSolutions-GL1$/, reason: 'What a crawler logs are names of tables and folders; a security configuration is the account\'s' },
  { finding: /^AwsSolutions-IAM5\[Resource::<PipelineStorageBucket\w+\.Arn>\/(output|reports)\/\*\]$/, reason: 'The objects under one prefix' },
  { finding: /^AwsSolutions-IAM5\[Resource::arn:.*:log-group:\/aws-glue\/crawlers:\*\]$/, reason: 'The log streams of one log group, which Glue shares' },
  { finding: /^AwsSolutions-IAM5\[Resource::\*\]$/, reason: 'X-Ray knows no resources' },
  { finding: /^AwsSolutions-L1$/, reason: 'The runtime is the pipeline\'s' },
];

test('passes the AWS Solutions checks, but for what is acknowledged with a reason', () => {
  const app: App = newApp();
  const stack = new Stack(app, 'Stack');
  const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
  const catalog = new JobCatalog(stack, 'Catalog', { pipeline, crawler: {} });
  const found = new AwsSolutionsChecks(catalog).validateScope(catalog).violations.map(({ ruleName }) => ruleName);
  expect(found.filter((id) => !ACKNOWLEDGED.some(({ finding }) => finding.test(id)))).toEqual([]);
  expect(ACKNOWLEDGED.filter(({ finding }) => !found.some((id) => finding.test(id)))).toEqual([]);
});
