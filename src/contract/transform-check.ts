import { REJECT_KEY, TransformContract } from './transform-contract';
import { fail } from '../spec/descriptor-check';
import { Schema } from '../spec/schema';
import { visible } from '../spec/visible-text';

/** Throws where a schema and a transform, each right by itself, do not go together. */
export function checkTransform(schema: Schema, { kind, outputSchema }: TransformContract): void {
  if (outputSchema !== undefined) checkKeysAreRepeated(schema, outputSchema);
  if (kind === 'function') {
    // A function often gives back what it was given: then a field of the file would refuse its record.
    checkNoRejectKey('schema', schema);
    if (outputSchema !== undefined) checkNoRejectKey('transform.outputSchema', outputSchema);
  }
}

/**
 * The keys of a schema hold for what is published: the outputSchema's, where there is one. Nobody gives up a key by
 * leaving it out. Only one whose fields are not all published may be replaced by another one.
 */
function checkKeysAreRepeated(schema: Schema, outputSchema: Schema): void {
  const keys = keysOf(schema);
  const outputKeys = keysOf(outputSchema);
  const outputNames = outputSchema.fields.map(({ name }) => name);
  const isPublished = ({ fields }: Key) => fields.every((name) => outputNames.includes(name));
  const isRepeated = (key: Key) => outputKeys.some(({ fields }) => hasSameFields(fields, key.fields));
  const dropped = keys.find((key) => isPublished(key) && !isRepeated(key)) ?? (outputKeys.length === 0 ? keys[0] : undefined);
  if (dropped !== undefined) {
    const got = outputKeys.map(({ label }) => label).join('; ') || 'none';
    throw new Error(`transform.outputSchema must repeat the keys of schema (${dropped.label}), which hold for what is published, got ${got}`);
  }
}

interface Key {
  /** As messages call it. */
  readonly label: string;
  readonly fields: readonly string[];
}

function keysOf({ fields, primaryKey = [], uniqueKeys = [] }: Schema): Key[] {
  const key = (property: string, names: readonly string[]): Key => ({ label: `${property} ${visible(names.join(', '))}`, fields: names });
  const primary = [primaryKey].flat();
  return [
    ...primary.length === 0 ? [] : [key('primaryKey', primary)],
    ...uniqueKeys.map((names) => key('uniqueKeys', names)),
    ...fields.filter(({ constraints }) => constraints?.unique === true).map(({ name }) => key('unique', [name])),
  ];
}

/** In any order. No key names a field twice. */
function hasSameFields(fields: readonly string[], others: readonly string[]): boolean {
  return fields.length === others.length && fields.every((name) => others.includes(name));
}

function checkNoRejectKey(path: string, { fields, rescueColumn }: Schema): void {
  const names = [...fields.map(({ name }, index) => [`fields[${index}].name`, name]), ['rescueColumn', rescueColumn]];
  for (const [property, name] of names) {
    if (name === REJECT_KEY) fail(`${path}.${property}`, `differ from ${REJECT_KEY}, by which a transform function refuses a record`, name);
  }
}
