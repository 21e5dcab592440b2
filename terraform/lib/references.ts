import { Expression, escape, render, renderArgument, Text } from './expressions';

/** What references of a template become. */
export interface Named {
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
  constructor(private readonly named: Named) {}

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
    if (intrinsic === undefined) throw new Error(`a text was expected, got ${JSON.stringify(raw)}`);
    const [name, argument] = intrinsic;
    switch (name) {
      case 'Ref': return this.named.nameOf(String(argument), undefined);
      case 'Fn::GetAtt': return this.attribute(argument);
      case 'Fn::Join': return this.join(argument);
      case 'Fn::Select': return this.select(argument);
      case 'Fn::Sub': return this.substitute(argument);
      default: throw new Error(`${name} has no form in Terraform here`);
    }
  }

  private attribute(argument: unknown): Text {
    const [logicalId, ...attribute] = typeof argument === 'string' ? argument.split('.') : argument as string[];
    return this.named.nameOf(logicalId, attribute.join('.'));
  }

  private join(argument: unknown): Text {
    const [delimiter, items] = argument as [string, unknown];
    if (!Array.isArray(items)) throw new Error(`Fn::Join of ${JSON.stringify(items)} has no form in Terraform here: a list was expected`);
    return items.flatMap((item, index) => [...index === 0 ? [] : [delimiter], ...this.text(item)]);
  }

  private select(argument: unknown): Text {
    const [index, list] = argument as [number | string, unknown];
    if (Array.isArray(list)) return this.text(list[Number(index)]);
    const [name, split] = intrinsicOf(list) ?? [];
    if (name !== 'Fn::Split') {
      throw new Error(`Fn::Select from ${JSON.stringify(list)} has no form in Terraform here: a list or Fn::Split was expected`);
    }
    const [delimiter, text] = split as [string, unknown];
    const part = new Expression(`split(${renderArgument([delimiter])}, ${renderArgument(this.text(text))})[${Number(index)}]`);
    return [this.named.localOf(part)];
  }

  private substitute(argument: unknown): Text {
    const [text, values] = Array.isArray(argument) ? argument as [string, Record<string, unknown>] : [String(argument), {}];
    return text.split(/(\$\{[^}]*\})/).flatMap((part): Text => {
      const name = /^\$\{([^}]*)\}$/.exec(part)?.[1];
      if (name === undefined) return [part];
      if (name.startsWith('!')) return [`\${${name.slice(1)}}`];
      if (name in values) return this.text(values[name]);
      return name.includes('.') ? this.attribute(name) : this.named.nameOf(name, undefined);
    });
  }
}

/** In no text of a template: it is for private use. */
const MARK = '\u{F0000}';

/** The logical id that a value refers to, by itself or as part of a text. */
export function referencedIds(raw: unknown): string[] {
  const intrinsic = intrinsicOf(raw);
  if (intrinsic?.[0] === 'Ref') return [String(intrinsic[1])];
  if (intrinsic?.[0] === 'Fn::GetAtt') return [typeof intrinsic[1] === 'string' ? intrinsic[1].split('.')[0] : (intrinsic[1] as string[])[0]];
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
