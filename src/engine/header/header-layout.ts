import { Field, fieldsMatchOf, Schema } from '../../spec/schema';
import { withoutBlanks } from '../../spec/trim';
import { visibleJson } from '../../spec/visible-text';

/** In place of the field of a column that feeds none: the column is ignored, or goes to the rescue column. */
export const EXTRA = -1;

/** Which of the schema's fields each column of a file feeds. */
export interface HeaderLayout {
  /** The names in the file's header, in its order. */
  readonly columns: readonly string[];
  /** By column: the index of its field, or `EXTRA`. */
  readonly fieldOf: readonly number[];
  /** The file has the schema's fields in the schema's order, and no other column. */
  readonly isIdentity: boolean;
}

/** Why a header does not fit the schema; columns and fields by their index. */
export type HeaderProblem =
  | { readonly kind: 'duplicate'; readonly first: number; readonly second: number; /** Or `EXTRA`. */ readonly field: number }
  /** There are as many columns as fields, but these columns are not the field of their place. */
  | { readonly kind: 'wrong-place'; readonly columns: readonly number[] }
  | HeaderMisfit
  | { readonly kind: 'none-known' };

export interface HeaderMisfit {
  readonly kind: 'misfit';
  /** Fields that must have a column and have none. */
  readonly missing: readonly number[];
  /** Columns that are no field, where none are allowed. */
  readonly extra: readonly number[];
  /** Columns that are no field, at the place of one that must have a column and has none; where the order counts. */
  readonly renamed?: readonly number[];
  /** Where the order counts: the first column whose field comes before that of the column on its left in the schema. */
  readonly late?: number;
}

/** Whether a file may have columns, or a JSON object keys, that are no fields. */
export function allowsExtra(schema: Schema): boolean {
  return ['subset', 'partial'].includes(fieldsMatchOf(schema));
}

/** Finds the index of the field that a name in a file stands for: its name, or one of its aliases. */
export function compileFieldFinder(schema: Schema): (name: string) => number | undefined {
  const fold = foldOf(schema);
  const fields = new Map<string, number>();
  schema.fields.forEach((field, index) => {
    for (const name of namesOf(field)) fields.set(fold(name), index);
  });
  return (name) => fields.get(fold(name));
}

export function namesOf(field: Field): readonly string[] {
  return [field.name, ...field.aliases ?? []];
}

/** The layout of a file without a header. */
export function identityLayout(schema: Schema): HeaderLayout {
  return { columns: schema.fields.map(({ name }) => name), fieldOf: schema.fields.map((_, index) => index), isIdentity: true };
}

/** @throws Error where the names do not fit the schema */
export function layoutOf(schema: Schema, columns: readonly string[]): HeaderLayout {
  const layout = matchHeader(schema, columns);
  if ('kind' in layout) throw new Error(`expected columns that fit the schema, got ${visibleJson(columns)} (${layout.kind})`);
  return layout;
}

/** @param columns the names in the file's header */
export function matchHeader(schema: Schema, columns: readonly string[]): HeaderLayout | HeaderProblem {
  const find = compileFieldFinder(schema);
  const fieldOf = columns.map((name) => find(name) ?? EXTRA);
  const problem = findDuplicate(schema, columns, fieldOf)
    ?? (fieldsMatchOf(schema) === 'exact' ? checkOrder(schema, fieldOf) : checkNames(schema, fieldOf));
  if (problem !== undefined) return problem;
  return { columns, fieldOf, isIdentity: fieldOf.length === schema.fields.length && fieldOf.every((field, column) => field === column) };
}

/**
 * Two columns that lead to one field are as bad as two of one name: there is no telling which one counts. Where columns
 * that are no fields are allowed, their names do not matter.
 */
function findDuplicate(schema: Schema, columns: readonly string[], fieldOf: readonly number[]): HeaderProblem | undefined {
  const fold = foldOf(schema);
  const seen = new Map<number | string, number>();
  for (const [second, name] of columns.entries()) {
    if (fieldOf[second] === EXTRA && allowsExtra(schema)) continue;
    const key = fieldOf[second] === EXTRA ? fold(name) : fieldOf[second];
    const first = seen.get(key);
    if (first !== undefined) return { kind: 'duplicate', first, second, field: fieldOf[second] };
    seen.set(key, second);
  }
  return undefined;
}

function checkOrder({ fields }: Schema, fieldOf: readonly number[]): HeaderProblem | undefined {
  if (fieldOf.length === fields.length) {
    const columns = indicesWhere(fieldOf, (field, column) => field !== column);
    return columns.length === 0 ? undefined : { kind: 'wrong-place', columns };
  }
  const missing = indicesWhere(fields, (_, field) => !fieldOf.includes(field));
  const extra = indicesWhere(fieldOf, (field) => field === EXTRA);
  const renamed = extra.filter((column) => missing.includes(column));
  const known = indicesWhere(fieldOf, (field) => field !== EXTRA);
  return {
    kind: 'misfit',
    missing: missing.filter((field) => !renamed.includes(field)),
    extra: extra.filter((column) => !renamed.includes(column)),
    renamed,
    late: known.find((column, index) => index > 0 && fieldOf[column] < fieldOf[known[index - 1]]),
  };
}

function checkNames(schema: Schema, fieldOf: readonly number[]): HeaderProblem | undefined {
  if (!fieldOf.some((field) => field !== EXTRA)) return { kind: 'none-known' };
  const mayMiss = ['superset', 'partial'].includes(fieldsMatchOf(schema));
  const missing = indicesWhere(schema.fields, ({ constraints }, field) => !fieldOf.includes(field) && (!mayMiss || constraints?.required === true));
  const extra = allowsExtra(schema) ? [] : indicesWhere(fieldOf, (field) => field === EXTRA);
  return missing.length === 0 && extra.length === 0 ? undefined : { kind: 'misfit', missing, extra };
}

/** The indices of what passes. */
function indicesWhere<T>(list: readonly T[], passes: (item: T, index: number) => boolean): number[] {
  return [...list.keys()].filter((index) => passes(list[index], index));
}

function foldOf({ headerCase = true, trim = false }: Schema): (name: string) => string {
  const bare = trim ? withoutBlanks : (name: string) => name;
  return headerCase ? bare : (name) => bare(name).toLowerCase();
}
