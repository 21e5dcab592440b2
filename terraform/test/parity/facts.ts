/**
 * What a pipeline is, whoever describes it: by kind and name of a resource, what is said of it. References are terms
 * such as `<url of Jobs>`, the same on both sides.
 */
export type Facts = Readonly<Record<string, object>>;

export interface Difference {
  readonly path: string;
  readonly cloudFormation: unknown;
  readonly terraform: unknown;
}

/** Stands for an attribute of a resource. An ARN has seven parts, of which a definition may take the last. */
export function term(id: string, attribute: string): string {
  return attribute === 'arn' ? `arn:p:s:r:a:t:<${id}>` : `<${attribute} of ${id}>`;
}

/** What `read` says of a description, and beside it everything that `read` has not looked at. */
export function readAll(description: object, read: (description: any) => object): object {
  const unread = new Set<string>();
  const facts = JSON.parse(JSON.stringify(read(tracked(description, '', unread)))) as object;
  return unread.size === 0 ? facts : { ...facts, unread: [...unread].sort() };
}

function tracked(value: unknown, path: string, unread: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const items = new Map<string | symbol, unknown>();
  for (const [name, item] of Object.entries(value)) {
    const itemPath = `${path}/${name}`;
    unread.add(itemPath);
    items.set(name, tracked(item, itemPath, unread));
  }
  return new Proxy(value, {
    get: (target, name) => {
      unread.delete(`${path}/${String(name)}`);
      return items.has(name) ? items.get(name) : Reflect.get(target, name) as unknown;
    },
  });
}

/** Path by path, down to where both have an object. Lists are values: their order counts. */
export function differences(cloudFormation: unknown, terraform: unknown, path: readonly string[] = []): Difference[] {
  if (isObject(cloudFormation) && isObject(terraform)) {
    const names = new Set([...Object.keys(cloudFormation), ...Object.keys(terraform)]);
    return [...names].flatMap((name) => differences(cloudFormation[name], terraform[name], [...path, name]));
  }
  return JSON.stringify(sorted(cloudFormation)) === JSON.stringify(sorted(terraform)) ? [] : [{ path: path.join('.'), cloudFormation, terraform }];
}

/** With the names of every object in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => one < other ? -1 : 1).map(([name, item]) => [name, sorted(item)]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
