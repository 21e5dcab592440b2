import { Token } from 'aws-cdk-lib';
import { visibleJson } from '../spec/visible-text';

/** `us-isof-south-1` */
const LONGEST_REGION = 15;
const ACCOUNT_ID = 12;

/** What a service takes as a name. */
interface NameLimits {
  readonly min: number;
  readonly max: number;
  readonly characters: RegExp;
  readonly expected: string;
}

const limits = (min: number, max: number, characters: RegExp, expected: string): NameLimits => ({ min, max, characters, expected });

const WORD = /^[A-Za-z0-9_-]+$/;
const LETTERS = 'letters, digits, hyphens and underscores';
const WORD_OR_POINT = /^[A-Za-z0-9_.-]+$/;
const LETTERS_OR_POINTS = 'letters, digits, hyphens, underscores and points';
/** A FIFO queue's name, and a topic's, is five characters longer: `.fifo`. */
const FIFO_SUFFIX = 5;

const LIMITS: Readonly<Record<string, NameLimits>> = {
  // No points: the certificate of S3 is for one label before its domain.
  'bucket': limits(3, 63, /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'lower-case letters, digits and hyphens, a letter or digit at both ends'),
  'table': limits(3, 255, WORD_OR_POINT, LETTERS_OR_POINTS),
  'function': limits(1, 64, WORD, LETTERS),
  'role': limits(1, 64, /^[\w+=,.@-]+$/, 'letters, digits and + = , . @ - _'),
  'log-group': limits(1, 512 - '/aws/vendedlogs/states/'.length, /^[\w./#-]+$/, 'letters, digits and . / # - _'),
  // With other characters Step Functions takes the name, but CloudWatch does not take its metrics.
  'state-machine': limits(1, 80, WORD, LETTERS),
  'queue': limits(1, 80 - FIFO_SUFFIX, WORD, LETTERS),
  'topic': limits(1, 256 - FIFO_SUFFIX, WORD, LETTERS),
  'rule': limits(1, 64, WORD_OR_POINT, LETTERS_OR_POINTS),
  'schedule': limits(1, 64, WORD_OR_POINT, LETTERS_OR_POINTS),
  'dashboard': limits(1, 255, WORD, LETTERS),
  // Athena knows no others.
  'database': limits(1, 252, /^[a-z0-9_]+$/, 'lower-case letters, digits and underscores'),
};

/** Whatever else has a name: alarms, crawlers, APIs. */
const ANY: NameLimits = limits(1, 255, /^[\x20-\x7e]+$/, 'printable characters of ASCII');

/** S3 keeps these for itself. */
const RESERVED_BUCKET_NAME = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|--x-s3|--table-s3)$/;

/**
 * @param resource what is to be named, for a person
 * @param place account and region, or the tokens that stand for them in the name: they count as long as they can be
 * @throws Error the service does not take the name
 */
export function checkName(resourceType: string, resource: string, name: unknown, place: { readonly account: string; readonly region: string }): void {
  if (typeof name !== 'string') throw new Error(`the name of the ${resource} must be a text, got ${JSON.stringify(name)}`);
  const { min, max, characters, expected } = LIMITS[resourceType] ?? ANY;
  const known = name
    .replaceAll(place.account, (account) => Token.isUnresolved(account) ? '0'.repeat(ACCOUNT_ID) : account)
    .replaceAll(place.region, (region) => Token.isUnresolved(region) ? 'x'.repeat(LONGEST_REGION) : region)
    .replaceAll(/\$\{Token\[[^\]]+\]\}/g, 'x');
  const got = `got ${known.length === 0 ? 'none' : `${known.length} (${visibleJson(name)})`}`;
  if (known.length < min) throw new Error(`the name of the ${resource} must have at least ${min} characters, ${got}`);
  if (known.length > max) throw new Error(`the name of the ${resource} must have at most ${max} characters, ${got}`);
  if (!characters.test(known)) throw new Error(`the name of the ${resource} must be ${expected}, got ${visibleJson(name)}`);
  if (resourceType === 'bucket' && RESERVED_BUCKET_NAME.test(known)) {
    throw new Error(`the name of the ${resource} must not begin or end as the names that S3 keeps for itself, got ${visibleJson(name)}`);
  }
  if (resourceType === 'log-group' && known.startsWith('aws/')) throw new Error(`the name of the ${resource} must not begin with "aws/", got ${visibleJson(name)}`);
}
