import { Expression, escape, render, renderArgument, Text } from './expressions';
import { InputError } from './input-error';

/** What references of a template become. */
export interface Names {
  /**
   * What `Ref` of a resource, a parameter or a pseudo parameter gives, or an attribute of a resource by `Fn::GetAtt`.
   */
  readonly nameOf: (logicalId: string, attribute: string | undefined) => Text;
  /**
   * A name for an expression that holds quotes, which would make a JSON document no JSON as it stands in the
   * configuration.
   */
  readonly localOf: (expression: Expression) => Expression;
}

type Intrinsic = readonly [name: string, argument: unknown];

/** Turns values of a CloudFormation template into values of a Terraform configuration. */
export class References {
  constructor(private readonly names: Names) {}

  /** Every text in it, names of properties too, becomes a template of Terraform. */
  value(raw: unknown): unknown {
    if (isText(raw)) return render(this.text(raw));
    if (Array.isArray(raw)) return raw.map((item) => this.value(item));
    if (isObject(raw)) return Object.fromEntries(Object.entries(raw).map(([name, item]) => [escape(name), this.value(item)]));
    return raw;
  }

  /** A JSON document, as a text with references in it. */
  json(raw: unknown): string {
    // JSON's escapes belong to the literals alone: an expression is put in when the document is a text.
    const expressions: Expression[] = [];
    const mark = (part: string | Expression) => part instanceof Expression ? `${MARK}${expressions.push(part) - 1}${MARK}` : part;
    const marked = (value: unknown): unknown => {
      if (isText(value)) return this.text(value).map(mark).join('');
      if (Array.isArray(value)) return value.map(marked);
      if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, marked(item)]));
      return value;
    };
    const parts = JSON.stringify(marked(raw)).split(MARK);
    return render(parts.map((part, index) => index % 2 === 0 ? part : expressions[Number(part)]));
  }

  /** A text, or an intrinsic function that gives one. */
  text(raw: unknown): Text {
    if (typeof raw === 'string') return [raw];
    if (typeof raw === 'number' || typeof raw === 'boolean') return [String(raw)];
    const intrinsic = intrinsicOf(raw);
    if (intrinsic === undefined) throw new InputError(`a text was expected, got ${JSON.stringify(raw)}`);
    const [name, argument] = intrinsic;
    switch (name) {
      case 'Ref':
      case 'Fn::GetAtt': return this.reference(raw);
      case 'Fn::Join': return this.join(argument);
      case 'Fn::Select': return this.select(argument);
      case 'Fn::Sub': return this.substitute(argument);
      default: throw new InputError(`${name} has no form in Terraform here`);
    }
  }

  private reference(raw: unknown): Text {
    const { id, attribute } = referenceTo(raw)!;
    return this.names.nameOf(id, attribute);
  }

  private join(argument: unknown): Text {
    const [delimiter, items] = argument as [string, unknown];
    if (!Array.isArray(items)) throw new InputError(`Fn::Join of ${JSON.stringify(items)} has no form in Terraform here: a list was expected`);
    return items.flatMap((item, index) => [...index === 0 ? [] : [delimiter], ...this.text(item)]);
  }

  private select(argument: unknown): Text {
    const [index, list] = argument as [number | string, unknown];
    if (Array.isArray(list)) return this.text(list[Number(index)]);
    const [name, split] = intrinsicOf(list) ?? [];
    if (name !== 'Fn::Split') {
      throw new InputError(`Fn::Select from ${JSON.stringify(list)} has no form in Terraform here: a list or Fn::Split was expected`);
    }
    const [delimiter, text] = split as [string, unknown];
    const part = new Expression(`split(${renderArgument([delimiter])}, ${renderArgument(this.text(text))})[${Number(index)}]`);
    return [this.names.localOf(part)];
  }

  private substitute(argument: unknown): Text {
    const [text, values] = Array.isArray(argument) ? argument as [string, Record<string, unknown>] : [String(argument), {}];
    return text.split(/(\$\{[^}]*\})/).flatMap((part): Text => {
      const name = /^\$\{([^}]*)\}$/.exec(part)?.[1];
      if (name === undefined) return [part];
      if (name.startsWith('!')) return [`\${${name.slice(1)}}`];
      if (Object.hasOwn(values, name)) return this.text(values[name]);
      return this.reference(name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name });
    });
  }
}

/** In no text of a template: it is for private use. */
const MARK = '\u{F0000}';

/** `Ref`, or an attribute by `Fn::GetAtt`. */
export interface Reference {
  readonly id: string;
  /** Undefined: `Ref`. */
  readonly attribute?: string;
}

/** What a value refers to, if it is a reference and nothing else: not a text that one is part of. */
export function referenceTo(raw: unknown): Reference | undefined {
  const [name, argument] = intrinsicOf(raw) ?? [];
  if (name === 'Ref') return { id: String(argument) };
  if (name !== 'Fn::GetAtt') return undefined;
  const [id, ...attribute] = typeof argument === 'string' ? argument.split('.') : argument as string[];
  return { id, attribute: attribute.join('.') };
}

/** Every id that a value refers to, wherever in it. */
export function referencedIds(raw: unknown): string[] {
  const reference = referenceTo(raw);
  if (reference !== undefined) return [reference.id];
  const [name, argument] = intrinsicOf(raw) ?? [];
  if (name === 'Fn::Sub') {
    const [text, values] = Array.isArray(argument) ? argument as [string, object] : [String(argument), {}];
    const named = [...text.matchAll(/\$\{([^}!][^}]*)\}/g)].map(([, id]) => id).filter((id) => !Object.hasOwn(values, id));
    return [...named.map((id) => id.split('.')[0]), ...referencedIds(values)];
  }
  return typeof raw === 'object' && raw !== null ? Object.values(raw).flatMap(referencedIds) : [];
}

function isText(raw: unknown): boolean {
  return typeof raw === 'string' || intrinsicOf(raw) !== undefined;
}

function intrinsicOf(raw: unknown): Intrinsic | undefined {
  if (!isObject(raw)) return undefined;
  const [[name, argument] = [''], ...others] = Object.entries(raw);
  return others.length === 0 && (name === 'Ref' || name.startsWith('Fn::')) ? [name, argument] : undefined;
}

function isObject(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}
