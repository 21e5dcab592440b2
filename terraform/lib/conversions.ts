import { References, referencedIds } from './references';

/** What a conversion may ask of the whole template. */
export interface Surroundings {
  readonly references: References;
  /** The CloudFormation type of a resource. */
  readonly typeOf: (logicalId: string) => string | undefined;
  /** Whether Terraform does without a resource of the template. */
  readonly isLeftOut: (logicalId: string) => boolean;
  /** Where the code of the functions lies that have assets in the template. */
  readonly assembly: string;
}

/** Where in the template a value stands, for errors. */
export class Place {
  constructor(readonly around: Surroundings, private readonly resource: string, private readonly path: string) {}

  inside(name: string): Place {
    return new Place(this.around, this.resource, `${this.path}.${name}`);
  }

  /** A value whose texts are templates of Terraform. */
  value(raw: unknown): unknown {
    return this.named(() => this.around.references.value(raw));
  }

  /** A JSON document in a text. */
  json(raw: unknown): string {
    return this.named(() => this.around.references.json(raw));
  }

  fail(message: string): never {
    throw new Error(`${this.path} of ${this.resource}: ${message}`);
  }

  private named<Result>(convert: () => Result): Result {
    try {
      return convert();
    } catch (error) {
      return this.fail((error as Error).message);
    }
  }
}

export type Convert = (raw: unknown, at: Place) => unknown;

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
      if (values !== undefined && !values.includes(raw)) at.fail(`must be ${values.map((value) => JSON.stringify(value)).join(' or ')} (${reason}), got ${JSON.stringify(raw)}`);
      return {};
    },
  };
}

export const json: Convert = (raw, at) => at.json(raw);

/** A policy, without what it allows to those that Terraform does without. */
export const policy: Convert = (raw, at) => {
  const { Statement, ...others } = raw as { readonly Statement: ReadonlyArray<{ readonly Principal?: unknown }> };
  return at.json({ ...others, Statement: Statement.filter(({ Principal }) => !referencedIds(Principal).some(at.around.isLeftOut)) });
};

/** `[{ Key, Value }]` as a map. */
export const tags: Convert = (raw, at) => pairs(raw, at, 'Key');

/** `[{ Name, Value }]` as a map. */
export const dimensions: Convert = (raw, at) => pairs(raw, at, 'Name');

function pairs(raw: unknown, at: Place, key: string): unknown {
  return at.value(Object.fromEntries((raw as Array<Record<string, unknown>>).map((pair) => [String(pair[key]), pair.Value])));
}

/** @param defaults what CloudFormation takes where nothing is said, and Terraform does not */
export function fields<Arguments>(properties: Properties<Arguments>, defaults: Partial<Arguments> = {}): Convert {
  return (raw, at) => ({ ...defaults, ...convertProperties(properties, raw as Record<string, unknown>, at) });
}

export function list(convert: Convert): Convert {
  return (raw, at) => (raw as unknown[]).map((item, index) => convert(item, at.inside(`${index}`)));
}

/** A list where Terraform has room for one item. */
export function only(convert: Convert): Convert {
  return (raw, at) => {
    const items = raw as unknown[];
    return items.length === 1 ? convert(items[0], at) : at.fail(`must have one item, got ${items.length}: Terraform has room for one here`);
  };
}

type GivenProperties = Readonly<Record<string, unknown>>;

/** @throws names the property that has no row */
export function convertProperties<Arguments>(properties: Properties<Arguments>, raw: GivenProperties, at: Place): Partial<Arguments> {
  return Object.assign({}, ...Object.entries(raw).map(([name, given]) => {
    const inside = at.inside(name);
    const row = Object.hasOwn(properties, name) ? properties[name] : inside.fail('no row of lib/resource-table.ts says what becomes of it');
    if (typeof row === 'string') return { [row]: inside.value(given) };
    const converted = row.convert(given, inside);
    return row.argument === undefined ? converted : { [row.argument]: converted };
  })) as Partial<Arguments>;
}
