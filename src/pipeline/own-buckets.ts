import { Annotations, Duration, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { everyPrefix, overlap, Prefixes, PrefixName } from './prefixes';
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
  readonly prefixes: Prefixes;
  readonly formerPrefixes: readonly Prefixes[];
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
        const rules: Rule[] = templateProperties(resource).LifecycleConfiguration?.Rules ?? [];
        const warnings = checkRules(rules.filter(({ Status }) => Status === 'Enabled'), needs);
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
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number };
}

function checkRules(rules: Rule[], { prop, prefixes, formerPrefixes, holds, workflowTimeout, resumeWindow }: RuleNeeds): string[] {
  const longestJob = workflowTimeout.plus(resumeWindow);
  const check = (names: readonly PrefixName[], daysOf: (rule: Rule) => number | undefined, missing: (prefix: string) => string, what: string) =>
    names.filter((name) => holds.includes(name)).flatMap((name) => everyPrefix(name, prefixes, formerPrefixes)).flatMap((prefix): string[] => {
      const acting = rules.filter((rule) => daysOf(rule) !== undefined && overlap(rule.Prefix ?? '', prefix));
      const early = acting.find((rule) => Duration.days(daysOf(rule)!).toMilliseconds() <= longestJob.toMilliseconds());
      if (early !== undefined) {
        return [`${prop} must ${what} under "${prefix}" after more than workflowTimeout plus resumeWindow (${longestJob.toHumanString()}), because a job that is `
          + `resumed needs them, got ${daysOf(early)} days by its lifecycle rule ${early.Id ?? 'without an id'}`];
      }
      return acting.some((rule) => covers(rule, prefix)) ? [] : [missing(prefix)];
    });
  /** More than the longest job takes, and no less than the pipeline's own buckets have. */
  const days = (usual: number) => `Duration.days(${Math.max(usual, Math.floor(longestJob.toDays({ integral: false })) + 1)})`;
  return [...new Set([
    ...check(EXPIRING, (rule) => rule.ExpirationInDays, (prefix) => `${prop} must have a lifecycle rule that expires objects under "${prefix}", or work files are kept, and `
      + `paid, for ever; got none: addLifecycleRule({ prefix: '${prefix}', expiration: ${days(30)} })`, 'expire objects'),
    ...check(UPLOADED_BY_PARTS, (rule) => rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation, () => `${prop} must have a lifecycle rule that aborts incomplete uploads in the `
      + 'whole bucket, or parts that were never published are kept, and paid, for ever; got none: '
      + `addLifecycleRule({ abortIncompleteMultipartUploadAfter: ${days(7)} })`, 'abort incomplete uploads'),
  ])];
}

function covers(rule: Rule, prefix: string): boolean {
  return prefix.startsWith(rule.Prefix ?? '') && rule.TagFilters === undefined
    && rule.ObjectSizeGreaterThan === undefined && rule.ObjectSizeLessThan === undefined;
}
