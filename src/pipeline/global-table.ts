import { Lazy, RemovalPolicy, Stack, TagManager, TagType } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface GlobalTableProps {
  readonly tableName?: string;
  readonly attributeDefinitions: dynamodb.CfnGlobalTable.AttributeDefinitionProperty[];
  readonly keySchema: dynamodb.CfnGlobalTable.KeySchemaProperty[];
  readonly globalSecondaryIndexes: dynamodb.CfnGlobalTable.GlobalSecondaryIndexProperty[];
  /** Epoch seconds: DynamoDB deletes an item some time after them. */
  readonly timeToLiveAttribute: string;
  readonly encryptionKey?: kms.IKey;
  readonly removalPolicy: RemovalPolicy;
  /** Besides the one in the stack's region. */
  readonly replicas: ReadonlyArray<{ readonly region: string; readonly encryptionKey?: kms.IKey }>;
}

/**
 * A table on demand, encrypted, that can be restored to any point in time: of the kind that can have replicas, also where
 * it has none. CloudFormation would have to make another table of one that is not.
 *
 * CDK's own `TableV2` warns whoever synthesizes it that it uses something deprecated.
 */
export class GlobalTable extends dynamodb.TableBase {
  readonly tableName: string;
  readonly tableArn: string;
  readonly tableStreamArn?: string;
  readonly encryptionKey?: kms.IKey;
  readonly resourcePolicy = undefined;
  readonly regions?: string[];
  /** The tags are the replicas'. */
  readonly cdkTagManager = new TagManager(TagType.STANDARD, dynamodb.CfnGlobalTable.CFN_RESOURCE_TYPE_NAME);
  protected readonly hasIndex = true;

  constructor(scope: Construct, id: string, props: GlobalTableProps) {
    super(scope, id, { physicalName: props.tableName });
    const { attributeDefinitions, keySchema, globalSecondaryIndexes, encryptionKey, replicas } = props;
    const table = new dynamodb.CfnGlobalTable(this, 'Resource', {
      tableName: props.tableName,
      attributeDefinitions,
      keySchema,
      globalSecondaryIndexes,
      timeToLiveSpecification: { attributeName: props.timeToLiveAttribute, enabled: true },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      sseSpecification: { sseEnabled: true, sseType: 'KMS' },
      streamSpecification: replicas.length === 0 ? undefined : { streamViewType: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES },
      replicas: [{ region: Stack.of(this).region, encryptionKey }, ...replicas].map((replica) => ({
        region: replica.region,
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
        // All replicas go with the table's stack, also the one that the other region works on by now.
        deletionProtectionEnabled: replicas.length > 0 && props.removalPolicy === RemovalPolicy.DESTROY ? true : undefined,
        sseSpecification: replica.encryptionKey && { kmsMasterKeyId: replica.encryptionKey.keyArn },
        tags: Lazy.any({ produce: () => this.cdkTagManager.renderTags() }) as unknown as dynamodb.CfnGlobalTable.ReplicaSpecificationProperty['tags'],
      })),
    });
    table.applyRemovalPolicy(props.removalPolicy);
    this.tableName = this.getResourceNameAttribute(table.ref);
    this.tableArn = this.getResourceArnAttribute(table.attrArn, { service: 'dynamodb', resource: 'table', resourceName: this.physicalName });
    this.encryptionKey = encryptionKey;
  }

  addToResourcePolicy(_: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    return { statementAdded: false };
  }
}
