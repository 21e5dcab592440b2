/**
 * One object of a definition. What is not asked for is not known, and is refused: a definition that says more than what
 * is interpreted would make a model that differs from what is deployed, and nobody would see it.
 */
export class Fields {
  static read<T>(where: string, json: unknown, read: (fields: Fields) => T): T {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error(`${where}: expected an object, got ${JSON.stringify(json)}`);
    const fields = new Fields(where, json as Record<string, unknown>);
    const result = read(fields);
    for (const name of Object.keys(json)) {
      if (!fields.asked.has(name)) throw new Error(`${where}: expected only fields that are interpreted (${[...fields.asked].join(', ')}), got ${name}`);
    }
    return result;
  }

  private readonly asked = new Set<string>();

  private constructor(readonly where: string, private readonly json: Readonly<Record<string, unknown>>) {}

  has(name: string): boolean {
    this.asked.add(name);
    return Object.hasOwn(this.json, name);
  }

  value(name: string): unknown {
    this.asked.add(name);
    return this.json[name];
  }

  text(name: string): string {
    const value = this.value(name);
    return typeof value === 'string' && value !== '' ? value : this.refuse(name, 'a text');
  }

  /** For what is written as one of these values, or not at all. */
  oneOf<T extends string>(name: string, values: readonly T[], otherwise?: T): T {
    const value = this.value(name) ?? otherwise;
    return values.includes(value as T) ? value as T : this.refuse(name, values.join(' or '));
  }

  number(name: string, range: { readonly min: number; readonly otherwise: number; readonly fraction?: boolean }): number {
    const value = this.has(name) ? this.value(name) : range.otherwise;
    const number = typeof value === 'number' && value >= range.min && (range.fraction || Number.isInteger(value));
    return number ? value : this.refuse(name, `${range.fraction ? 'a' : 'a whole'} number of at least ${range.min}`);
  }

  /** Empty where there is none. */
  list<T>(name: string, read: (entry: unknown, where: string) => T): T[] {
    if (!this.has(name)) return [];
    const value = this.value(name);
    return Array.isArray(value) ? value.map((entry, index) => read(entry, `${this.where}.${name}[${index}]`)) : this.refuse(name, 'a list');
  }

  object<T>(name: string, read: (fields: Fields) => T): T {
    return Fields.read(`${this.where}.${name}`, this.value(name), read);
  }

  /** Each entry by a reader of its own: the names are not ours. */
  entries(name: string): Array<[string, unknown]> {
    return this.object(name, (fields) => Object.keys(fields.json).map((entry) => [entry, fields.value(entry)]));
  }

  refuse(name: string, expected: string): never {
    throw new Error(`${this.where}.${name}: expected ${expected}, got ${JSON.stringify(this.json[name]) ?? 'nothing'}`);
  }
}
