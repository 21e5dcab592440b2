import { hash } from 'node:crypto';
import { HASH_WORDS, MAX_KEYS } from './key-entry';
import { Field, Schema } from '../../spec/schema';
import { visible, visibleJson } from '../../spec/visible-text';
import { compileType } from '../types/compile-type';

/** One of the keys that no two published records of a file may share. */
export interface UniqueKey {
  /** Where its values stand among a record's; at least one. */
  readonly indices: readonly number[];
  /** The field's name, for a key of one field. */
  readonly column?: string;
  /** How messages call it: `primaryKey order_id`. */
  readonly label: string;
  /**
   * For each field: its result is equal for JSON texts of the same value. Undefined where no two texts stand for one
   * value.
   */
  readonly identities: ReadonlyArray<((json: string) => string) | undefined>;
}

/** `primaryKey` as a list; empty where there is none. */
export function primaryKeyOf({ primaryKey = [] }: Schema): readonly string[] {
  return typeof primaryKey === 'string' ? [primaryKey] : primaryKey;
}

/** The schema with what a primary key implies: no field of it may be missing. */
export function withRequiredPrimaryKey(schema: Schema): Schema {
  const primaryKey = primaryKeyOf(schema);
  if (primaryKey.length === 0) return schema;
  const fields = schema.fields.map((field) => (
    primaryKey.includes(field.name) ? { ...field, constraints: { ...field.constraints, required: true } } : field
  ));
  return { ...schema, fields };
}

/**
 * The keys of a schema: the primary key, `uniqueKeys`, then the fields with the constraint `unique`. Keys of the same
 * fields are one.
 *
 * @throws Error when a key names a field that is not there
 */
export function compileKeys(schema: Schema): UniqueKey[] {
  const { fields, uniqueKeys = [] } = schema;
  const named = [
    { property: 'primaryKey', names: primaryKeyOf(schema) },
    ...uniqueKeys.map((names) => ({ property: 'uniqueKeys', names })),
    ...fields.filter(({ constraints }) => constraints?.unique === true).map(({ name }) => ({ property: 'unique', names: [name] })),
  ].filter(({ names }) => names.length > 0);
  const keys = new Map<string, UniqueKey>();
  for (const { property, names } of named) {
    const key = compileKey(property, names, fields);
    const sameFields = [...key.indices].sort((a, b) => a - b).join();
    if (!keys.has(sameFields)) keys.set(sameFields, key);
  }
  if (keys.size > MAX_KEYS) throw new Error(`a schema must have at most ${MAX_KEYS} keys, this one has ${keys.size}`);
  return [...keys.values()];
}

function compileKey(property: string, names: readonly string[], fields: readonly Field[]): UniqueKey {
  const indices = names.map((name) => fields.findIndex((field) => field.name === name));
  const unknown = indices.indexOf(-1);
  if (unknown >= 0) throw new Error(`${property} must name fields of the schema, got ${visibleJson(names[unknown])}`);
  return {
    indices,
    column: names.length === 1 ? names[0] : undefined,
    label: `${property} ${visible(names.join(', '))}`,
    identities: indices.map((index) => compileType(fields[index]).identity),
  };
}

const MISSING = 'null';

/**
 * A record's value of a key, in a form that no other value and no other key has: JSON texts cannot run into each other.
 *
 * @param keyNumber of the key among the schema's
 * @param values JSON literals, as a `RecordReader` returns them
 * @returns undefined where a value is missing: then the record has no such key, as in SQL
 */
export function keyText({ indices, identities }: UniqueKey, keyNumber: number, values: readonly string[]): string | undefined {
  let text = String(keyNumber);
  for (let part = 0; part < indices.length; part++) {
    const json = values[indices[part]];
    if (json === MISSING) return undefined;
    text += ',' + (identities[part]?.(json) ?? json);
  }
  return text;
}

const digest = Buffer.alloc(HASH_WORDS * 4);

/** The first 16 bytes of SHA-256: nobody can find two texts that share them. */
export function writeHash(text: string, words: Uint32Array, at: number): void {
  // Asked for as text: the one-shot digest is several times slower when it has to make a Buffer.
  digest.write(hash('sha256', text, 'hex'), 0, digest.length, 'hex');
  for (let word = 0; word < HASH_WORDS; word++) words[at + word] = digest.readUInt32LE(word * 4);
}
