import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { ResourceNames } from './names';
import { PARTITION_KEY, SORT_KEY, TIMESTAMP_INDEX, UNSETTLED_INDEX } from '../contract/job-item';

export interface JobTableProps {
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: kms.IKey;
  readonly names: ResourceNames;
}

/** The one truth about every job and chunk. */
export class JobTable extends Construct {
  readonly table: dynamodb.ITable;

  constructor(scope: Construct, id: string, props: JobTableProps) {
    super(scope, id);
    const table = new dynamodb.Table(this, 'Table', {
      tableName: props.names.regional('table', 'jobs'),
      partitionKey: { name: PARTITION_KEY, type: dynamodb.AttributeType.STRING },
      sortKey: { name: SORT_KEY, type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: props.encryptionKey === undefined ? dynamodb.TableEncryption.AWS_MANAGED : dynamodb.TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.encryptionKey,
      removalPolicy: props.removalPolicy,
    });
    table.addGlobalSecondaryIndex({
      indexName: TIMESTAMP_INDEX.name,
      partitionKey: { name: TIMESTAMP_INDEX.partitionKey, type: dynamodb.AttributeType.STRING },
      sortKey: { name: TIMESTAMP_INDEX.sortKey, type: dynamodb.AttributeType.NUMBER },
    });
    table.addGlobalSecondaryIndex({
      indexName: UNSETTLED_INDEX.name,
      partitionKey: { name: UNSETTLED_INDEX.partitionKey, type: dynamodb.AttributeType.STRING },
      sortKey: { name: UNSETTLED_INDEX.sortKey, type: dynamodb.AttributeType.NUMBER },
      // What a job is the table itself tells, and the index may be behind.
      projectionType: dynamodb.ProjectionType.KEYS_ONLY,
    });
    this.table = table;
  }

  /** PlanChunks, ProcessChunk and MoveSource read and change items that they know by key. */
  grantUpdate(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, [this.table.tableArn], 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
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
    return iam.Grant.addToPrincipal({ grantee, actions: ['dynamodb:GetItem', 'dynamodb:Query'], resourceArns: [this.table.tableArn] })
      .combine(iam.Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns: [index] }))
      .combine(this.table.encryptionKey?.grantDecrypt(grantee) ?? iam.Grant.drop(grantee, 'the table has no key of its own'));
  }

  private grant(grantee: iam.IGrantable, resourceArns: string[], ...actions: string[]): iam.Grant {
    const grant = iam.Grant.addToPrincipal({ grantee, actions, resourceArns });
    return this.table.encryptionKey === undefined ? grant : grant.combine(this.table.encryptionKey.grantEncryptDecrypt(grantee));
  }
}
