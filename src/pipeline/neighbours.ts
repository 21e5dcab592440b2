import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { OUTPUT_PREFIXES, overlap, PrefixName, SOURCE_PREFIXES } from './prefixes';
import { SuffixCaseName } from '../contract/file-keys';
import { KeyPrefixes } from '../options/key-prefixes';
import { visibleJson } from '../spec/visible-text';

/** What a pipeline claims of its buckets. */
export interface Claim {
  readonly sourceBucket: s3.IBucket;
  readonly outputBucket: s3.IBucket;
  readonly prefixes: KeyPrefixes;
  readonly formerPrefixes: readonly KeyPrefixes[];
  /** Empty: every file. */
  readonly suffixes: readonly string[];
  readonly suffixCase: SuffixCaseName;
}

/** What the pipelines of an app claim, by the pipeline. */
const CLAIMS = new WeakMap<IConstruct, Map<IConstruct, Claim>>();

/**
 * Holds that no other pipeline of the app takes the same files, or works under a prefix where this one keeps something
 * else: it would start on what is published here, move it away, or expire it.
 *
 * @throws Error that names the prefix and the other pipeline
 */
export function claimPrefixes(pipeline: IConstruct, claim: Claim): void {
  const others = CLAIMS.get(pipeline.node.root) ?? new Map<IConstruct, Claim>();
  for (const [other, theirs] of others) checkApart(claim, theirs, `the pipeline at ${visibleJson(other.node.path)}`);
  CLAIMS.set(pipeline.node.root, others.set(pipeline, claim));
}

function checkApart(ours: Claim, theirs: Claim, them: string): void {
  for (const our of claimedPrefixes(ours)) {
    const their = claimedPrefixes(theirs)
      .find((one) => isSameBucket(one.bucket, our.bucket) && overlap(one.prefix, our.prefix) && (one.name !== our.name || our.name === 'incoming'));
    if (their === undefined) continue;
    if (our.name !== their.name) {
      throw new Error(`prefixes.${our.name} must not overlap prefixes.${their.name} of ${them} (${visibleJson(their.prefix)}) in the same bucket, got ${visibleJson(our.prefix)}`);
    }
    if (!sharesSuffix(ours, theirs)) continue;
    throw new Error(`prefixes.incoming must not overlap that of ${them} (${visibleJson(their.prefix)}) in the same bucket where both take a file by its suffix `
      + `(${theirs.suffixes.join(', ') || 'any'}): it would be processed twice, and moved away by one while the other reads it; `
      + `got ${visibleJson(our.prefix)} (${ours.suffixes.join(', ') || 'any'})`);
  }
}

interface ClaimedPrefix {
  readonly bucket: s3.IBucket;
  readonly name: PrefixName;
  readonly prefix: string;
}

/** Files under a former incoming prefix start nothing. */
function claimedPrefixes({ sourceBucket, outputBucket, prefixes, formerPrefixes }: Claim): ClaimedPrefix[] {
  const claimed = (bucket: s3.IBucket, names: readonly PrefixName[]): ClaimedPrefix[] => names.flatMap((name) =>
    [prefixes, ...(name === 'incoming' ? [] : formerPrefixes)].map((set) => ({ bucket, name, prefix: set[name] })));
  return [...claimed(sourceBucket, SOURCE_PREFIXES), ...claimed(outputBucket, OUTPUT_PREFIXES)];
}

function isSameBucket(one: s3.IBucket, other: s3.IBucket): boolean {
  return one === other || nameOf(one) === nameOf(other);
}

/** As it is written down, where it is: a bucket of the app and an imported one may be the same. */
function nameOf(bucket: s3.IBucket): string {
  const resource = bucket.node.defaultChild;
  return (resource instanceof s3.CfnBucket ? resource.bucketName : undefined) ?? bucket.bucketName;
}

function sharesSuffix(ours: Claim, theirs: Claim): boolean {
  if (ours.suffixes.length === 0 || theirs.suffixes.length === 0) return true;
  const asWritten = ours.suffixCase === 'exact' && theirs.suffixCase === 'exact';
  const spelled = ({ suffixes }: Claim) => asWritten ? suffixes : suffixes.map((suffix) => suffix.toLowerCase());
  return spelled(ours).some((our) => spelled(theirs).some((their) => our.endsWith(their) || their.endsWith(our)));
}
