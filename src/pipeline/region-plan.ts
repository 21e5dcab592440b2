/** What the parts of a pipeline are where it has one region, or two of which one stands by. */
import { ArnFormat, Duration, Stack, Token } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { GlobalTable, GlobalTableProps } from './global-table';
import { ResourceNames } from './names';
import { pipelineIdOf } from './pipeline-id';
import { everyPrefix, Prefixes } from './prefixes';
import { Settings } from './settings';
import { Env, REGIONS_ENV } from '../contract/env';
import { CsvChunkPipelineProps } from '../csv-chunk-pipeline-props';
import { DisasterRecovery, RecoveryRole } from '../options/disaster-recovery';
import { visibleJson } from '../spec/visible-text';
import { checkIsA } from '../synth/prop-checks';

/** A job table but for its encryption and replicas. */
export type TableProps = Omit<GlobalTableProps, 'encryptionKey' | 'replicas'>;

export interface RegionPlan {
  readonly pipelineId: string;
  /** Further variables of every step's function. */
  readonly environment: { readonly [name: string]: string };
  /** Further actions of those who write transactions. */
  readonly transactionActions: readonly string[];
  /** Further properties of the bucket that the pipeline makes. */
  readonly bucketProps: (scope: Construct, settings: Settings) => Pick<s3.BucketProps, 'replicationRules' | 'replicationRole'>;
  readonly lifecycleRules: (settings: Settings) => s3.LifecycleRule[];
  readonly jobTable: (scope: Construct, id: string, props: TableProps) => dynamodb.ITable;
  /** Whether the jobs of another region are taken over here. */
  readonly takesOver: boolean;
}

/** Replicas of files that the other region has moved away: deletions are not replicated. */
const INCOMING_EXPIRES_AFTER = Duration.days(30);
/** Work files stay where they are: nobody goes on with them elsewhere. */
const REPLICATED: ReadonlyArray<keyof Prefixes> = ['incoming', 'processed', 'failed', 'output', 'quarantine', 'reports'];

/** @throws Error where the other region's names cannot be known, or it could not take over */
export function planRegions(pipeline: Construct, props: CsvChunkPipelineProps, settings: Settings, names: ResourceNames): RegionPlan {
  const { _role: role } = checkIsA(DisasterRecovery, 'disasterRecovery', props.disasterRecovery === undefined ? DisasterRecovery.none() : props.disasterRecovery);
  const ownId = pipelineIdOf(pipeline, props.environmentSuffix);
  if (role === undefined) return oneRegion(ownId, settings);
  checkRole(role, pipeline, props, settings);
  return twoRegions(ownId, role, pipeline, settings, names);
}

function oneRegion(pipelineId: string, { encryptionKey }: Settings): RegionPlan {
  return {
    pipelineId,
    environment: {},
    transactionActions: [],
    bucketProps: () => ({}),
    lifecycleRules: () => [],
    jobTable: (scope, id, props) => new GlobalTable(scope, id, { ...props, encryptionKey, replicas: [] }),
    takesOver: false,
  };
}

function twoRegions(ownId: string, role: RecoveryRole, pipeline: Construct, { encryptionKey }: Settings, names: ResourceNames): RegionPlan {
  const { region } = Stack.of(pipeline);
  const { isPrimary, otherRegion, otherKey } = role;
  const jobTable: RegionPlan['jobTable'] = isPrimary
    ? (scope, id, props) => new GlobalTable(scope, id, { ...props, encryptionKey, replicas: [{ region: otherRegion, encryptionKey: otherKey }] })
    : (scope, id, { tableName }) => dynamodb.Table.fromTableAttributes(scope, id, { tableName, encryptionKey });
  return {
    pipelineId: role.pipelineId ?? ownId,
    environment: {
      OWN_REGION: region,
      PRIMARY_REGION: isPrimary ? region : otherRegion,
      OWN_BUCKET_NAME: names.bucketIn(region)!,
    } satisfies Env<typeof REGIONS_ENV>,
    transactionActions: ['dynamodb:ConditionCheckItem'],
    bucketProps: (scope, settings) => role.isReplicated ? replication(scope, role, settings, names) : {},
    lifecycleRules: ({ prefixes, formerPrefixes }) => everyPrefix('incoming', prefixes, formerPrefixes).map((prefix, index) => (
      { id: index === 0 ? 'incoming-expire' : `incoming-expire-${index}`, prefix, expiration: INCOMING_EXPIRES_AFTER }
    )),
    jobTable,
    takesOver: true,
  };
}

function replication(scope: Construct, { otherRegion, otherKey }: RecoveryRole, settings: Settings, names: ResourceNames): ReturnType<RegionPlan['bucketProps']> {
  const { encryptionKey, prefixes, formerPrefixes } = settings;
  const bucketArn = (name: string) => Stack.of(scope).formatArn({ service: 's3', region: '', account: '', resource: name, arnFormat: ArnFormat.NO_RESOURCE_NAME });
  const [own, other] = [names.bucketIn(Stack.of(scope).region)!, names.bucketIn(otherRegion)!];
  const replicated = REPLICATED.flatMap((name) => everyPrefix(name, prefixes, formerPrefixes));
  const objects = (bucket: string) => replicated.map((prefix) => `${bucketArn(bucket)}/${prefix}*`);

  const role = new iam.Role(scope, 'ReplicationRole', { roleName: names.role('replication'), assumedBy: new iam.ServicePrincipal('s3.amazonaws.com') });
  const allow = (resourceArns: string[], ...actions: string[]) => iam.Grant.addToPrincipal({ grantee: role, actions, resourceArns });
  allow([bucketArn(own)], 's3:GetReplicationConfiguration', 's3:ListBucket');
  allow(objects(own), 's3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging');
  allow(objects(other), 's3:ReplicateObject', 's3:ReplicateTags');
  if (encryptionKey !== undefined) allow([encryptionKey.keyArn], 'kms:Decrypt');
  if (otherKey !== undefined) allow([otherKey.keyArn], 'kms:Encrypt');

  const destination = s3.Bucket.fromBucketAttributes(scope, 'Replica', { bucketName: other, region: otherRegion });
  return {
    replicationRole: role,
    replicationRules: replicated.map((prefix, index): s3.ReplicationRule => ({
      id: `to-${otherRegion}-${prefix.replace(/[^A-Za-z0-9]+/g, '-').replace(/-$/, '')}`,
      priority: index + 1,
      filter: { prefix },
      destination,
      // Within 15 minutes, or a metric says which are not there yet.
      replicationTimeControl: s3.ReplicationTimeValue.FIFTEEN_MINUTES,
      metrics: s3.ReplicationTimeValue.FIFTEEN_MINUTES,
      // A file that was moved away here must not vanish there before its job is known to have ended.
      deleteMarkerReplication: false,
      kmsKey: otherKey,
      sseKmsEncryptedObjects: encryptionKey === undefined ? undefined : true,
    })),
  };
}

function checkRole(role: RecoveryRole, pipeline: Construct, props: CsvChunkPipelineProps, { intake }: Settings): void {
  const { account, region } = Stack.of(pipeline);
  const { isPrimary, otherRegion, otherRegionProp, otherKey, otherKeyProp, pipelineId } = role;
  if (Token.isUnresolved(account) || Token.isUnresolved(region)) {
    throw new Error('disasterRecovery must be in a stack whose account and region are known at synth (env: { account: "…", region: "…" }), got one that can be '
      + 'deployed anywhere');
  }
  if (Token.isUnresolved(otherRegion)) throw new Error(`disasterRecovery.${otherRegionProp} must be known at synth, got a token`);
  if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(otherRegion)) {
    throw new Error(`disasterRecovery.${otherRegionProp} must be a region, such as eu-west-1, got ${visibleJson(otherRegion)}`);
  }
  if (otherRegion === region) throw new Error(`disasterRecovery.${otherRegionProp} must be another region than that of the stack, got ${region}, which is both`);
  if (props.environmentSuffix === undefined) {
    throw new Error('environmentSuffix must be given with disasterRecovery, because the names of what is in the other region are made of it, got none');
  }
  for (const prop of ['sourceBucket', 'outputBucket'] as const) {
    if (props[prop] !== undefined) throw new Error(`${prop} must be left out with disasterRecovery, which replicates the bucket that the pipeline makes, got one of your own`);
  }
  if ((props.encryptionKey === undefined) !== (otherKey === undefined)) {
    const [missing, given] = otherKey === undefined ? [`disasterRecovery.${otherKeyProp}`, 'encryptionKey'] : ['encryptionKey', `disasterRecovery.${otherKeyProp}`];
    throw new Error(`${missing} must be given with ${given}, because what is encrypted with a key in one region needs one of the other region there, got none`);
  }
  if (isPrimary) return;
  if (intake._name !== 'manual') {
    throw new Error(`intake must be Intake.manual() in a standby, where a file that was replicated must start nothing, got Intake.${intake._name}()`);
  }
  const ending = `/${pipeline.node.id}-${props.environmentSuffix}`;
  if (typeof pipelineId !== 'string' || Token.isUnresolved(pipelineId) || !pipelineId.endsWith(ending)) {
    throw new Error('disasterRecovery.pipelineId must be the pipelineId of the primary, which has the same construct id and environmentSuffix and so ends with '
      + `"${ending}", got ${Token.isUnresolved(pipelineId) ? 'a token' : visibleJson(pipelineId)}`);
  }
}
