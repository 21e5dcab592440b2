/** What is held of a primary and its standby where both are in one app: that they are one pipeline. */
import { Annotations, Stack, Token } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct, IConstruct } from 'constructs';
import { Settings } from './settings';
import { RecordSettings } from '../contract/record-settings';
import { RecoveryRole } from '../options/disaster-recovery';
import { visibleJson } from '../spec/visible-text';

/** One of the two. */
export interface RegionalHalf {
  readonly pipeline: Construct;
  readonly role: RecoveryRole;
  readonly pipelineId: string;
  /** How the pipeline id of a pipeline with this construct id and suffix ends. */
  readonly ending: string;
  /** By the names of this one's rule. */
  readonly ownBucket: string;
  readonly otherBucket: string;
  readonly tableName: string;
  readonly settings: Settings;
}

const HALVES = new WeakMap<IConstruct, RegionalHalf[]>();

/**
 * Two are a pair where one of them knows the other one's bucket: no other bucket in the world has its name. What is wrong
 * then the other region would find out when it has to take over.
 *
 * @throws Error that names the prop, and both pipelines
 */
export function expectPair(half: RegionalHalf): void {
  const { root } = half.pipeline.node;
  const halves = HALVES.get(root) ?? [];
  HALVES.set(root, [...halves, half]);
  const other = halves.find((one) => isPair(one, half));
  if (other !== undefined) comparePair(...half.role.isPrimary ? [half, other] as const : [other, half] as const);
  if (half.role.isPrimary) return;
  half.pipeline.node.addValidation({
    // At the end: the primary may be made after its standby.
    validate: () => {
      warnOfStrangers(half, HALVES.get(root)!);
      return [];
    },
  });
}

function isPair(one: RegionalHalf, other: RegionalHalf): boolean {
  return one.role.isPrimary !== other.role.isPrimary && (one.otherBucket === other.ownBucket || other.otherBucket === one.ownBucket);
}

/** What decides about records, by the prop that it comes from. How large a chunk is does not. */
const RECORD_PROPS: Readonly<Record<Exclude<keyof RecordSettings, 'chunkSizeBytes' | 'strictSchema'>, string>> = {
  schema: 'schema',
  dialect: 'inputFormat',
  input: 'inputFormat',
  transform: 'transform',
  output: 'outputFormat (and metadataColumns)',
  maxRecordSizeBytes: 'maxRecordSize',
  maxRejectedRecords: 'maxRejectedRecords',
  maxRejectedPercentage: 'maxRejectedPercentage',
  allowEmptyOutput: 'allowEmptyOutput',
};

function comparePair(primary: RegionalHalf, standby: RegionalHalf): void {
  const [ofPrimary, ofStandby] = [`of the primary at ${visibleJson(primary.pipeline.node.path)}`, `of its standby at ${visibleJson(standby.pipeline.node.path)}`];
  const expect = (prop: string, what: string, expected: string, got: string) => {
    if (expected !== got) throw new Error(`disasterRecovery.${prop} must be ${what} (${expected}), got ${got}`);
  };
  expect(`standbyRegion ${ofPrimary}`, `the region ${ofStandby}`, Stack.of(standby.pipeline).region, primary.role.otherRegion);
  expect(`primaryRegion ${ofStandby}`, `the region ${ofPrimary}`, Stack.of(primary.pipeline).region, standby.role.otherRegion);
  expect(`pipelineId ${ofStandby}`, `that ${ofPrimary}, or the standby takes every file for a new one`, visibleJson(primary.pipelineId), visibleJson(standby.pipelineId));
  const expectSame = (prop: string, read: (half: RegionalHalf) => unknown) => {
    const [one, other] = [primary, standby].map((half) => JSON.stringify(read(half)) ?? 'none');
    // A schema is too long for a message.
    const got = one.length + other.length <= 500 ? `${one} and ${other}` : 'two that differ';
    if (one !== other) throw new Error(`${prop} ${ofPrimary} and ${ofStandby} must be the same, because the two are one pipeline, got ${got}`);
  };
  expectSame('prefixes', ({ settings }) => settings.prefixes);
  expectSame('formerPrefixes', ({ settings }) => settings.formerPrefixes.map((prefixes) => JSON.stringify(prefixes)).sort());
  expectSame('suffixes', ({ settings }) => [...settings.suffixes].sort());
  expectSame('suffixCase', ({ settings }) => settings.suffixCase);
  expectSame('outputBucket', ({ settings }) => settings.outputBucket._kind === 'of the pipeline' ? 'OutputBucket.own()' : 'OutputBucket.sameAsSource()');
  expectSame('resourceNaming: the name of the job table', ({ tableName }) => tableName);
  expectSame('resourceNaming: the names of the buckets', ({ role, ownBucket, otherBucket }) => role.isPrimary ? [ownBucket, otherBucket] : [otherBucket, ownBucket]);
  for (const [setting, prop] of Object.entries(RECORD_PROPS)) expectSame(prop, ({ settings }) => settings.records[setting as keyof RecordSettings]);
  expectKey(`disasterRecovery.standbyEncryptionKey ${ofPrimary}`, `the encryptionKey ${ofStandby}`, standby.settings.encryptionKey, primary.role.otherKey);
  expectKey(`disasterRecovery.primaryEncryptionKey ${ofStandby}`, `the encryptionKey ${ofPrimary}`, primary.settings.encryptionKey, standby.role.otherKey);
}

/** As far as can be known: a key that the app makes has no ARN yet, and one by its alias has another one. */
function expectKey(prop: string, what: string, expected: kms.IKey | undefined, got: kms.IKey | undefined): void {
  const [one, other] = [expected, got].map((key) => key?.keyArn ?? 'none');
  const isComparable = (arn: string) => arn === 'none' || (!Token.isUnresolved(arn) && arn.includes(':key/'));
  const differ = one !== other && (one === 'none' || other === 'none' || (isComparable(one) && isComparable(other)));
  if (differ) throw new Error(`${prop} must be ${what} (${shown(one)}), because what is replicated there is read with it, got ${shown(other)}`);
}

function shown(arn: string): string {
  return Token.isUnresolved(arn) ? 'one of the app' : arn;
}

/** Only by their names: what else belongs together may be in another app. */
function warnOfStrangers(standby: RegionalHalf, halves: readonly RegionalHalf[]): void {
  const isAlone = (half: RegionalHalf) => !halves.some((other) => isPair(half, other));
  const { account, region } = Stack.of(standby.pipeline);
  const isNamesake = ({ role, ending, pipeline }: RegionalHalf) => (
    role.isPrimary && ending === standby.ending && Stack.of(pipeline).account === account
  );
  const strangers = halves.filter((half) => isNamesake(half) && isAlone(half));
  if (!isAlone(standby) || strangers.length === 0) return;
  const known = strangers.map(({ pipeline, role }) => `${visibleJson(pipeline.node.path)} in ${Stack.of(pipeline).region} (standbyRegion ${role.otherRegion})`).join(', ');
  Annotations.of(standby.pipeline).addWarningV2('cdk-csv-chunk-pipeline:standbyWithoutPrimary',
    `the standby in ${region} (primaryRegion ${standby.role.otherRegion}) and a primary of the same construct id and environmentSuffix do not know each other: ${known}. `
    + 'If they belong together, each must name the other one\'s region, and resourceNaming of both must give the same names; if not, acknowledge this');
}
