/**
 * Where a pipeline's table, state machine, queue and sweep are, by CloudFormation: the logical id of each is the pipeline's
 * path in its stack, in letters and digits, then the part's own, then eight digits of a hash.
 */
import { Refusal } from './operator-error';
import { PipelineAddress, StackResource, Stacks } from '../ports/operations';

interface Part {
  readonly type: string;
  /** Ids of the part's construct and of what is in it. */
  readonly ids: readonly [string, string];
}

const PARTS: Readonly<Record<keyof PipelineAddress, Part>> = {
  // Its second id is not repeated: see `pathsOf`.
  tableName: { type: 'AWS::DynamoDB::GlobalTable', ids: ['JobTable', ''] },
  stateMachineArn: { type: 'AWS::StepFunctions::StateMachine', ids: ['Workflow', 'StateMachine'] },
  queueUrl: { type: 'AWS::SQS::Queue', ids: ['DeadLetters', 'Queue'] },
  sweepFunctionName: { type: 'AWS::Lambda::Function', ids: ['SweepJobs', 'Function'] },
};

/** What to do, for who reads that there is no stack. */
export const WITHOUT_STACK = 'a pipeline without a stack, such as one of Terraform, is found by --sweep-function, the name of its SweepJobs function';

interface FoundPipeline {
  /** In letters and digits. */
  readonly path: string;
  readonly address: PipelineAddress;
}

/**
 * @param name the pipeline's id, or the name of a stack that holds one pipeline
 * @throws Refusal
 */
export async function findPipeline(name: string, stacks: Stacks): Promise<PipelineAddress> {
  const [stack] = name.split('/');
  const resources = await stacks.resources(stack);
  if (resources === undefined) throw new Refusal(`expected a stack ${stack} in this account and region, found none; ${WITHOUT_STACK}`);
  const isAsked = (pipeline: FoundPipeline) => name === stack || isNamed(name.slice(stack.length + 1), pipeline);
  const own = pipelinesAmong(resources);
  // Nested stacks need rights of their own: who names a pipeline outside of them needs none.
  const pipelines = name !== stack && own.filter(isAsked).length === 1 ? own : [...own, ...await nestedPipelines(resources, stacks)];
  const found = pipelines.filter(isAsked);
  if (found.length === 1) return found[0].address;

  if (pipelines.length === 0) throw new Refusal(`expected the stack ${stack} to hold a pipeline, found none`);
  const names = pipelines.map((pipeline) => nameOf(stack, pipeline)).join(', ');
  const got = name === stack ? 'the stack alone' : `${name}, which is ${found.length === 0 ? 'none' : 'several'} of them`;
  throw new Refusal(`expected --pipeline to name one of the pipelines of the stack ${stack} (${names}), got ${got}`);
}

function pipelinesAmong(resources: readonly StackResource[]): FoundPipeline[] {
  const parts = Object.entries(PARTS).map(([part, { type, ids }]) => [part, new Map(
    resources.filter((resource) => resource.type === type).flatMap((resource) => pathsOf(resource, ids).map((path) => [path, resource.physicalId])),
  )] as const);
  // The table of a standby is in the primary's stack.
  const needed = parts.filter(([part]) => part !== 'tableName');
  const paths = [...needed[0][1].keys()].filter((path) => needed.every(([, found]) => found.has(path)));
  return paths.map((path) => (
    { path, address: Object.fromEntries(parts.map(([part, found]) => [part, found.get(path)])) as unknown as PipelineAddress }
  ));
}

async function nestedPipelines(resources: readonly StackResource[], stacks: Stacks): Promise<FoundPipeline[]> {
  const found = await Promise.all(resources.filter(({ type }) => type === 'AWS::CloudFormation::Stack').map(async (nested) => {
    const inside = await stacks.resources(nested.physicalId) ?? [];
    const pipelines = [...pipelinesAmong(inside), ...await nestedPipelines(inside, stacks)];
    return pipelines.map((pipeline) => ({ ...pipeline, path: pathOfNested(nested) + pipeline.path }));
  }));
  return found.flat();
}

/** The pipeline's path, which may be one of two: CDK leaves out an id with which the one before it ends. */
function pathsOf({ logicalId }: StackResource, [first, second]: Part['ids']): string[] {
  const name = withoutHash(logicalId);
  const owner = name.slice(0, name.length - second.length);
  return name.endsWith(second) && owner.endsWith(first) ? [owner.slice(0, -first.length), owner] : [];
}

/** The path of the construct: CDK makes a nested stack of two, each with the construct's id in its own. */
function pathOfNested({ logicalId }: StackResource): string {
  const name = withoutHash(logicalId);
  return /^(.*)NestedStack.*NestedStackResource$/.exec(name)?.[1] ?? name;
}

function withoutHash(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}

/** @param path in the stack, with the environment's suffix where the pipeline has one */
function isNamed(path: string, { path: letters, address }: FoundPipeline): boolean {
  if (lettersOf(path) === letters) return true;
  // Only with its own suffix: who names another environment must not get this one.
  return [...path.matchAll(/-/g)].some(({ index }) =>
    lettersOf(path.slice(0, index)) === letters && address.sweepFunctionName.endsWith(`-jobs-${path.slice(index + 1)}`));
}

function lettersOf(path: string): string {
  return path.replace(/[^A-Za-z0-9]/g, '');
}

/** The name as far as the stack tells it. The suffix is at the end of each name that is not CloudFormation's. */
function nameOf(stack: string, { path, address: { sweepFunctionName } }: FoundPipeline): string {
  const suffix = /^function-[a-z0-9-]+-sweep-jobs-([a-z0-9-]+)$/.exec(sweepFunctionName)?.[1];
  return `${stack}/${path}${suffix === undefined ? '' : `-${suffix}`}`;
}
