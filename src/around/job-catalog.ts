import * as crypto from 'crypto';
import { Annotations, Duration, Size, Stack, Token } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { warnOfArchives } from './archived-output';
import { AroundFunction } from './around-function';
import { CatalogCrawler } from './catalog-crawler';
import { grantCatalog } from './catalog-rights';
import { checkAroundProps } from './given-around-props';
import { namesBeside } from './names-beside';
import { ownDeadLetters } from './own-dead-letters';
import { takeOverTags } from './take-over-tags';
import { CATALOG_FORM_FILE_NAME, CatalogColumn, CatalogStorage, catalogStorageOf, CLASSIFICATIONS, PARTITION_KEYS, RepairRequest } from '../contract/catalog-table';
import { ADD_PARTITION_ENV, Env } from '../contract/env';
import { TIMESTAMP_INDEX } from '../contract/job-item';
import { ICsvChunkPipeline } from '../i-csv-chunk-pipeline';
import { IMonitored } from '../options/i-monitored';
import { PublishedForm } from '../spec/output-columns';
import { visibleJson } from '../spec/visible-text';
import { TypesOf } from '../synth/construct-props';
import { everyGrant, expectGranted } from '../synth/grants';
import { jsonFile } from '../synth/handler-code';
import { checkDays } from '../synth/prop-checks';
import { checkGrantee, isDuration, isStructOf, isText, isWith } from '../synth/prop-types';
import { claimName } from '../synth/taken-names';

/** A Glue crawler beside a `JobCatalog`. */
export interface CatalogCrawlerOptions {
  /**
   * When it runs: a cron expression, in UTC. (Glue knows no rates.)
   *
   * @default - daily at 03:00 UTC
   */
  readonly schedule?: events.Schedule;
}

/** The properties of a `JobCatalog`. */
export interface JobCatalogProps {
  /** Whose published records the table reads. */
  readonly pipeline: ICsvChunkPipeline;

  /**
   * A database that is there already. (`CfnDatabase.fromDatabaseName` of `aws-cdk-lib/aws-glue` gives one of another
   * stack.)
   *
   * @default - one is made
   */
  readonly database?: glue.IDatabaseRef;

  /**
   * The name of the database that is made: lower-case letters, digits and underscores.
   *
   * @default - by the pipeline's rule of names, or else made of the pipeline's id, with underscores
   */
  readonly databaseName?: string;

  /**
   * The name of the table: lower-case letters, digits and underscores. Give it another one when the columns of a CSV
   * output change other than at their end: CSV is read by position.
   *
   * @default - made of the pipeline's construct id: `card_payments` of `CardPayments`
   */
  readonly tableName?: string;

  /**
   * How far back the daily repair looks for jobs whose partition is missing; whole days.
   *
   * @default Duration.days(7)
   */
  readonly repairPeriod?: Duration;

  /**
   * A Glue crawler that looks at the table's folders as well.
   *
   * @default - no crawler: partitions are added by the jobs' own events
   */
  readonly crawler?: CatalogCrawlerOptions;
}

const CRAWLER: TypesOf<CatalogCrawlerOptions> = { schedule: isWith('expressionString', 'a cron expression (Schedule.cron)') };

const TYPES: TypesOf<Omit<JobCatalogProps, 'pipeline'>> = {
  database: isWith('databaseRef', 'a database (CfnDatabase.fromDatabaseName gives one by its name)'),
  databaseName: isText,
  tableName: isText,
  repairPeriod: isDuration,
  crawler: isStructOf(CRAWLER),
};

/**
 * The published records as a table in the Glue data catalog, for Athena and whatever reads from there. Its columns and
 * types are those of the published schema and the metadata columns, in the pipeline's output format. Each job that is
 * published becomes a partition (`ingest_date`, `file_id`) when its manifest is written; one that failed becomes none.
 * A repair, once a day, adds those that no event has brought.
 *
 * @example
 * import { Stack } from 'aws-cdk-lib';
 * import * as iam from 'aws-cdk-lib/aws-iam';
 * import { JobCatalog, ICsvChunkPipeline } from 'cdk-csv-chunk-pipeline';
 *
 * declare const stack: Stack;
 * declare const pipeline: ICsvChunkPipeline;
 * declare const analysts: iam.Role;
 * const catalog = new JobCatalog(stack, 'Catalog', { pipeline, databaseName: 'payments', tableName: 'transactions' });
 * catalog.grantQuery(analysts);
 */
export class JobCatalog extends Construct implements IMonitored {
  /** `AddPartition`. */
  public readonly functions: { [step: string]: lambda.Function };

  /** Events whose partition could not be added, and repairs that failed. */
  public readonly deadLetterQueue: sqs.IQueue;

  /** The database that the table is in. */
  public readonly databaseName: string;

  /** The table's name. */
  public readonly tableName: string;

  private readonly pipeline: ICsvChunkPipeline;

  constructor(scope: Construct, id: string, props: JobCatalogProps) {
    super(scope, id);
    checkAroundProps(this, 'JobCatalog', props, TYPES);
    const { pipeline } = props;
    this.pipeline = pipeline;
    checkColumnNames(pipeline._published);
    warnOfText(this, pipeline._published);
    warnOfArchives(this, pipeline);

    if (props.database !== undefined && props.databaseName !== undefined) {
      throw new Error(`databaseName must be left out with a database of your own, got ${visibleJson(props.databaseName)}`);
    }
    const databaseName = props.database?.databaseRef.databaseName ?? this.nameOfOwnDatabase(props.databaseName);
    this.databaseName = (props.database ?? this.createDatabase(databaseName)).databaseRef.databaseName;
    this.tableName = checkName('tableName', props.tableName ?? snakeCase(pipeline.node.id));
    this.claim('catalog table', `${databaseName}.${this.tableName}`, 'give one of them another tableName');
    const table = this.createTable();
    this.deadLetterQueue = ownDeadLetters(this, pipeline, 'add-partition');
    const addPartition = this.createAddPartition(checkDays('repairPeriod', props.repairPeriod ?? Duration.days(7)));
    this.functions = { AddPartition: addPartition.function };
    if (props.crawler !== undefined) {
      const names = { databaseName: this.databaseName, tableName: this.tableName };
      const schedule = checkCron('crawler.schedule', props.crawler.schedule ?? events.Schedule.cron({ hour: '3', minute: '0' }));
      new CatalogCrawler(this, 'Crawler', { pipeline, ...names, schedule }).node.addDependency(table);
    }
    takeOverTags(this, pipeline);
  }

  /**
   * Allows to query the table: to read its description and its partitions, and the published records. What Athena asks
   * for besides (a workgroup, a place for results) is not the catalog's. The grantee must be of the pipeline's account: any
   * other is warned of, and the grant has no success.
   */
  public grantQuery(grantee: iam.IGrantable): iam.Grant {
    checkGrantee(grantee);
    const catalog = grantCatalog(this, grantee, this, 'glue:GetDatabase', 'glue:GetTable', 'glue:GetPartition', 'glue:GetPartitions', 'glue:BatchGetPartition');
    return everyGrant(grantee, expectGranted(this, grantee, catalog, 'reads of the table in the Glue data catalog'), this.pipeline.grantRead(grantee));
  }

  private nameOfOwnDatabase(given: string | undefined): string {
    const { pipeline } = this;
    return checkName('databaseName', given ?? namesBeside(this, pipeline).resourceName('database', 'catalog') ?? snakeCase(pipeline.pipelineId));
  }

  private claim(resourceType: string, name: string, remedy: string): void {
    claimName({ resourceType, part: 'catalog', name, pipeline: this.pipeline, maker: this, remedy });
  }

  private createDatabase(name: string): glue.CfnDatabase {
    this.claim('database', name, 'give one of them another databaseName, or hand the database of one to the other (database)');
    return new glue.CfnDatabase(this, 'Database', {
      catalogId: Stack.of(this).account,
      databaseInput: { name, description: `Published records of ${this.pipeline.pipelineId}` },
    });
  }

  private createTable(): glue.CfnTable {
    const { pipeline, databaseName, tableName } = this;
    const { outputBucket, prefixes, pipelineId, _published: published } = pipeline;
    return new glue.CfnTable(this, 'Table', {
      catalogId: Stack.of(this).account,
      databaseName,
      tableInput: {
        name: tableName,
        description: `Published records of ${pipelineId}, one partition a job`,
        tableType: 'EXTERNAL_TABLE',
        partitionKeys: PARTITION_KEYS.map(columnProperty),
        parameters: {
          EXTERNAL: 'TRUE',
          classification: CLASSIFICATIONS[published.format],
          columns_fingerprint: fingerprintOf(published),
          ...published.header === true ? { 'skip.header.line.count': '1' } : {},
        },
        storageDescriptor: storageDescriptor(catalogStorageOf(published), `s3://${outputBucket.bucketName}/${prefixes.output}`),
      },
    });
  }

  private createAddPartition(repairPeriod: Duration): AroundFunction {
    const { pipeline, deadLetterQueue } = this;
    const { jobTable, outputBucket } = pipeline;
    const addPartition = new AroundFunction(this, 'AddPartition', {
      pipeline,
      stem: 'add-partition',
      description: 'Adds a partition to the catalog for each job that is published',
      environment: {
        JOB_TABLE_NAME: jobTable.tableName,
        OUTPUT_BUCKET_NAME: outputBucket.bucketName,
        CATALOG_DATABASE_NAME: this.databaseName,
        CATALOG_TABLE_NAME: this.tableName,
      } satisfies Env<typeof ADD_PARTITION_ENV>,
      codeFiles: { [CATALOG_FORM_FILE_NAME]: jsonFile(pipeline._published) },
      deadLetterQueue,
      memorySize: Size.mebibytes(512),
      timeout: Duration.minutes(15),
    });
    pipeline.grantReadReports(addPartition);
    grantReadJobs(addPartition, pipeline);
    grantCatalog(this, addPartition, this, 'glue:CreatePartition', 'glue:BatchGetPartition', 'glue:GetPartitions');

    const target = { deadLetterQueue };
    pipeline.onJobSucceeded('JobSucceeded', {
      crossStackScope: this,
      ruleName: namesBeside(this, pipeline).resourceName('rule', 'add-partition'),
      description: 'A job was published: time to add its partition',
      target: new targets.LambdaFunction(addPartition.function, target),
    });
    const request: RepairRequest = { repairDays: repairPeriod.toDays() };
    new events.Rule(this, 'Repair', {
      ruleName: namesBeside(this, pipeline).resourceName('rule', 'repair-partitions'),
      description: 'Time to look for published jobs that have no partition',
      schedule: events.Schedule.rate(Duration.days(1)),
      targets: [new targets.LambdaFunction(addPartition.function, { ...target, event: events.RuleTargetInput.fromObject(request) })],
    });
    return addPartition;
  }
}

/** One job by its id, and those that have ended since some time. */
function grantReadJobs(grantee: iam.IGrantable, { jobTable }: ICsvChunkPipeline): void {
  iam.Grant.addToPrincipal({ grantee, actions: ['dynamodb:GetItem'], resourceArns: [jobTable.tableArn] });
  iam.Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns: [`${jobTable.tableArn}/index/${TIMESTAMP_INDEX.name}`] });
  jobTable.encryptionKey?.grantDecrypt(grantee);
}

function columnProperty({ name, type, comment }: CatalogColumn): glue.CfnTable.ColumnProperty {
  return { name, type, comment };
}

function storageDescriptor(storage: CatalogStorage, location: string): glue.CfnTable.StorageDescriptorProperty {
  return {
    columns: storage.columns.map(columnProperty),
    location,
    inputFormat: storage.inputFormat,
    outputFormat: storage.outputFormat,
    serdeInfo: { serializationLibrary: storage.serde, parameters: storage.serdeParameters },
  };
}

/** Another one after each change of the format or the columns. */
function fingerprintOf(published: PublishedForm): string {
  return crypto.createHash('sha256').update(JSON.stringify(published)).digest('hex');
}

/** What the catalog, or the readers behind it, could not hold. */
function checkColumnNames({ columns }: PublishedForm): void {
  const taken = new Map(PARTITION_KEYS.map(({ name }) => [name, 'a partition key']));
  for (const { name } of columns) {
    const other = taken.get(name.toLowerCase());
    if (other !== undefined) {
      throw new Error(`JobCatalog: the names of published columns must differ in more than letter case, got ${visibleJson(name)} and ${other}`);
    }
    if (!isGlueName(name.toLowerCase())) {
      throw new Error('JobCatalog: the name of a published column must have at most 255 bytes, and no line end or control character, '
        + `which Glue refuses, got ${visibleJson(name)}`);
    }
    if (name.includes(',') || name.trim() !== name || name === '') {
      throw new Error(`JobCatalog: the name of a published column must hold no comma, and no blank at its ends, got ${visibleJson(name)}`);
    }
    taken.set(name.toLowerCase(), visibleJson(name));
  }
}

/** What Glue's reference calls a single-line string, of 1 to 255 bytes; a name of none is told as one with a blank. */
function isGlueName(name: string): boolean {
  return Buffer.byteLength(name) <= 255 && !/[\0-\x08\x0a-\x1f\ufffe\uffff\p{Cs}]/u.test(name);
}

/** Parquet alone is read for sure as it was written. */
function warnOfText(scope: Construct, { format }: PublishedForm): void {
  if (format === 'csv') {
    Annotations.of(scope).addWarningV2('cdk-csv-chunk-pipeline:catalogOfCsv',
      'Athena reads CSV as texts, and takes a line end in a field for the end of the record: publish Parquet, unless no text holds one');
  }
  if (format === 'jsonl') {
    Annotations.of(scope).addWarningV2('cdk-csv-chunk-pipeline:catalogOfJsonLines',
      'AWS says of the SerDe by which Athena reads JSON Lines that a query may have more rows or fewer, and nulls where there are none: publish Parquet '
      + '(OutputFormat.parquet()) where counts of queries matter');
  }
}

function checkName(prop: string, name: string): string {
  if (Token.isUnresolved(name)) throw new Error(`${prop} must be known at synth, got a token`);
  if (!/^[a-z0-9_]{1,128}$/.test(name)) throw new Error(`${prop} must be lower-case letters, digits and underscores, 128 at most, got ${visibleJson(name)}`);
  return name;
}

function checkCron(prop: string, { expressionString }: events.Schedule): string {
  if (!expressionString.startsWith('cron(')) throw new Error(`${prop} must be a cron expression (Schedule.cron), got ${expressionString}`);
  return expressionString;
}

/** `TapStack-dev/Tap-dev` -> `tap_stack_dev_tap_dev` */
function snakeCase(text: string): string {
  return text.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_').replace(/^_|_$/g, '').toLowerCase();
}
