import { asksNothing, isExtension } from './property-names';
import { Field, ForeignKey, Schema } from './schema';
import { visibleBeginning } from './visible-text';

/**
 * What a schema asks for and no record is checked for. It is taken, because much of what is published asks for it, and
 * it is told: at synth, by the command and in each job's report.
 */

/** Of the standard, and of Validata, which checks by plug-ins of its own. */
const OF_SCHEMA = ['custom_checks'];
/**
 * Of JSON Schema, and of data dictionaries. Table Schema has none of them, or has them in `constraints`: beside it,
 * publishers list the values that they expect.
 */
export const UNCHECKED_OF_FIELD = [
  'enum', 'pattern', 'minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties', 'multipleOf', 'const', 'length', 'nullable',
];

const MOST_FIELDS_TOLD = 5;
const MOST_CHARACTERS_TOLD = 500;

/** @returns a line for each: `foreignKeys: customer_id in customers (id)` */
export function uncheckedOf(schema: Schema): string[] {
  const { foreignKeys, fields } = schema;
  const lines = [
    ...asksNothing(foreignKeys) ? [] : foreignKeys!.map(describeForeignKey),
    ...OF_SCHEMA.filter((name) => !asksNothing((schema as unknown as Record<string, unknown>)[name])),
    ...describeFields(UNCHECKED_OF_FIELD, fields, (field, name) => asks(name, (field as unknown as Record<string, unknown>)[name])),
    ...describeFields(extensionsOf(fields), fields, (field, name) => !asksNothing(constraintsOf(field)[name])).map((line) => `constraints.${line}`),
  ];
  return lines.map((line) => visibleBeginning(line, MOST_CHARACTERS_TOLD));
}

function describeForeignKey({ fields, reference }: ForeignKey): string {
  const { resource = '', fields: others = [] } = reference;
  return `foreignKeys: ${[fields].flat().join(', ')} in ${resource === '' ? 'the file itself' : resource} (${[others].flat().join(', ')})`;
}

/** No value at all is what `nullable: true`, and no item what `minItems: 0` allows. */
function asks(name: string, value: unknown): boolean {
  if (name === 'nullable') return value === false;
  return !asksNothing(value) && !(name.startsWith('min') && value === 0);
}

function describeFields(names: readonly string[], fields: readonly Field[], has: (field: Field, name: string) => boolean): string[] {
  return names.flatMap((name) => {
    const found = fields.filter((field) => has(field, name)).map((field) => field.name);
    if (found.length === 0) return [];
    const told = found.length <= MOST_FIELDS_TOLD ? found.join(', ') : `${found.slice(0, MOST_FIELDS_TOLD).join(', ')}, … (${found.length} fields)`;
    return [`${name}: ${told}`];
  });
}

function extensionsOf(fields: readonly Field[]): string[] {
  return [...new Set(fields.flatMap((field) => Object.keys(constraintsOf(field)).filter(isExtension)))];
}

function constraintsOf({ constraints }: Field): Readonly<Record<string, unknown>> {
  return (constraints ?? {}) as Readonly<Record<string, unknown>>;
}
