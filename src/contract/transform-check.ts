import { fail } from './descriptor-check';
import { hasKeys } from './key-check';
import { TableSchemaDescriptor } from './table-schema';
import { REJECT_KEY, TransformContract } from './transform';

/** Throws where a schema and a transform, each right by itself, do not go together. */
export function checkTransform(schema: TableSchemaDescriptor, { kind, outputSchema }: TransformContract): void {
  if (outputSchema !== undefined) checkKeysAreRepeated(schema, outputSchema);
  if (kind === 'function') {
    // A function often gives back what it was given: then a field of the file would refuse its record.
    checkNoRejectKey('schema', schema);
    if (outputSchema !== undefined) checkNoRejectKey('transform.outputSchema', outputSchema);
  }
}

/** The keys of a schema hold for what is published: the outputSchema's, where there is one. Nobody gives up a key by leaving it out. */
function checkKeysAreRepeated(schema: TableSchemaDescriptor, outputSchema: TableSchemaDescriptor): void {
  const [key] = keysOf(schema);
  if (key !== undefined && !hasKeys(outputSchema)) {
    throw new Error(`transform.outputSchema must repeat the keys of schema (${key}), which hold for what is published, got none`);
  }
}

/** As messages call them. */
function keysOf({ fields, primaryKey = [], uniqueKeys = [] }: TableSchemaDescriptor): string[] {
  const primary = [primaryKey].flat();
  return [
    ...primary.length === 0 ? [] : [`primaryKey ${primary.join(', ')}`],
    ...uniqueKeys.map((names) => `uniqueKeys ${names.join(', ')}`),
    ...fields.filter(({ constraints }) => constraints?.unique === true).map(({ name }) => `unique ${name}`),
  ];
}

function checkNoRejectKey(path: string, { fields, rescueColumn }: TableSchemaDescriptor): void {
  const names = [...fields.map(({ name }, index) => [`fields[${index}].name`, name]), ['rescueColumn', rescueColumn]];
  for (const [property, name] of names) {
    if (name === REJECT_KEY) fail(`${path}.${property}`, `differ from ${REJECT_KEY}, by which a transform function refuses a record`, name);
  }
}
