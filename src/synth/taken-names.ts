import { Annotations, Aws, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { visibleJson } from '../spec/visible-text';

/** A resource that gets a name. */
export interface NameClaim {
  readonly resourceType: string;
  readonly part: string;
  /** Account and region as tokens where they are not known at synth. */
  readonly name: string;
  /** By whose rule it is named. */
  readonly pipeline: IConstruct;
  /** Makes the resource: the pipeline itself, or a construct beside it. */
  readonly maker: IConstruct;
  /** What to do where the name is another resource's, if it is not made by the rule of names. */
  readonly remedy?: string;
}

/** Who else may have no such name; where nothing is said, others of the account and region. */
const SCOPES: Readonly<Record<string, 'world' | 'account'>> = { bucket: 'world', role: 'account', dashboard: 'account' };
const PLACES = { world: 'anywhere', account: 'in the account', region: 'in the account and region' } as const;

/** The names of each app. */
const TAKEN = new WeakMap<IConstruct, NameClaim[]>();

/** The pipelines whose names a pipeline is warned to share. */
const TOLD = new WeakMap<IConstruct, Set<IConstruct>>();

/**
 * Holds that no two resources of a type get one name where they would meet, whoever makes them in an app. What asks for its
 * own name again gets it, and so does who asks a pipeline for the name of what stands beside it.
 *
 * @throws Error that names both, and what to do. Where one of them may be deployed anywhere, and so beside the other, it is a warning
 */
export function claimName(claim: NameClaim): void {
  const { root } = claim.pipeline.node;
  const taken = TAKEN.get(root) ?? [];
  TAKEN.set(root, taken);
  const others = taken.filter((other) => other.resourceType === claim.resourceType && !isSameResource(other, claim));
  for (const other of others) {
    const meeting = meetingOf(claim, other);
    if (meeting === 'sure') throw new Error(`${collision(claim, other)}: ${remedy(claim, other)}`);
    if (meeting === 'possible') warnOnce(claim, other);
  }
  taken.push(claim);
}

/** The pipeline is asked for names of what stands beside it, too, and does not know who asks. */
function isSameResource(one: NameClaim, other: NameClaim): boolean {
  const { pipeline } = one;
  return pipeline === other.pipeline && one.part === other.part && (one.maker === other.maker || one.maker === pipeline || other.maker === pipeline);
}

/** Stacks whose account and region are left open are taken to be deployed to the same ones. */
function meetingOf(one: NameClaim, other: NameClaim): 'sure' | 'possible' | 'none' {
  if (inPlaceOf(one, other) !== inPlaceOf(other, one)) return 'none';
  const [own, theirs] = [Stack.of(one.maker), Stack.of(other.maker)];
  const scope = scopeOf(one);
  const compared = [
    ...scope === 'world' ? [] : [Token.compareStrings(own.account, theirs.account)],
    ...scope === 'region' ? [Token.compareStrings(own.region, theirs.region)] : [],
  ];
  if (compared.includes(TokenComparison.DIFFERENT)) return 'none';
  return compared.includes(TokenComparison.ONE_UNRESOLVED) || one.name !== other.name ? 'possible' : 'sure';
}

/** What is left open in the name as the other one's stack has it. */
function inPlaceOf({ name }: NameClaim, { maker }: NameClaim): string {
  const { account, region } = Stack.of(maker);
  return name.replaceAll(Aws.ACCOUNT_ID, account).replaceAll(Aws.REGION, region);
}

function scopeOf({ resourceType }: NameClaim): keyof typeof PLACES {
  return SCOPES[resourceType] ?? 'region';
}

function collision(claim: NameClaim, other: NameClaim): string {
  return `the name of the ${resourceText(claim)} must differ from that of the ${resourceText(other)} ${PLACES[scopeOf(claim)]}, got ${visibleJson(readable(claim.name))} for both`;
}

function resourceText({ resourceType, part, maker }: NameClaim): string {
  return `${resourceType} ${visibleJson(part)} of ${maker.node.path}`;
}

function remedy(one: NameClaim, other: NameClaim): string {
  if (one.remedy !== undefined) return one.remedy;
  if (one.pipeline !== other.pipeline) {
    return 'give one of the pipelines another id (in letters or digits) or environmentSuffix, or let resourceNaming make use of pipelineName, part, account and region';
  }
  if (one.part !== other.part) return 'let resourceNaming make use of the part';
  return 'a pipeline whose resources have names has one such construct beside it; to have more, let resourceNaming leave these names to CloudFormation (undefined)';
}

/** Once for two pipelines: all their names may be the same. */
function warnOnce(claim: NameClaim, other: NameClaim): void {
  const told = TOLD.get(claim.pipeline) ?? new Set<IConstruct>();
  TOLD.set(claim.pipeline, told);
  if (told.has(other.pipeline)) return;
  told.add(other.pipeline);
  Annotations.of(claim.maker).addWarningV2('cdk-csv-chunk-pipeline:namesMayMeet',
    `${collision(claim, other)}, where the one whose stack can be deployed anywhere is deployed beside the other: `
    + 'give both stacks their account and region (env), or the pipelines different ids or environmentSuffixes');
}

function readable(name: string): string {
  return name.replaceAll(Aws.ACCOUNT_ID, '${AWS::AccountId}').replaceAll(Aws.REGION, '${AWS::Region}');
}
