/** The rules of the buckets that the pipeline makes. */
import { Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { everyPrefix, OUTPUT_PREFIXES, PrefixName, SOURCE_PREFIXES } from './prefixes';
import { DataLifecycle, PrefixLifecycle, StorageClassTransition } from '../options/data-lifecycle';
import { KeyPrefixes } from '../options/key-prefixes';
import { OutputBucket } from '../options/output-bucket';
import { visibleJson } from '../spec/visible-text';
import { checkDays } from '../synth/prop-checks';

const DEFAULTS: { readonly [Name in PrefixName]?: PrefixLifecycle } = {
  processed: { transition: { storageClass: s3.StorageClass.GLACIER, after: Duration.days(30) } },
  work: { expireAfter: Duration.days(30) },
};

/** An open job, or one that is resumed, still has to do with what lies there. */
export const OF_OPEN_JOBS: readonly PrefixName[] = ['incoming', 'output', 'quarantine', 'reports', 'work'];
/** And reads it. */
export const READ_BY_OPEN_JOBS: readonly PrefixName[] = ['incoming', 'reports', 'work'];

/** By the value of a class: an app may have loaded the CDK twice. */
const CLASSES = [
  s3.StorageClass.INFREQUENT_ACCESS, s3.StorageClass.ONE_ZONE_INFREQUENT_ACCESS, s3.StorageClass.INTELLIGENT_TIERING,
  s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, s3.StorageClass.GLACIER, s3.StorageClass.DEEP_ARCHIVE,
].map(String);
/** S3 refuses a rule that moves objects there earlier. */
const SHORTEST: Readonly<Record<string, Duration>> = { STANDARD_IA: Duration.days(30), ONEZONE_IA: Duration.days(30) };
/** Nothing of these is read before it is restored. */
export const ARCHIVES = [s3.StorageClass.GLACIER, s3.StorageClass.DEEP_ARCHIVE].map(String);

/** Of the buckets that the pipeline makes. */
export interface ResolvedLifecycle {
  readonly prefixes: { readonly [Name in PrefixName]?: PrefixLifecycle };
  readonly noncurrentVersionsExpireAfter: Duration;
  readonly abortIncompleteUploadsAfter: Duration;
}

export interface Buckets {
  readonly sourceBucket?: s3.IBucket;
  readonly outputBucket: OutputBucket;
}

/** @param longestJob the time in which a job can be resumed, and that of the resumed run */
export function resolveLifecycle(lifecycle: DataLifecycle, buckets: Buckets, longestJob: Duration): ResolvedLifecycle {
  const made = prefixesMade(buckets);
  for (const name of [...SOURCE_PREFIXES, ...OUTPUT_PREFIXES]) if (!made.includes(name)) refuse(name, lifecycle, buckets);
  const leftovers = {
    noncurrentVersionsExpireAfter:
      checkDays('lifecycle.noncurrentVersionsExpireAfter', lifecycle.noncurrentVersionsExpireAfter ?? Duration.days(30)),
    abortIncompleteUploadsAfter:
      checkDays('lifecycle.abortIncompleteUploadsAfter', lifecycle.abortIncompleteUploadsAfter ?? Duration.days(7)),
  };
  if (made.length === 0) {
    for (const name of Object.keys(leftovers) as Array<keyof typeof leftovers>) refuse(name, lifecycle, buckets);
    return { prefixes: {}, ...leftovers };
  }
  const prefixes = Object.fromEntries(made.map((name) => [name, checkPrefix(name, lifecycle[name] ?? DEFAULTS[name] ?? {}, longestJob)]));
  checkOutlives('lifecycle.abortIncompleteUploadsAfter', leftovers.abortIncompleteUploadsAfter, longestJob);
  // A job reads the version that it has begun with, also when another one of its key has landed.
  checkOutlives('lifecycle.noncurrentVersionsExpireAfter', leftovers.noncurrentVersionsExpireAfter, longestJob);
  return { prefixes, ...leftovers };
}

/** What lies in buckets that the pipeline makes. */
function prefixesMade({ sourceBucket, outputBucket: { _kind: output } }: Buckets): readonly PrefixName[] {
  const isSourceMade = sourceBucket === undefined;
  const isOutputMade = output === 'of the pipeline' || (output === 'as the source' && isSourceMade);
  return [...isSourceMade ? SOURCE_PREFIXES : [], ...isOutputMade ? OUTPUT_PREFIXES : []];
}

function refuse(name: keyof DataLifecycle, lifecycle: DataLifecycle, { outputBucket }: Buckets): void {
  if (lifecycle[name] === undefined) return;
  const isOfOutput = OUTPUT_PREFIXES.some((output) => output === name) && outputBucket._kind === 'of the user';
  throw new Error(`lifecycle.${name} must be left out with ${isOfOutput ? 'an outputBucket' : 'a sourceBucket'} of your own, `
    + `whose rules the pipeline does not touch, got ${visibleJson(Object.keys(lifecycle))}`);
}

function checkPrefix(name: PrefixName, { expireAfter, transition }: PrefixLifecycle, longestJob: Duration): PrefixLifecycle {
  const prop = `lifecycle.${name}`;
  if (transition !== undefined) {
    checkTransition(`${prop}.transition`, transition);
    const isArchived = ARCHIVES.includes(String(transition.storageClass));
    if (isArchived && READ_BY_OPEN_JOBS.includes(name)) checkOutlives(`${prop}.transition.after`, transition.after, longestJob);
  }
  if (expireAfter === undefined) {
    if (name === 'work') throw new Error(`${prop}.expireAfter must be given, or what jobs leave behind is kept for ever, got none`);
    return { transition };
  }
  checkDays(`${prop}.expireAfter`, expireAfter);
  if (OF_OPEN_JOBS.includes(name)) checkOutlives(`${prop}.expireAfter`, expireAfter, longestJob);
  if (transition !== undefined && expireAfter.toDays() <= transition.after.toDays()) {
    throw new Error(`${prop}.expireAfter must be longer than ${prop}.transition.after (${transition.after.toHumanString()}), `
      + `got ${expireAfter.toHumanString()}`);
  }
  return { expireAfter, transition };
}

function checkTransition(prop: string, { storageClass, after }: StorageClassTransition): void {
  if (!CLASSES.includes(String(storageClass))) {
    throw new Error(`${prop}.storageClass must be one that S3 moves objects to (${CLASSES.join(', ')}), got ${visibleJson(String(storageClass))}`);
  }
  checkDays(`${prop}.after`, after, { min: SHORTEST[String(storageClass)] ?? Duration.days(1) });
}

function checkOutlives(prop: string, value: Duration, longestJob: Duration): void {
  if (value.toMilliseconds() > longestJob.toMilliseconds()) return;
  throw new Error(`${prop} must be longer than workflowTimeout plus resumeWindow (${longestJob.toHumanString()}), got ${value.toHumanString()}`);
}

/**
 * What nobody moves away under the incoming prefix expires, unless a rule of the user's own says when.
 *
 * @param atEarliest later, where a job can take longer
 */
export function withIncomingExpiry(lifecycle: ResolvedLifecycle, atEarliest: Duration, longestJob: Duration): ResolvedLifecycle {
  const { expireAfter, transition } = lifecycle.prefixes.incoming ?? {};
  const days = Math.max(atEarliest.toDays(), Math.floor(longestJob.toDays({ integral: false })) + 1);
  if (expireAfter === undefined && transition !== undefined && days <= transition.after.toDays()) {
    throw new Error('lifecycle.incoming.expireAfter must be given, longer than lifecycle.incoming.transition.after '
      + `(${transition.after.toHumanString()}), because with disasterRecovery it is ${Duration.days(days).toHumanString()} by default, got none`);
  }
  const incoming = checkPrefix('incoming', { expireAfter: expireAfter ?? Duration.days(days), transition }, longestJob);
  return { ...lifecycle, prefixes: { ...lifecycle.prefixes, incoming } };
}

/** @param names of the prefixes that lie in the bucket */
export function lifecycleRules(lifecycle: ResolvedLifecycle, names: readonly PrefixName[],
  inForce: KeyPrefixes, former: readonly KeyPrefixes[]): s3.LifecycleRule[] {
  const rules = names.flatMap((name) => {
    const { expireAfter, transition } = lifecycle.prefixes[name] ?? {};
    if (expireAfter === undefined && transition === undefined) return [];
    const transitions = transition && [{ storageClass: transition.storageClass, transitionAfter: transition.after }];
    /** One rule for the prefix in force, and one for each former one. */
    return everyPrefix(name, inForce, former).map((prefix, index): s3.LifecycleRule => (
      { id: index === 0 ? name : `${name}-${index}`, prefix, expiration: expireAfter, transitions }
    ));
  });
  return [...rules, {
    id: 'leftovers',
    abortIncompleteMultipartUploadAfter: lifecycle.abortIncompleteUploadsAfter,
    noncurrentVersionExpiration: lifecycle.noncurrentVersionsExpireAfter,
    expiredObjectDeleteMarker: true,
  }];
}
