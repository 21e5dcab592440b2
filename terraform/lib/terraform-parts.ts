import { ITerraformDependable, TerraformResourceLifecycle } from 'cdktn';
import { convertProperties, Place, Surroundings } from './conversions';
import { Expression, Text } from './expressions';
import { PipelineTemplate, TemplateResource } from './pipeline-template';
import { referencedIds, References } from './references';
import { AnyRow, Row, ROWS } from './resource-table';

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

/** What is deleted with the stack, and what is not. */
const LIFECYCLES: Readonly<Record<string, TerraformResourceLifecycle | undefined>> = {
  Delete: undefined,
  Retain: { preventDestroy: true },
  RetainExceptOnCreate: { preventDestroy: true },
};

const KNOWN_SECTIONS = ['Type', 'Properties', 'DependsOn', 'DeletionPolicy', 'UpdateReplacePolicy', 'Metadata'];

/** The resources of a template, as what the modules take. */
export class TerraformParts {
  /** Expressions that have a name, by it. */
  readonly locals = new Map<string, Expression>();

  private readonly resources: Readonly<Record<string, TemplateResource>>;
  private readonly leftOut: ReadonlySet<string>;
  private readonly around: Surroundings;
  private readonly parts = new Map<string, Record<string, unknown>>();

  /** @param pseudoParameters what stands for `AWS::Region` and the like */
  constructor(private readonly template: Pick<PipelineTemplate, 'resources' | 'variables' | 'assembly'>, private readonly pseudoParameters: Readonly<Record<string, Text>>) {
    this.resources = template.resources;
    this.leftOut = this.findLeftOut();
    this.around = {
      references: new References({
        nameOf: (logicalId, attribute) => this.nameOf(logicalId, attribute),
        localOf: (expression) => this.localOf(expression),
      }),
      typeOf: (logicalId) => this.resources[logicalId]?.Type,
      isLeftOut: (logicalId) => this.leftOut.has(logicalId),
      assembly: template.assembly,
    };
    const converted = Object.keys(this.resources).filter((id) => !this.leftOut.has(id)).map((id) => this.convert(id));
    for (const { row, id, props } of converted) if (!row.attachedTo && !row.partOf) this.parts.set(id, props);
    for (const { row, id, props } of converted) {
      if (row.attachedTo) this.attach(id, row.attachedTo, props);
      if (row.partOf) Object.assign(this.ownerOf(id, row.partOf.property), row.partOf.gives);
    }
  }

  /** All of one type. */
  of<Props>(row: Row<Props>): Array<Part<Props>> {
    return [...this.parts].filter(([id]) => this.resources[id].Type === row.type).map(([id, props]) => ({ id, props: props as Props }));
  }

  private convert(id: string): { readonly row: AnyRow; readonly id: string; readonly props: Record<string, unknown> } {
    const resource = this.resources[id];
    const row = rowOf(id, resource);
    const unknown = Object.keys(resource).filter((section) => !KNOWN_SECTIONS.includes(section));
    if (unknown.length > 0) throw new Error(`${unknown.join(', ')} of ${id} (${resource.Type}): has no form in Terraform here`);

    const owner = row.attachedTo?.property ?? row.partOf?.property;
    const ownProperties = Object.entries(resource.Properties ?? {})
      .filter(([name]) => name in row.properties || ![owner, row.doneBy].includes(name));
    const at = (name: string) => new Place(this.around, `${id} (${resource.Type})`, name);
    const props = Object.assign({}, ...ownProperties.map(([name, raw]) => convertProperties(row.properties, { [name]: raw }, at(name))));
    return { row, id, props: { ...row.defaults, ...props, ...this.metaArguments(id, row) } };
  }

  private metaArguments(id: string, row: AnyRow): MetaArguments {
    const { Type, DependsOn = [], DeletionPolicy = 'Delete' } = this.resources[id];
    if (!(DeletionPolicy in LIFECYCLES)) {
      throw new Error(`DeletionPolicy of ${id} (${Type}): must be one of ${Object.keys(LIFECYCLES).join(', ')}, got ${DeletionPolicy}`);
    }
    // What is a part of another resource comes and goes with it.
    if (row.partOf) return {};
    const dependsOn = [DependsOn].flat().map((other) => ({ fqn: this.addressOf(other) }));
    const lifecycle = LIFECYCLES[DeletionPolicy];
    return { ...dependsOn.length > 0 ? { dependsOn } : {}, ...lifecycle ? { lifecycle } : {} };
  }

  private attach(id: string, attachedTo: NonNullable<AnyRow['attachedTo']>, props: Record<string, unknown>): void {
    const owner = this.ownerOf(id, attachedTo.property);
    owner[attachedTo.as] = { ...owner[attachedTo.as] as object, [id]: props };
  }

  /** The props of the resource that another one belongs to. */
  private ownerOf(id: string, property: string): Record<string, unknown> {
    const { Type, Properties } = this.resources[id];
    const owners = referencedIds(Properties?.[property]).map((owner) => this.parts.get(this.resourceIdOf(owner)));
    const [owner] = owners;
    if (owner === undefined || owners.length > 1) {
      throw new Error(`${property} of ${id} (${Type}): must name one resource of the template, got ${JSON.stringify(Properties?.[property])}`);
    }
    return owner;
  }

  /** The Terraform resource that a resource of the template is, or is part of. */
  private resourceIdOf(id: string): string {
    const resource = this.resources[id];
    const { partOf } = rowOf(id, resource);
    return partOf === undefined ? id : referencedIds(resource.Properties?.[partOf.property])[0];
  }

  private addressOf(id: string): string {
    if (!(id in this.resources) || this.leftOut.has(id)) throw new Error(`${id} is not there in Terraform`);
    return `${rowOf(id, this.resources[id]).resource}.${this.resourceIdOf(id)}`;
  }

  private nameOf(id: string, attribute: string | undefined): Text {
    if (attribute === undefined && id in this.pseudoParameters) return this.pseudoParameters[id];
    if (attribute === undefined && id in this.template.variables) return [new Expression(`var.${this.template.variables[id]}`)];
    const address = this.addressOf(id);
    const { type, ref, attributes = {} } = rowOf(id, this.resources[id]);
    const found = attribute === undefined ? ref : attributes[attribute];
    if (found === undefined) {
      throw new Error(`${attribute === undefined ? 'Ref' : `Fn::GetAtt ${attribute}`} of ${id} (${type}) has no row in lib/resource-table.ts`);
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

  /** Functions whose work Terraform does itself, with what they alone need. */
  private findLeftOut(): ReadonlySet<string> {
    const functions = Object.entries(this.resources).flatMap(([id, resource]) => {
      const { doneBy } = rowOf(id, resource);
      return doneBy === undefined ? [] : referencedIds(resource.Properties?.[doneBy]);
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
  if (row === undefined) throw new Error(`${id} is a resource of the type ${Type}, for which lib/resource-table.ts has no row`);
  return row;
}
