import { ITerraformDependable, TerraformResourceLifecycle } from 'cdktn';
import { convertProperties, Surroundings, TemplatePath } from './conversions';
import { PseudoParameters } from './deployment';
import { Expression, Text } from './expressions';
import { InputError } from './input-error';
import { PipelineTemplate, TemplateResource } from './pipeline-template';
import { referencedIds, References } from './references';
import { AnyRow, FUNCTION, Row, ROWS } from './resource-table';

export interface Part<Props> {
  /** The logical id in the template, and the name of the Terraform resource. */
  readonly id: string;
  readonly props: Props;
}

/** Arguments that every resource may have. */
interface MetaArguments {
  readonly dependsOn?: ITerraformDependable[];
  readonly lifecycle?: TerraformResourceLifecycle;
}

/** Whether what holds data is kept, by DeletionPolicy and UpdateReplacePolicy. */
const KEEPS: Readonly<Record<string, boolean>> = { Delete: false, Retain: true, RetainExceptOnCreate: true };

const KNOWN_SECTIONS = ['Type', 'Properties', 'DependsOn', 'DeletionPolicy', 'UpdateReplacePolicy', 'Metadata'];

type Arguments = Record<string, unknown>;

/** The resources of a template, as what the modules take. */
export class TerraformParts {
  /** Expressions that have a name, by it. */
  readonly locals = new Map<string, Expression>();

  private readonly resources: Readonly<Record<string, TemplateResource>>;
  private readonly leftOut: ReadonlySet<string>;
  private readonly around: Surroundings;
  private readonly parts = new Map<string, Arguments>();
  private readonly taken = new Set<string>();

  constructor(private readonly template: PipelineTemplate, private readonly pseudoParameters: PseudoParameters) {
    this.resources = template.resources;
    this.around = {
      references: new References({
        nameOf: (logicalId, attribute) => this.nameOf(logicalId, attribute),
        localOf: (expression) => this.localOf(expression),
      }),
      typeOf: (logicalId) => this.find(logicalId)?.Type,
      isLeftOut: (logicalId) => this.leftOut.has(logicalId),
      assets: template.assets,
    };
    this.leftOut = this.findLeftOut();
    const converted = Object.keys(this.resources).filter((id) => !this.leftOut.has(id)).map((id) => this.convert(id));
    for (const { row, id, props } of converted) if (!row.attachedTo && !row.partOf) this.parts.set(id, props);
    for (const { row, id, props } of converted) {
      if (row.attachedTo) this.attach(id, row.attachedTo.as, props);
      if (row.partOf) Object.assign(this.ownerOf(id), row.partOf.gives);
    }
  }

  /** All of one type. */
  of<Props>(row: Row<Props>): Array<Part<Props>> {
    this.taken.add(row.type);
    return [...this.parts].filter(([id]) => this.resources[id].Type === row.type).map(([id, props]) => ({ id, props: props as Props }));
  }

  /** The only one of its type. */
  only<Props>(row: Row<Props>): Part<Props> {
    const found = this.of(row);
    if (found.length !== 1) throw new Error(`one ${row.type} was expected, got ${found.map(({ id }) => id).join(' and ') || 'none'}`);
    return found[0];
  }

  /** What nobody asked for would be missing in Terraform. */
  checkAllTaken(): void {
    const left = [...this.parts.keys()].filter((id) => !this.taken.has(this.resources[id].Type));
    if (left.length > 0) throw new Error(`each resource must become part of the stack, got none that takes ${left.map((id) => this.say(id)).join(', ')}`);
  }

  /** Whether a resource of the template has the id. */
  has(id: string): boolean {
    return this.find(id) !== undefined;
  }

  private find(id: string): TemplateResource | undefined {
    return Object.hasOwn(this.resources, id) ? this.resources[id] : undefined;
  }

  private say(id: string): string {
    return `${id} (${this.resources[id].Type})`;
  }

  private path(id: string): TemplatePath {
    return new TemplatePath(this.around, this.say(id));
  }

  private convert(id: string): { readonly row: AnyRow; readonly id: string; readonly props: Arguments } {
    const resource = this.resources[id];
    const row = rowOf(id, resource);
    const at = this.path(id);
    for (const section of Object.keys(resource)) if (!KNOWN_SECTIONS.includes(section)) at.inside(section).fail('has no form in Terraform here');

    const naming = [...Object.keys(row.attachedTo?.by ?? row.partOf?.by ?? {}), row.doneBy];
    const said = Object.entries(resource.Properties ?? {}).filter(([name]) => Object.hasOwn(row.properties, name) || !naming.includes(name));
    const props = convertProperties(row.properties, Object.fromEntries(said), at, row.required);
    return { row, id, props: { ...row.defaults, ...props, ...this.metaArguments(id, row, at) } };
  }

  private metaArguments(id: string, row: AnyRow, at: TemplatePath): MetaArguments {
    const resource = this.resources[id];
    const keeps = (section: 'DeletionPolicy' | 'UpdateReplacePolicy') => {
      const policy = resource[section] ?? 'Delete';
      return KEEPS[policy] ?? at.inside(section).fail(`must be one of ${Object.keys(KEEPS).join(', ')}, got ${policy}`);
    };
    const kept = keeps('DeletionPolicy');
    if (keeps('UpdateReplacePolicy') !== kept) {
      at.inside('UpdateReplacePolicy').fail('must keep what DeletionPolicy keeps, because Terraform\'s prevent_destroy holds for both, '
        + `got ${resource.UpdateReplacePolicy ?? 'none'} with ${resource.DeletionPolicy ?? 'none'}`);
    }
    const dependencies = [resource.DependsOn ?? []].flat();
    const inside = at.inside('DependsOn');
    if (row.partOf) {
      // What is a part of another resource comes and goes with it: that one's own parts are there before and after.
      const owner = this.ownerIdOf(id);
      for (const other of dependencies) if (!this.has(other) || this.ownerIdOf(other) !== owner) inside.fail(`must be what belongs to ${owner}, got ${other}`);
      return {};
    }
    const dependsOn = dependencies.map((other) => ({ fqn: inside.named(() => this.addressOf(other)) }));
    return { ...dependsOn.length > 0 ? { dependsOn } : {}, ...kept ? { lifecycle: { preventDestroy: true } } : {} };
  }

  private attach(id: string, as: string, props: Arguments): void {
    const owner = this.ownerOf(id);
    owner[as] = { ...owner[as] as object, [id]: props };
  }

  /** The props of the resource that another one belongs to. */
  private ownerOf(id: string): Arguments {
    return this.parts.get(this.ownerIdOf(id)) ?? this.path(id).fail(`belongs to ${this.ownerIdOf(id)}, which Terraform does without`);
  }

  /** The resource that another one belongs to, itself where it belongs to none. */
  private ownerIdOf(id: string): string {
    const { Properties, ...resource } = this.resources[id];
    const { attachedTo, partOf } = rowOf(id, resource);
    const by = attachedTo?.by ?? partOf?.by;
    if (by === undefined) return id;
    const owners = Object.entries(by).map(([property, forms]) => {
      const at = this.path(id).inside(property);
      const [named, ...others] = [Properties?.[property]].flat();
      if (others.length > 0) at.fail(`must name one resource, got ${JSON.stringify(Properties?.[property])}`);
      return this.ownerIdOf(at.resourceId(named, forms));
    });
    const [owner, ...different] = new Set(owners);
    return different.length === 0 ? owner : this.path(id).fail(`${Object.keys(by).join(' and ')} must name one resource, got ${owners.join(' and ')}`);
  }

  /** The Terraform resource that a resource of the template is, or is part of. */
  private addressOf(id: string): string {
    const resource = this.find(id);
    if (resource === undefined || this.leftOut.has(id)) throw new InputError(`${id} must be a resource of the template that Terraform makes`);
    const { partOf, resource: type } = rowOf(id, resource);
    return `${type}.${partOf === undefined ? id : this.ownerIdOf(id)}`;
  }

  private nameOf(id: string, attribute: string | undefined): Text {
    if (attribute === undefined && Object.hasOwn(this.pseudoParameters, id)) return this.pseudoParameters[id];
    if (attribute === undefined && Object.hasOwn(this.template.variables, id)) return [new Expression(`var.${this.template.variables[id]}`)];
    const address = this.addressOf(id);
    const { ref, attributes = {} } = rowOf(id, this.resources[id]);
    const found = attribute === undefined ? ref : attributes[attribute];
    if (found === undefined) {
      throw new InputError(`${attribute === undefined ? 'Ref' : `Fn::GetAtt ${attribute}`} of ${this.say(id)} has no row in lib/resource-table.ts`);
    }
    const [name, suffix] = [found].flat();
    return [new Expression(`${address}.${name}`), ...suffix === undefined ? [] : [suffix]];
  }

  private localOf(expression: Expression): Expression {
    const known = [...this.locals].find(([, { code }]) => code === expression.code);
    const name = known?.[0] ?? `part_${this.locals.size + 1}`;
    this.locals.set(name, expression);
    return new Expression(`local.${name}`);
  }

  /** Functions whose work Terraform does itself, with what they alone need: whoever else names it fails. */
  private findLeftOut(): ReadonlySet<string> {
    const functions = Object.entries(this.resources).flatMap(([id, resource]) => {
      const { doneBy } = rowOf(id, resource);
      return doneBy === undefined ? [] : this.path(id).inside(doneBy).resourceId(resource.Properties?.[doneBy], { [FUNCTION.type]: ['Arn'] });
    });
    const theirs = functions.flatMap((id) => {
      const { Role, LoggingConfig } = this.resources[id].Properties ?? {};
      return referencedIds([Role, LoggingConfig]);
    });
    return new Set([...functions, ...theirs]);
  }
}

function rowOf(id: string, { Type }: TemplateResource): AnyRow {
  const row = ROWS.find(({ type }) => type === Type);
  if (row === undefined) throw new InputError(`${id} is a resource of the type ${Type}, for which lib/resource-table.ts has no row`);
  return row;
}
