import { Annotations, Duration, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ARCHIVES, OF_OPEN_JOBS, READ_BY_OPEN_JOBS } from './lifecycle';
import { everyPrefix, overlap, PrefixName } from './prefixes';
import { KeyPrefixes } from '../options/key-prefixes';
import { visibleJson } from '../spec/visible-text';
import { templateProperties } from '../synth/template-properties';

/** What pipelines need of buckets that are their users' own, and are not changed by them: as far as can be known. */

export type BucketProp = 'sourceBucket' | 'outputBucket';

/**
 * @throws Error when the bucket is known to lie in another region: functions and Map look for it in their own
 */
export function expectInRegion(scope: Construct, prop: BucketProp, bucket: s3.IBucket): void {
  const { region } = Stack.of(scope);
  if (Token.compareStrings(bucket.env.region, region) === TokenComparison.DIFFERENT) {
    throw new Error(`${prop} must lie in the pipeline's region (${region}), got one in ${bucket.env.region}`);
  }
  const key = bucket.encryptionKey;
  if (key !== undefined && Token.compareStrings(key.env.region, region) === TokenComparison.DIFFERENT) {
    throw new Error(`${prop} must be encrypted with a key of the pipeline's region (${region}), got one in ${key.env.region}`);
  }
}

/** Warns when the bucket is known to be another account's: its events are told there. */
export function expectInAccount(scope: Construct, bucket: s3.IBucket): void {
  const { account } = Stack.of(scope);
  if (Token.compareStrings(bucket.env.account, account) !== TokenComparison.DIFFERENT) return;
  Annotations.of(scope).addWarningV2('cdk-csv-chunk-pipeline:eventsElsewhere',
    `sourceBucket must tell account ${account} of its objects, and as a bucket of account ${bucket.env.account} it tells that one's event bus: add a rule there `
    + `for its "Object Created" events with the default event bus of ${account} as the target, and let that bus take them (events:PutEvents); `
    + 'or files start no job until a sweep finds them (sweepInterval)');
}

/** Whose objects must expire. */
const EXPIRING: readonly PrefixName[] = ['work'];

/** Where uploads may be left open: copies of sources above 5 GiB, parts, what is staged. */
const UPLOADED_BY_PARTS: readonly PrefixName[] = ['processed', 'failed', 'output', 'quarantine', 'work'];

export interface RuleNeeds {
  readonly prop: BucketProp;
  readonly prefixes: KeyPrefixes;
  readonly formerPrefixes: readonly KeyPrefixes[];
  /** What lies in it. */
  readonly holds: readonly PrefixName[];
  readonly workflowTimeout: Duration;
  readonly resumeWindow: Duration;
}

/** Warns when a bucket of the same app lacks a lifecycle rule that its prop asks for, or has one that acts too early. */
export function expectRules(scope: Construct, bucket: s3.IBucket, needs: RuleNeeds): void {
  scope.node.addValidation({
    // At the end: the bucket may get its rules after the pipeline is made.
    validate: () => {
      const resource = bucket.node.defaultChild;
      if (resource instanceof s3.CfnBucket) {
        const { LifecycleConfiguration, VersioningConfiguration } = templateProperties(resource);
        const rules: Rule[] = (LifecycleConfiguration?.Rules ?? []).filter(({ Status }: Rule) => Status === 'Enabled');
        const warnings = checkRules(rules, VersioningConfiguration?.Status === 'Enabled', needs);
        for (const text of warnings) Annotations.of(bucket).addWarningV2('cdk-csv-chunk-pipeline:lifecycleRules', text);
      }
      return [];
    },
  });
}

/** As CloudFormation writes it. */
interface Rule {
  readonly Status: string;
  readonly Id?: string;
  readonly Prefix?: string;
  readonly TagFilters?: unknown;
  readonly ObjectSizeGreaterThan?: unknown;
  readonly ObjectSizeLessThan?: unknown;
  readonly ExpirationInDays?: number;
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number; readonly NewerNoncurrentVersions?: number };
  readonly Transitions?: ReadonlyArray<{ readonly StorageClass: string; readonly TransitionInDays?: number }>;
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number };
}

/** What a rule may do, and after how many days this one does it. */
interface Act {
  readonly what: string;
  readonly daysOf: (rule: Rule) => number | undefined;
  /** Under which prefixes it must not come before a job can be resumed no more. */
  readonly notEarly: readonly PrefixName[];
}

const EXPIRES: Act = { what: 'expire objects', daysOf: (rule) => rule.ExpirationInDays, notEarly: OF_OPEN_JOBS };
/** A job reads the version that it has begun with, also when another one of its key has landed. */
const EXPIRES_OLD: Act = {
  what: 'expire noncurrent versions', daysOf: ({ NoncurrentVersionExpiration: expiration }) => expiration?.NoncurrentDays, notEarly: OF_OPEN_JOBS,
};
const ARCHIVES_OBJECTS: Act = {
  what: `move objects to ${ARCHIVES.join(' or ')}`,
  daysOf: ({ Transitions }) => Transitions?.find(({ StorageClass }) => ARCHIVES.includes(StorageClass))?.TransitionInDays,
  notEarly: READ_BY_OPEN_JOBS,
};
const ABORTS: Act = { what: 'abort incomplete uploads', daysOf: (rule) => rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation, notEarly: UPLOADED_BY_PARTS };

function checkRules(rules: Rule[], isVersioned: boolean, needs: RuleNeeds): string[] {
  const { prop, workflowTimeout, resumeWindow } = needs;
  const longestJob = workflowTimeout.plus(resumeWindow);
  /** More than the longest job takes, and no less than the pipeline's own buckets have. */
  const days = (usual: number) => `Duration.days(${Math.max(usual, Math.floor(longestJob.toDays({ integral: false })) + 1)})`;
  const lacking = (names: readonly PrefixName[], { daysOf }: Act) => prefixesOf(names, needs)
    .filter((prefix) => !rules.some((rule) => daysOf(rule) !== undefined && covers(rule, prefix)));
  const old = `noncurrentVersionExpiration: ${days(30)}`;

  const neverExpired = lacking(EXPIRING, EXPIRES);
  const keptAsOld = isVersioned ? lacking(EXPIRING, EXPIRES_OLD).filter((prefix) => !neverExpired.includes(prefix)) : [];
  return [...new Set([
    ...[EXPIRES, ...isVersioned ? [EXPIRES_OLD] : [], ARCHIVES_OBJECTS, ABORTS].flatMap((act) => tooEarly(rules, act, longestJob, needs)),
    ...neverExpired.map((prefix) => `${prop} must have a lifecycle rule that expires objects under ${visibleJson(prefix)}, or work files are kept, and paid, for ever; got none: `
      + `addLifecycleRule({ prefix: '${prefix}', expiration: ${days(30)}${isVersioned ? `, ${old}` : ''} })`),
    ...keptAsOld.map((prefix) => `${prop} must have a lifecycle rule that expires noncurrent versions under ${visibleJson(prefix)}, or what expires there is kept, and paid, for ever; `
      + `got none: addLifecycleRule({ prefix: '${prefix}', ${old} })`),
    ...lacking(UPLOADED_BY_PARTS, ABORTS).map(() => `${prop} must have a lifecycle rule that aborts incomplete uploads in the whole bucket, or parts that were never published are `
      + `kept, and paid, for ever; got none: addLifecycleRule({ abortIncompleteMultipartUploadAfter: ${days(7)} })`),
  ])];
}

/** One warning for each prefix, and the first rule that does so. */
function tooEarly(rules: readonly Rule[], { what, daysOf, notEarly }: Act, longestJob: Duration, needs: RuleNeeds): string[] {
  const isEarly = (days: number | undefined) => days !== undefined && Duration.days(days).toMilliseconds() <= longestJob.toMilliseconds();
  return prefixesOf(notEarly, needs).flatMap((prefix) => {
    const early = rules.find((rule) => isEarly(daysOf(rule)) && overlap(rule.Prefix ?? '', prefix));
    return early === undefined ? [] : [`${needs.prop} must ${what} under ${visibleJson(prefix)} after more than workflowTimeout plus resumeWindow (${longestJob.toHumanString()}), because a `
      + `job that is resumed needs them, got ${daysOf(early)} days by its lifecycle rule ${early.Id ?? 'without an id'}`];
  });
}

function prefixesOf(names: readonly PrefixName[], { holds, prefixes, formerPrefixes }: RuleNeeds): string[] {
  return names.filter((name) => holds.includes(name)).flatMap((name) => everyPrefix(name, prefixes, formerPrefixes));
}

function covers(rule: Rule, prefix: string): boolean {
  return prefix.startsWith(rule.Prefix ?? '') && rule.TagFilters === undefined
    && rule.ObjectSizeGreaterThan === undefined && rule.ObjectSizeLessThan === undefined
    && rule.NoncurrentVersionExpiration?.NewerNoncurrentVersions === undefined;
}
