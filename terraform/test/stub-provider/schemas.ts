/**
 * The schemas of the AWS provider, read out of its bindings: these are generated from the real schemas, and what they
 * were generated from stands in them again, as comments (`// arn - computed: true, …`) and as the types of the HCL that
 * they write.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';

/** As Terraform writes types in JSON: `"string"`, `["list", "string"]`, `["object", { name: "string" }]`. */
export type AttributeType = 'string' | 'number' | 'bool' | ['list' | 'set' | 'map', AttributeType] | ['object', Record<string, AttributeType>];

export interface AttributeSchema {
  readonly type: AttributeType;
  readonly required?: true;
  readonly optional?: true;
  readonly computed?: true;
}

export interface BlockSchema {
  readonly attributes: Record<string, AttributeSchema>;
  readonly block_types: Record<string, NestedBlockSchema>;
}

export interface NestedBlockSchema {
  readonly nesting_mode: 'single' | 'list' | 'set';
  readonly block: BlockSchema;
  readonly min_items?: 1;
  readonly max_items?: 1;
}

export interface Schema {
  readonly version: number;
  readonly block: BlockSchema;
}

/** As `terraform providers schema -json` prints them for one provider. */
export interface ProviderSchemas {
  readonly provider: Schema;
  readonly resource_schemas: Record<string, Schema>;
  readonly data_source_schemas: Record<string, Schema>;
}

/** The part of a `cdk.tf.json` that says which types it uses. */
export interface UsedTypes {
  readonly resource?: Record<string, unknown>;
  readonly data?: Record<string, unknown>;
}

export class AwsBindings {
  /** @param directory of the package, as in `node_modules` */
  constructor(private readonly directory: string) {}

  /** The version of the provider that the bindings were generated from. */
  get providerVersion(): string {
    return find(this.module('provider').text, /providerVersion: '([^']+)'/, 'the version of the provider');
  }

  schemas(used: UsedTypes): ProviderSchemas {
    const all = (types: object | undefined, prefix: string) => Object.fromEntries(
      Object.keys(types ?? {}).map((type) => [type, this.schema(prefix + type.replace(/^aws_/, '').replaceAll('_', '-'), type)]));
    return {
      provider: this.schema('provider', 'aws'),
      resource_schemas: all(used.resource, ''),
      data_source_schemas: all(used.data, 'data-aws-'),
    };
  }

  private schema(name: string, type: string): Schema {
    return { version: 0, block: this.module(name).block(type) };
  }

  private module(name: string): BindingsModule {
    const file = path.join(this.directory, 'lib', name, 'index.js');
    if (!fs.existsSync(file)) throw new Error(`The bindings have no module ${name}: ${file} is not there.`);
    return new BindingsModule(file);
  }
}

/** What a class of the bindings says of one attribute or block. */
interface Member {
  readonly name: string;
  readonly computed: boolean;
  readonly optional: boolean;
  readonly required: boolean;
  /** The expression of its getter. */
  readonly getter: string;
  /** The class that its field holds: of a block, of a list of objects, of a map. */
  readonly fieldClass?: string;
  readonly isSet: boolean;
  /** How it is written as HCL; nothing for what only the provider fills in. */
  readonly hcl?: HclType;
}

interface HclType {
  readonly isBlock: boolean;
  readonly type: string;
  readonly storageClassType: string;
}

class BindingsModule {
  readonly text: string;

  constructor(private readonly file: string) {
    // The last line is a source map, larger than all the rest.
    this.text = fs.readFileSync(file, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '');
  }

  /** Of the resource, data source or provider with this Terraform type. */
  block(type: string): BlockSchema {
    const itsClass = new RegExp(`^class (\\w+) extends (?:(?!^\\}).)*?static tfResourceType = "${type}";`, 'ms');
    const className = find(this.text, itsClass, `the class of ${type} in ${this.file}`);
    const body = this.classBody(className);
    const members = this.members(body, body);
    // That there can be several configurations of one provider is Terraform's own, as `count` is of a resource.
    return this.blockOf(className === 'AwsProvider' ? members.filter(({ name }) => name !== 'alias') : members);
  }

  private blockOf(members: readonly Member[]): BlockSchema {
    const blocks = members.filter(({ hcl }) => hcl?.isBlock);
    return {
      attributes: Object.fromEntries(members.filter((member) => !blocks.includes(member)).map((member) => [member.name, this.attribute(member)])),
      block_types: Object.fromEntries(blocks.map((member) => [member.name, this.nestedBlock(member)])),
    };
  }

  private attribute(member: Member): AttributeSchema {
    const { computed, optional, required } = member;
    return { type: this.type(member), ...required && { required }, ...optional && { optional }, ...computed && { computed } };
  }

  private nestedBlock(member: Member): NestedBlockSchema {
    const { hcl, required } = member;
    // The blocks of the provider itself have no field of a class: their type alone names it.
    const fieldClass = member.fieldClass ?? hcl!.storageClassType;
    const block = this.blockOf(this.objectMembers(fieldClass));
    const atLeast = required ? { min_items: 1 as const } : {};
    if (fieldClass.endsWith('List')) return { nesting_mode: hcl!.type === 'set' ? 'set' : 'list', block, ...atLeast };
    // A list of at most one is read at its index 0; what is no list at all, by its name alone.
    const isList = /super\(terraformResource, terraformAttribute, \w+, 0\)/.test(this.classBody(fieldClass));
    return isList ? { nesting_mode: 'list', block, ...atLeast, max_items: 1 } : { nesting_mode: 'single', block };
  }

  private type(member: Member): AttributeType {
    if (member.hcl !== undefined) return this.configuredType(member.hcl.type, member.hcl.storageClassType);
    if (member.fieldClass?.startsWith('cdktn.')) return ['map', primitive(member.fieldClass.replace(/^cdktn\.(\w+)Map$/, '$1'))];
    if (member.fieldClass !== undefined) {
      const members = this.objectMembers(member.fieldClass).map((inner) => [inner.name, this.type(inner)]);
      return [member.isSet ? 'set' : 'list', ['object', Object.fromEntries(members)]];
    }
    const [, element, collection] = /this\.get(String|Number|Boolean|)(List|Map|)Attribute\(/.exec(member.getter)
      ?? this.fail(`The type of ${member.name}`);
    if (collection === 'Map') return ['map', primitive(element)];
    if (collection === 'List') return [member.getter.includes('Fn.tolist(') ? 'set' : 'list', primitive(element || 'String')];
    return primitive(element);
  }

  /** @param storage `string`, `stringList`, `stringListMap`, … */
  private configuredType(kind: string, storage: string): AttributeType {
    const [, element, ...collections] = /^(string|number|boolean)(List|Map)?(List|Map)?$/.exec(storage) ?? this.fail(`The type ${storage}`);
    const nested = collections.filter((collection) => collection !== undefined).map((collection) => collection.toLowerCase() as 'list' | 'map');
    if (kind === 'set') return ['set', nested.slice(0, -1).reduce<AttributeType>((type, collection) => [collection, type], primitive(element))];
    return nested.reduce<AttributeType>((type, collection) => [collection, type], primitive(element));
  }

  private objectMembers(fieldClass: string): Member[] {
    const stem = fieldClass.replace(/(OutputReference|List)$/, '');
    const toHcl = new RegExp(`^function ${stem[0].toLowerCase()}${stem.slice(1)}ToHclTerraform\\(.*?^\\}`, 'ms').exec(this.text)?.[0] ?? '';
    const reference = `${stem}OutputReference`;
    if (this.text.includes(`class ${reference} `)) return this.members(this.classBody(reference), toHcl);
    // Where nobody can refer to the object there is no class, and its members stand in the code for HCL alone.
    return [...hclTypes(toHcl)].map(([name, hcl]) => ({ name, computed: false, optional: true, required: false, getter: '', isSet: false, hcl }));
  }

  /** @param toHcl the code that writes the members of the class as HCL */
  private members(classBody: string, toHcl: string): Member[] {
    const configured = hclTypes(toHcl);
    return classBody.split(/^(?= {4}\/\/ \w+ - computed: )/m).slice(1).map((part) => {
      const [, name, computed, optional, required] = /\/\/ (\w+) - computed: (\w+), optional: (\w+), required: (\w+)/.exec(part)!;
      const [, fieldClass, fromSet] = / = new ([\w.]+)\(this, "\w+"(?:, (true|false))?\);/.exec(part) ?? [];
      const getter = find(part, /get \w+\(\) \{\s*(?:\/\/.*\s*)*return (.*);/, `the getter of ${name} in ${this.file}`);
      return {
        name,
        computed: computed === 'true',
        optional: optional === 'true',
        required: required === 'true',
        getter,
        fieldClass,
        isSet: fromSet === 'true',
        hcl: configured.get(name),
      };
    });
  }

  private classBody(className: string): string {
    return find(this.text, new RegExp(`^(class ${className} extends .*?^\\})`, 'ms'), `the class ${className} in ${this.file}`);
  }

  private fail(what: string): never {
    throw new Error(`${what} in ${this.file} is not one that is known here.`);
  }
}

function hclTypes(code: string): Map<string, HclType> {
  const entries = code.matchAll(/^ +(\w+): \{\n +value: .*\n +isBlock: (true|false),\n +type: "(\w+)",\n +storageClassType: "(\w+)",\n/gm);
  return new Map([...entries].map(([, name, isBlock, type, storageClassType]) => [name, { isBlock: isBlock === 'true', type, storageClassType }]));
}

function primitive(name: string): AttributeType {
  const lower = name.toLowerCase();
  return lower === 'boolean' ? 'bool' : lower as 'string' | 'number';
}

function find(text: string, pattern: RegExp, what: string): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`The bindings do not have ${what}: they are generated in another way than is read here.`);
  return found;
}
