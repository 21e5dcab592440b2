import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CsvChunkPipeline, CsvChunkPipelineProps, FieldType, TableSchema } from '../src';
import { JobContract } from '../src/contract/job-contract';

export interface Resource {
  readonly Type: string;
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: string[];
}

/** What a stack becomes, in the words that tests ask for. */
export class Synthesized {
  readonly template: Template;
  private readonly resources: Record<string, Resource>;
  private readonly contracts = new Map<string, JobContract>();

  constructor(readonly stack: Stack) {
    this.template = Template.fromStack(stack);
    this.resources = this.template.toJSON().Resources;
    // Read now: the cloud assembly goes when the test is over.
    const assembly = (stack.node.root as App).outdir;
    for (const [id, { Properties }] of this.entries('AWS::Lambda::Function')) {
      const file = path.join(assembly, `asset.${Properties.Code?.S3Key?.replace(/\.zip$/, '')}`, 'contract.json');
      if (fs.existsSync(file)) this.contracts.set(id, JSON.parse(fs.readFileSync(file, 'utf8')));
    }
  }

  /** Logical id and resource, of one type. */
  entries(type: string): Array<[string, Resource]> {
    return Object.entries(this.resources).filter(([, resource]) => resource.Type === type);
  }

  /** The one resource of the type whose logical id holds the text. */
  one(type: string, idPart = ''): Resource {
    const found = this.entries(type).filter(([id]) => id.includes(idPart));
    if (found.length !== 1) throw new Error(`expected one ${type} with "${idPart}" in its id, got ${found.map(([id]) => id).join(', ') || 'none'}`);
    return found[0][1];
  }

  /** The contract beside a function's code. */
  contract(idPart = 'PlanChunksFunction'): JobContract {
    const found = [...this.contracts].find(([id]) => id.includes(idPart));
    if (found === undefined) throw new Error(`expected a contract of ${idPart}, got those of ${[...this.contracts.keys()].join(', ')}`);
    return found[1];
  }

  /** The state machine, as JSON; a reference to a resource reads `${LogicalId}`. */
  definition(idPart = ''): any {
    return JSON.parse(asText(this.one('AWS::StepFunctions::StateMachine', idPart).Properties.DefinitionString));
  }

  state(name: string): any {
    const { States } = this.definition();
    return States[name] ?? States.ProcessChunks.ItemProcessor.States[name];
  }

  lifecycleRule(id: string): any {
    return this.one('AWS::S3::Bucket').Properties.LifecycleConfiguration.Rules.find((rule: any) => rule.Id === id);
  }
}

/** CloudFormation's text functions, readable. */
export function asText(value: any): string {
  if (typeof value !== 'object') return String(value);
  if (value.Ref) return '${' + value.Ref + '}';
  if (value['Fn::GetAtt']) return '${' + value['Fn::GetAtt'].join('.') + '}';
  if (value['Fn::Join']) return value['Fn::Join'][1].map(asText).join(value['Fn::Join'][0]);
  if (value['Fn::Select']) return '${part}';
  throw new Error(`expected text, got ${JSON.stringify(value)}`);
}

export const SCHEMA = TableSchema.fromFields([{ name: 'id' }, { name: 'amount', type: FieldType.DECIMAL, scale: 2 }]);

const assemblies: string[] = [];
afterAll(() => assemblies.splice(0).forEach((directory) => fs.rmSync(directory, { recursive: true, force: true })));

export function newApp(context?: Record<string, unknown>): App {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk.out-'));
  assemblies.push(outdir);
  return new App({ outdir, context });
}

export function newStack(): Stack {
  return new Stack(newApp(), 'Stack');
}

/** A stack with one pipeline, `Pipeline`. */
export function synthesize(props: Partial<CsvChunkPipelineProps> = {}, more: (pipeline: CsvChunkPipeline) => void = () => {}): Synthesized {
  const stack = newStack();
  more(new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, ...props }));
  return new Synthesized(stack);
}
