/** What the parts of a pipeline are where it has one region, or two of which one stands by. */
import { Annotations, ArnFormat, Duration, Stack, Token } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';
import { checkKey } from './combinations';
import { GlobalTable, GlobalTableProps } from './global-table';
import { ResolvedLifecycle, withIncomingExpiry } from './lifecycle';
import { BucketPart, ResourceNames } from './names';
import { pipelineIdOf } from './pipeline-id';
import { everyPrefix, PrefixName } from './prefixes';
import { expectPair } from './region-pairs';
import { Settings } from './settings';
import { Env, REGIONS_ENV } from '../contract/env';
import { CsvChunkPipelineProps } from '../csv-chunk-pipeline-props';
import { DisasterRecovery, RecoveryRole } from '../options/disaster-recovery';
import { visibleJson } from '../spec/visible-text';

/** A job table but for its name, encryption and replicas. */
export type TableProps = Omit<GlobalTableProps, 'tableName' | 'encryptionKey' | 'replicas'>;

export interface RegionPlan {
  readonly pipelineId: string;
  /** Further variables of every step's function. */
  readonly environment: { readonly [name: string]: string };
  /** Further actions of those who write transactions. */
  readonly transactionActions: readonly string[];
  /** Further properties of a bucket that the pipeline makes. @param holds what lies in it */
  readonly bucketProps: (scope: Construct, part: BucketPart, holds: readonly PrefixName[], settings: Settings) => ReplicationProps;
  readonly lifecycle: (settings: Settings) => ResolvedLifecycle;
  readonly jobTable: (scope: Construct, id: string, props: TableProps) => dynamodb.ITable;
  /** Whether the jobs of another region are taken over here. */
  readonly takesOver: boolean;
}

const JOB_TABLE = ['table', 'jobs'] as const;

type ReplicationProps = Pick<s3.BucketProps, 'replicationRules' | 'replicationRole'>;

/** Replicas of files that the other region has moved away: deletions are not replicated. */
const INCOMING_EXPIRES_AFTER = Duration.days(30);
/** Work files stay where they are: nobody goes on with them elsewhere. */
const REPLICATED: readonly PrefixName[] = ['incoming', 'processed', 'failed', 'output', 'quarantine', 'reports'];

/** @throws Error where the other region's names cannot be known, or it could not take over */
export function planRegions(pipeline: Construct, props: CsvChunkPipelineProps, settings: Settings, names: ResourceNames): RegionPlan {
  const { _role: role } = props.disasterRecovery ?? DisasterRecovery.none();
  const ownId = pipelineIdOf(pipeline, props.environmentSuffix);
  if (role === undefined) return oneRegion(ownId, settings, names);
  checkRole(role, pipeline, props, settings);
  checkNames(role, pipeline, settings, names);
  warnOfExpiry(role, pipeline, settings);
  const plan = twoRegions(ownId, role, pipeline, settings, names);
  expectPair({
    pipeline,
    role,
    settings,
    pipelineId: plan.pipelineId,
    ending: endingOf(pipeline, props),
    ownBucket: names.bucket('data')!,
    otherBucket: names.bucketIn(role.otherRegion, 'data')!,
    tableName: tableNameOf(role, pipeline, names),
  });
  return plan;
}

function oneRegion(pipelineId: string, { encryptionKey }: Settings, names: ResourceNames): RegionPlan {
  return {
    pipelineId,
    environment: {},
    transactionActions: [],
    bucketProps: () => ({}),
    lifecycle: ({ lifecycle }) => lifecycle,
    jobTable: (scope, id, props) => new GlobalTable(scope, id, { ...props, tableName: names.regional(...JOB_TABLE), encryptionKey, replicas: [] }),
    takesOver: false,
  };
}

function twoRegions(ownId: string, role: RecoveryRole, pipeline: Construct, { encryptionKey }: Settings, names: ResourceNames): RegionPlan {
  const { region } = Stack.of(pipeline);
  const { isPrimary, otherRegion, otherKey } = role;
  const primaryRegion = isPrimary ? region : otherRegion;
  const tableName = tableNameOf(role, pipeline, names);
  const replicas = [{ region: otherRegion, encryptionKey: otherKey }];
  const jobTable: RegionPlan['jobTable'] = isPrimary
    ? (scope, id, props) => new GlobalTable(scope, id, { ...props, tableName, encryptionKey, replicas })
    : (scope, id) => dynamodb.Table.fromTableAttributes(scope, id, { tableName, encryptionKey });
  return {
    pipelineId: role.pipelineId ?? ownId,
    environment: {
      OWN_REGION: region,
      PRIMARY_REGION: primaryRegion,
      OWN_BUCKET_NAME: names.bucket('data')!,
    } satisfies Env<typeof REGIONS_ENV>,
    transactionActions: ['dynamodb:ConditionCheckItem'],
    bucketProps: (scope, part, holds, settings) => role.isReplicated ? replication(scope, part, holds, role, settings, names) : {},
    lifecycle: ({ lifecycle, longestJob }) => withIncomingExpiry(lifecycle, INCOMING_EXPIRES_AFTER, longestJob),
    jobTable,
    takesOver: true,
  };
}

/** A replica has the name of the primary's table. */
function tableNameOf({ isPrimary, otherRegion }: RecoveryRole, pipeline: Construct, names: ResourceNames): string {
  return names.regionalIn(isPrimary ? Stack.of(pipeline).region : otherRegion, ...JOB_TABLE)!;
}

function replication(scope: Construct, part: BucketPart, holds: readonly PrefixName[], { otherRegion, otherKey }: RecoveryRole,
  settings: Settings, names: ResourceNames): ReplicationProps {
  const { encryptionKey, prefixes, formerPrefixes } = settings;
  const bucketArn = (name: string) => Stack.of(scope).formatArn({ service: 's3', region: '', account: '', resource: name, arnFormat: ArnFormat.NO_RESOURCE_NAME });
  const [own, other] = [names.bucket(part)!, names.bucketIn(otherRegion, part)!];
  const replicated = REPLICATED.filter((name) => holds.includes(name)).flatMap((name) => everyPrefix(name, prefixes, formerPrefixes)
    // The id is a dimension of the metrics: the prefix by its name, and a former one by its number.
    .map((prefix, index) => ({ prefix, id: `to-${otherRegion}-${name}${index === 0 ? '' : `-${index}`}` })));
  const objects = (bucket: string) => replicated.map(({ prefix }) => `${bucketArn(bucket)}/${prefix}*`);

  const [idPrefix, roleName] = part === 'data' ? ['', names.role('replication')] : ['Output', names.role('output-replication')];
  const role = new iam.Role(scope, `${idPrefix}ReplicationRole`, { roleName, assumedBy: new iam.ServicePrincipal('s3.amazonaws.com') });
  const allow = (resourceArns: string[], ...actions: string[]) => iam.Grant.addToPrincipal({ grantee: role, actions, resourceArns });
  allow([bucketArn(own)], 's3:GetReplicationConfiguration', 's3:ListBucket');
  allow(objects(own), 's3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging');
  allow(objects(other), 's3:ReplicateObject', 's3:ReplicateTags');
  if (encryptionKey !== undefined) allow([encryptionKey.keyArn], 'kms:Decrypt');
  if (otherKey !== undefined) allow([otherKey.keyArn], 'kms:Encrypt');

  const destination = s3.Bucket.fromBucketAttributes(scope, `${idPrefix}Replica`, { bucketName: other, region: otherRegion });
  return {
    replicationRole: role,
    replicationRules: replicated.map(({ prefix, id }, index): s3.ReplicationRule => ({
      id,
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

function checkRole(role: RecoveryRole, pipeline: Construct, props: CsvChunkPipelineProps, { intake, outputBucket }: Settings): void {
  const { account, region } = Stack.of(pipeline);
  const { isPrimary, otherRegion, otherRegionProp, otherKey, otherKeyProp, pipelineId } = role;
  if (Token.isUnresolved(account) || Token.isUnresolved(region)) {
    throw new Error('disasterRecovery must be in a stack whose account and region are known at synth (env: { account: "…", region: "…" }), got one that can be '
      + 'deployed anywhere');
  }
  if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(otherRegion)) {
    throw new Error(`disasterRecovery.${otherRegionProp} must be a region, such as eu-west-1, got ${visibleJson(otherRegion)}`);
  }
  if (otherRegion === region) throw new Error(`disasterRecovery.${otherRegionProp} must be another region than that of the stack, got ${region}, which is both`);
  const [partition, otherPartition] = [region, otherRegion].map((one) => RegionInfo.get(one).partition);
  if (partition !== undefined && otherPartition !== undefined && partition !== otherPartition) {
    throw new Error(`disasterRecovery.${otherRegionProp} must be a region of the partition ${partition}, as ${region} is, because nothing is replicated between partitions, `
      + `got ${otherRegion} (${otherPartition})`);
  }
  if (props.environmentSuffix === undefined && props.resourceNaming === undefined) {
    throw new Error('environmentSuffix must be given with disasterRecovery, or resourceNaming, because the names of what is in the other region are made by them, '
      + 'got neither');
  }
  const ownBucket = props.sourceBucket !== undefined ? 'sourceBucket' : outputBucket._kind === 'of the user' ? 'outputBucket' : undefined;
  if (ownBucket !== undefined) {
    throw new Error(`${ownBucket} must be left out with disasterRecovery, which replicates the buckets that the pipeline makes`
      + `${ownBucket === 'outputBucket' ? ' (OutputBucket.own() makes a second one)' : ''}, got one of your own`);
  }
  if ((props.encryptionKey === undefined) !== (otherKey === undefined)) {
    const [missing, given] = otherKey === undefined ? [`disasterRecovery.${otherKeyProp}`, 'encryptionKey'] : ['encryptionKey', `disasterRecovery.${otherKeyProp}`];
    throw new Error(`${missing} must be given with ${given}, because what is encrypted with a key in one region needs one of the other region there, got none`);
  }
  if (otherKey !== undefined) checkOtherKey(`disasterRecovery.${otherKeyProp}`, otherKey, role, props.encryptionKey!);
  if (isPrimary) return;
  if (intake._name !== 'manual') {
    throw new Error(`intake must be Intake.manual() in a standby, where a file that was replicated must start nothing, got Intake.${intake._name}()`);
  }
  const ending = endingOf(pipeline, props);
  if (pipelineId === undefined || !pipelineId.endsWith(ending)) {
    throw new Error('disasterRecovery.pipelineId must be the pipelineId of the primary, which has the same construct id and environmentSuffix and so ends with '
      + `${visibleJson(ending)}, got ${visibleJson(pipelineId)}`);
  }
}

function endingOf(pipeline: Construct, { environmentSuffix }: CsvChunkPipelineProps): string {
  return `/${pipeline.node.id}${environmentSuffix === undefined ? '' : `-${environmentSuffix}`}`;
}

function checkOtherKey(prop: string, key: kms.IKey, { isPrimary, otherRegion }: RecoveryRole, encryptionKey: kms.IKey): void {
  // Also where no region is known of either.
  if (key.keyArn === encryptionKey.keyArn) {
    throw new Error(`${prop} must be a key of ${otherRegion}, because a key is of one region, got the encryptionKey of this one`);
  }
  checkKey(prop, key, `the ${isPrimary ? 'standby' : 'primary'}'s region`, otherRegion);
}

function warnOfExpiry({ isPrimary }: RecoveryRole, pipeline: Construct, { intake, lifecycle }: Settings): void {
  if (!isPrimary || intake._name !== 'manual' || lifecycle.prefixes.incoming?.expireAfter !== undefined) return;
  Annotations.of(pipeline).addWarningV2('cdk-csv-chunk-pipeline:incomingExpires',
    `with disasterRecovery what lies under the incoming prefix expires after ${INCOMING_EXPIRES_AFTER.toDays()} days or some more, and with Intake.manual() files may lie there that `
    + 'nobody has started: say by lifecycle.incoming.expireAfter how long they may wait');
}

/** A rule of the user's own may leave names to CloudFormation, or not ask for the region. */
function checkNames({ otherRegion }: RecoveryRole, pipeline: Construct, { outputBucket }: Settings, names: ResourceNames): void {
  const { region } = Stack.of(pipeline);
  if ([region, otherRegion].some((one) => names.regionalIn(one, ...JOB_TABLE) === undefined)) throw new Error(unnamed('table "jobs"'));
  for (const part of outputBucket._kind === 'of the pipeline' ? ['data', 'output'] as const : ['data'] as const) {
    if (names.bucket(part) === undefined || names.bucketIn(otherRegion, part) === undefined) throw new Error(unnamed(`bucket ${visibleJson(part)}`));
  }
}

function unnamed(resource: string): string {
  return `resourceNaming must name the ${resource} with disasterRecovery, because the other region must know its name, got none`;
}
