import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ResourceNames } from './names';
import { RegionPlan } from './region-plan';
import { PARTITION_KEY, SORT_KEY, TIME_TO_LIVE, TIMESTAMP_INDEX, UNSETTLED_INDEX } from '../contract/job-item';
import { everyGrant, expectGranted } from '../synth/grants';

export interface JobTableProps {
  readonly removalPolicy: RemovalPolicy;
  readonly names: ResourceNames;
  readonly regions: RegionPlan;
}

/** The one truth about every job and chunk. */
export class JobTable extends Construct {
  readonly table: dynamodb.ITable;

  constructor(scope: Construct, id: string, private readonly props: JobTableProps) {
    super(scope, id);
    this.table = props.regions.jobTable(this, 'Table', {
      attributeDefinitions: [
        { attributeName: PARTITION_KEY, attributeType: dynamodb.AttributeType.STRING },
        { attributeName: SORT_KEY, attributeType: dynamodb.AttributeType.STRING },
        { attributeName: TIMESTAMP_INDEX.partitionKey, attributeType: dynamodb.AttributeType.STRING },
        { attributeName: TIMESTAMP_INDEX.sortKey, attributeType: dynamodb.AttributeType.NUMBER },
        { attributeName: UNSETTLED_INDEX.partitionKey, attributeType: dynamodb.AttributeType.STRING },
      ],
      keySchema: keySchema(PARTITION_KEY, SORT_KEY),
      globalSecondaryIndexes: [
        {
          indexName: TIMESTAMP_INDEX.name,
          keySchema: keySchema(TIMESTAMP_INDEX.partitionKey, TIMESTAMP_INDEX.sortKey),
          projection: { projectionType: dynamodb.ProjectionType.ALL },
        },
        {
          indexName: UNSETTLED_INDEX.name,
          keySchema: keySchema(UNSETTLED_INDEX.partitionKey, UNSETTLED_INDEX.sortKey),
          // What a job is the table itself tells, and the index may be behind.
          projection: { projectionType: dynamodb.ProjectionType.KEYS_ONLY },
        },
      ],
      timeToLiveAttribute: TIME_TO_LIVE,
      removalPolicy: props.removalPolicy,
    });
  }

  /** PlanChunks, ProcessChunk and MoveSource read and change items that they know by key. */
  grantUpdate(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, [this.table.tableArn], 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', ...this.props.regions.transactionActions);
  }

  /** ValidateFile (a resume), FinalizeJob and CloseJob read all chunks of a job besides. */
  grantReadChunks(grantee: iam.IGrantable): iam.Grant {
    return this.grantUpdate(grantee).combine(this.grant(grantee, [this.table.tableArn], 'dynamodb:Query'));
  }

  /** SweepJobs does as CloseJob, and finds the jobs that are not settled. */
  grantSweep(grantee: iam.IGrantable): iam.Grant {
    const index = `${this.table.tableArn}/index/${UNSETTLED_INDEX.name}`;
    return this.grantReadChunks(grantee).combine(this.grant(grantee, [index], 'dynamodb:Query'));
  }

  /** A user's own: whoever shows jobs. */
  grantRead(grantee: iam.IGrantable): iam.Grant {
    const index = `${this.table.tableArn}/index/${TIMESTAMP_INDEX.name}`;
    const grant = iam.Grant.addToPrincipal({ grantee, actions: ['dynamodb:GetItem', 'dynamodb:Query'], resourceArns: [this.table.tableArn] })
      .combine(iam.Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns: [index] }));
    const reads = expectGranted(this, grantee, grant, 'reads of the job table');
    return reads.success ? everyGrant(grantee, reads, this.table.encryptionKey?.grantDecrypt(grantee)) : reads;
  }

  private grant(grantee: iam.IGrantable, resourceArns: string[], ...actions: string[]): iam.Grant {
    const grant = iam.Grant.addToPrincipal({ grantee, actions, resourceArns });
    return this.table.encryptionKey === undefined ? grant : grant.combine(this.table.encryptionKey.grantEncryptDecrypt(grantee));
  }
}

function keySchema(partitionKey: string, sortKey: string): dynamodb.CfnGlobalTable.KeySchemaProperty[] {
  return [{ attributeName: partitionKey, keyType: 'HASH' }, { attributeName: sortKey, keyType: 'RANGE' }];
}
