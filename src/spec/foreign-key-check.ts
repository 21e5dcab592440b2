import { fail, Properties } from './descriptor-check';
import { asksNothing } from './property-names';

/** `foreignKeys`: their form, and the names of fields of this schema. What they refer to is another file's matter. */
export function checkForeignKeys({ foreignKeys }: Properties, fieldNames: readonly unknown[]): void {
  if (asksNothing(foreignKeys)) return;
  if (!Array.isArray(foreignKeys)) fail('schema.foreignKeys', 'be a list of foreign keys', foreignKeys);
  foreignKeys.forEach((key: unknown, index: number) => {
    const path = `schema.foreignKeys[${index}]`;
    const { fields, reference } = propertiesOf(path, key);
    const names = checkNames(`${path}.fields`, fields);
    names.forEach((name) => {
      if (!fieldNames.includes(name)) fail(`${path}.fields`, 'name fields of the schema', fields);
    });
    const others = propertiesOf(`${path}.reference`, reference);
    if (others.resource !== undefined && typeof others.resource !== 'string') fail(`${path}.reference.resource`, 'be a string', others.resource);
    if (others.fields !== undefined && checkNames(`${path}.reference.fields`, others.fields).length !== names.length) {
      fail(`${path}.reference.fields`, `be as many as the fields, which are ${names.length}`, others.fields);
    }
  });
}

function propertiesOf(path: string, value: unknown): Properties {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(path, 'be an object', value);
  return value as Properties;
}

/** A name, or a list of names. */
function checkNames(path: string, value: unknown): readonly unknown[] {
  const names = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(names) || names.length === 0 || names.some((name) => typeof name !== 'string')) {
    fail(path, 'be a field name, or a list of at least one', value);
  }
  return names;
}
