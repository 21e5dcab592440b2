import { got, InputError } from './input-error';
import { referenceTo, References } from './references';

/** Code of a function, as the CDK lays it beside the template for an upload. */
export interface Asset {
  /** Where the template says that it is: the bucket as an argument of `Fn::Sub`. */
  readonly bucket: string;
  readonly key: string;
  readonly directory: string;
  /** Of the content. */
  readonly hash: string;
}

/** What a conversion may ask of the whole template. */
export interface Surroundings {
  readonly references: References;
  /** The CloudFormation type of a resource. */
  readonly typeOf: (logicalId: string) => string | undefined;
  /** Whether Terraform does without a resource of the template. */
  readonly isLeftOut: (logicalId: string) => boolean;
  readonly assets: readonly Asset[];
}

/** How a resource may be named: by type, `Ref` and the attributes of `Fn::GetAtt`. */
export type ReferenceForms = Readonly<Record<string, readonly string[]>>;

/** A value in the template, by the names that lead to it. */
export class TemplatePath {
  constructor(readonly around: Surroundings, private readonly resource: string, private readonly names: readonly string[] = []) {}

  inside(name: string): TemplatePath {
    return new TemplatePath(this.around, this.resource, [...this.names, name]);
  }

  /** A value whose texts are templates of Terraform. */
  value(raw: unknown): unknown {
    return this.named(() => this.around.references.value(raw));
  }

  /** A JSON document in a text. */
  json(raw: unknown): string {
    return this.named(() => this.around.references.json(raw));
  }

  /** The id of the resource that the value is a reference to, and nothing else. */
  resourceId(raw: unknown, forms: ReferenceForms): string {
    const { id, attribute = 'Ref' } = referenceTo(raw) ?? { id: '' };
    if (forms[this.around.typeOf(id) ?? '']?.includes(attribute)) return id;
    const expected = Object.entries(forms).map(([type, attributes]) => `${attributes.join(' or ')} of one ${type}`);
    return this.fail(`must be ${expected.join(', or ')}, ${got(raw)}`);
  }

  object(raw: unknown): Record<string, unknown> {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) this.fail(`must be an object, ${got(raw)}`);
    return raw as Record<string, unknown>;
  }

  list(raw: unknown): unknown[] {
    return Array.isArray(raw) ? raw : this.fail(`must be a list, ${got(raw)}`);
  }

  fail(message: string): never {
    const place = this.names.length === 0 ? this.resource : `${this.names.join('.')} of ${this.resource}`;
    throw new InputError(`${place}: ${message}`);
  }

  /** What goes wrong in it is said with this place. */
  named<Result>(convert: () => Result): Result {
    try {
      return convert();
    } catch (error) {
      if (error instanceof InputError) this.fail(error.message);
      throw error;
    }
  }
}

export type Convert = (raw: unknown, at: TemplatePath) => unknown;

/**
 * What becomes of each property: the argument of that name has the same value, or a converted one; or the conversion
 * gives several arguments, or none.
 */
export type Properties<Arguments> = Readonly<Record<string, ArgumentName<Arguments> | Conversion<Arguments>>>;

export interface Conversion<Arguments> {
  /** Undefined: the conversion gives an object of arguments. */
  readonly argument?: ArgumentName<Arguments>;
  readonly convert: Convert;
}

type ArgumentName<Arguments> = keyof Arguments & string;

/** One argument, converted. */
export function as<Name extends string>(argument: Name, convert: Convert): { readonly argument: Name; readonly convert: Convert } {
  return { argument, convert };
}

/** Arguments that lie a level higher in Terraform, or in arguments of their own. */
export function spread(convert: Convert): { readonly convert: Convert } {
  return { convert };
}

/** No argument: the reason says what Terraform has in its place. Another value than those that are named fails. */
export function nothing(reason: string, values?: readonly unknown[]): { readonly convert: Convert } {
  return {
    convert: (raw, at) => {
      if (values !== undefined && !values.includes(raw)) at.fail(`must be ${values.map((value) => JSON.stringify(value)).join(' or ')} (${reason}), ${got(raw)}`);
      return {};
    },
  };
}

export const json: Convert = (raw, at) => at.json(raw);

const PRINCIPAL_TYPES = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

/** A policy, without the principals that Terraform does without: the CDK may put several into one statement. */
export const policy: Convert = (raw, at) => {
  const { Statement, ...others } = at.object(raw);
  const inside = at.inside('Statement');
  const statements = [Statement].flat().map((statement, index) => withoutLeftOut(statement, inside.inside(`${index}`)));
  const kept = statements.filter((statement) => statement !== undefined);
  if (kept.length === 0 && statements.length > 0) inside.fail('must have a principal that is there in Terraform, got none');
  return at.json({ ...others, Statement: kept });
};

/** Undefined: there is nobody left whom the statement is about. */
function withoutLeftOut(raw: unknown, at: TemplatePath): object | undefined {
  const statement = at.object(raw);
  const { Principal } = statement;
  if (Principal === undefined || Principal === '*') return statement;
  const inside = at.inside('Principal');
  const byType = Object.entries(inside.object(Principal));
  const unknown = byType.filter(([type]) => !PRINCIPAL_TYPES.includes(type));
  if (unknown.length > 0) inside.fail(`must be "*" or principals by ${PRINCIPAL_TYPES.join(', ')}, ${got(Principal)}`);

  const isLeftOut = (principal: unknown) => {
    const reference = referenceTo(principal);
    return reference !== undefined && at.around.isLeftOut(reference.id);
  };
  if (!byType.some(([, principals]) => [principals].flat().some(isLeftOut))) return statement;
  const kept = byType
    .map(([type, principals]) => [type, [principals].flat().filter((principal) => !isLeftOut(principal))] as const)
    .filter(([, principals]) => principals.length > 0);
  return kept.length === 0 ? undefined : { ...statement, Principal: Object.fromEntries(kept) };
}

/** `[{ Key, Value }]` as a map. */
export const tags: Convert = pairs('Key');

/** `[{ Name, Value }]` as a map. */
export const dimensions: Convert = pairs('Name');

interface Pair {
  readonly name: string;
  readonly value: unknown;
}

function pairs(nameProperty: string): Convert {
  const byName = keyedBy<Pair>('name', fields<Pair>({ [nameProperty]: 'name', Value: 'value' }, { required: [nameProperty, 'Value'] }));
  return (raw, at) => Object.fromEntries(Object.entries(byName(raw, at) as Record<string, Pair>).map(([name, { value }]) => [name, value]));
}

/** A list as a map, by the argument that tells its items apart. */
export function keyedBy<Item>(argument: keyof Item & string, convert: Convert): Convert {
  return (raw, at) => {
    const items: Record<string, unknown> = {};
    for (const { [argument]: key, ...item } of list(convert)(raw, at) as Array<Record<string, unknown>>) {
      if (Object.hasOwn(items, String(key))) at.fail(`must have each ${argument} once, got ${JSON.stringify(key)} twice`);
      items[String(key)] = item;
    }
    return items;
  };
}

export interface FieldsOptions<Arguments> {
  /** What CloudFormation takes where nothing is said, and Terraform does not. */
  readonly defaults?: Partial<Arguments>;
  /** The properties without which Terraform, or a module, would take something else than CloudFormation. */
  readonly required?: readonly string[];
}

export function fields<Arguments>(properties: Properties<Arguments>, { defaults, required }: FieldsOptions<Arguments> = {}): Convert {
  return (raw, at) => ({ ...defaults, ...convertProperties(properties, at.object(raw), at, required) });
}

export function list(convert: Convert): Convert {
  return (raw, at) => at.list(raw).map((item, index) => convert(item, at.inside(`${index}`)));
}

/** A list where Terraform has room for one item. */
export function only(convert: Convert): Convert {
  return (raw, at) => {
    const items = at.list(raw);
    return items.length === 1 ? convert(items[0], at.inside('0')) : at.fail(`must have one item, got ${items.length}: Terraform has room for one here`);
  };
}

/** Blocks of which Terraform takes a list, and CloudFormation one. */
export function listOfOne(convert: Convert): Convert {
  return (raw, at) => [convert(raw, at)];
}

/** A block that consists of one argument, which CloudFormation has no block for. */
export function block<Arguments>(argument: keyof Arguments & string): Convert {
  return (raw, at) => ({ [argument]: at.value(raw) });
}

type GivenProperties = Readonly<Record<string, unknown>>;

/** @throws names the property that has no row, or is missing */
export function convertProperties<Arguments>(
  properties: Properties<Arguments>, raw: GivenProperties, at: TemplatePath, required: readonly string[] = [],
): Partial<Arguments> {
  for (const name of required) if (raw[name] === undefined) at.inside(name).fail('must be given, got none');
  const arguments_: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(raw)) add(arguments_, convertProperty(properties, name, given, at.inside(name)), at.inside(name));
  return arguments_ as Partial<Arguments>;
}

function convertProperty<Arguments>(properties: Properties<Arguments>, name: string, given: unknown, at: TemplatePath): object {
  const row = Object.hasOwn(properties, name) ? properties[name] : at.fail('no row of lib/resource-table.ts says what becomes of it');
  if (typeof row === 'string') return { [row]: at.value(given) };
  const converted = row.convert(given, at);
  return row.argument === undefined ? converted as object : { [row.argument]: converted };
}

/** An argument that is there already would be lost. */
export function add(arguments_: Record<string, unknown>, more: object, at: TemplatePath): void {
  for (const [argument, value] of Object.entries(more)) {
    if (Object.hasOwn(arguments_, argument)) at.fail(`gives ${argument}, which is given already: Terraform has room for one`);
    arguments_[argument] = value;
  }
}
