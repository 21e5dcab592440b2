import { fail, Properties } from './descriptor-check';

/** `primaryKey` (a name or a list of names; an empty list is none) and `uniqueKeys` (a list of such lists). */
export function checkKeys({ primaryKey, uniqueKeys }: Properties, fieldNames: readonly unknown[]): void {
  if (primaryKey !== undefined && !isEmptyList(primaryKey)) {
    checkKey('schema.primaryKey', typeof primaryKey === 'string' ? [primaryKey] : primaryKey, fieldNames);
  }
  if (uniqueKeys === undefined) {
    return;
  }
  if (!Array.isArray(uniqueKeys)) {
    fail('schema.uniqueKeys', 'be a list of lists of field names', uniqueKeys);
  }
  const paths = new Map<string, string>();
  uniqueKeys.forEach((key: unknown, index: number) => {
    const path = `schema.uniqueKeys[${index}]`;
    const sameFields = JSON.stringify([...checkKey(path, key, fieldNames)].sort());
    const twin = paths.get(sameFields);
    if (twin !== undefined) {
      fail(path, `differ from ${twin}`, key);
    }
    paths.set(sameFields, path);
  });
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function checkKey(path: string, names: unknown, fieldNames: readonly unknown[]): readonly unknown[] {
  if (!Array.isArray(names) || names.length === 0) {
    fail(path, 'be a list of at least one field name', names);
  }
  names.forEach((name: unknown, index: number) => {
    if (!fieldNames.includes(name)) {
      fail(`${path}[${index}]`, 'name a field of the schema', name);
    }
    if (names.indexOf(name) < index) {
      fail(`${path}[${index}]`, 'differ from the names before it', name);
    }
  });
  return names;
}
