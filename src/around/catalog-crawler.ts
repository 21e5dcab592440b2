import { Arn, ArnFormat, Stack } from 'aws-cdk-lib';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CatalogTableNames, grantCatalog } from './catalog-rights';
import { namesBeside } from './names-beside';
import { ICsvChunkPipeline } from '../i-csv-chunk-pipeline';

export interface CatalogCrawlerProps extends CatalogTableNames {
  readonly pipeline: ICsvChunkPipeline;
  /** `cron(…)` */
  readonly schedule: string;
}

/**
 * Looks at the folders of a table that is there: what it finds becomes a partition with the table's own columns. It
 * makes no table, and changes none.
 */
export class CatalogCrawler extends Construct {
  constructor(scope: Construct, id: string, { pipeline, schedule, ...table }: CatalogCrawlerProps) {
    super(scope, id);
    const role = new iam.Role(this, 'Role', {
      roleName: namesBeside(this, pipeline).resourceName('role', 'crawler'),
      assumedBy: new iam.ServicePrincipal('glue.amazonaws.com'),
    });
    pipeline.grantRead(role);
    grantCatalog(this, role, table, 'glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:UpdateTable', 'glue:GetPartition', 'glue:GetPartitions',
      'glue:BatchGetPartition', 'glue:CreatePartition', 'glue:BatchCreatePartition', 'glue:UpdatePartition');
    iam.Grant.addToPrincipal({
      grantee: role,
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      resourceArns: [Arn.format({
        service: 'logs', resource: 'log-group', resourceName: '/aws-glue/crawlers:*', arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }, Stack.of(this))],
    });
    const crawler = new glue.CfnCrawler(this, 'Crawler', {
      name: namesBeside(this, pipeline).resourceName('crawler', 'catalog'),
      description: `Looks at the published records of ${pipeline.pipelineId}`,
      role: role.roleArn,
      targets: { catalogTargets: [{ databaseName: table.databaseName, tables: [table.tableName] }] },
      schedule: { scheduleExpression: schedule },
      schemaChangePolicy: { updateBehavior: 'LOG', deleteBehavior: 'LOG' },
      configuration: JSON.stringify({
        Version: 1,
        // What it infers of a part file by itself would not fit to the table.
        CrawlerOutput: { Partitions: { AddOrUpdateBehavior: 'InheritFromTable' } },
        Grouping: { TableGroupingPolicy: 'CombineCompatibleSchemas' },
      }),
    });
    // Its first run would fail without them.
    crawler.node.addDependency(role);
  }
}
