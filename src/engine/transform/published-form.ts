import { Constraints, Field, FieldTypeName } from '../../spec/schema';
import { compileType } from '../types/compile-type';

const JSON_TYPES: readonly FieldTypeName[] = ['object', 'array', 'list', 'geopoint', 'geojson', 'any'];

/**
 * The field as its values are published: canonical numbers and dates. What a transform answers is in that form,
 * whatever the file's is.
 *
 * @param describesFile the schema is that of the file too: its `pattern`, `minLength` and `maxLength` are for the texts
 *   there, and have been checked
 */
export function publishedForm(field: Field, describesFile: boolean): Field {
  const { name, type = 'string', timezone, precision, scale, constraints } = field;
  if (type === 'string') return { name, type, format: field.format, formats: field.formats, constraints };
  const own = describesFile || isWrittenDifferently(field) ? withoutTextChecks(constraints, type) : constraints;
  // Their format is a form of the published value too.
  if (JSON_TYPES.includes(type)) return { name, type, format: field.format, itemType: field.itemType, delimiter: field.delimiter, constraints: own };
  if (type === 'boolean') return { name, type, trueValues: field.trueValues, falseValues: field.falseValues, constraints: own };
  const published = { name, type, timezone, precision, scale };
  return { ...published, constraints: own && publishedConstraints(own, published, field) };
}

/**
 * A check of the file's own way to write a value says nothing of the published one: `00123` and `1.50` are published as
 * `123` and `1.5`.
 */
function withoutTextChecks(constraints: Constraints | undefined, type: FieldTypeName): Constraints | undefined {
  if (constraints === undefined) return undefined;
  // What these count of an array or an object is there in every way to write it.
  if (JSON_TYPES.includes(type)) return { ...constraints, pattern: undefined };
  return { ...constraints, pattern: undefined, minLength: undefined, maxLength: undefined };
}

/** Limits and `enum` are compared by value. */
function publishedConstraints(constraints: Constraints, published: Field, field: Field): Constraints {
  const type = compileType(published);
  const ownType = compileType({ ...field, precision: undefined, scale: undefined });
  const publish = <T extends string | number | boolean | object>(value: T): T | string => {
    if (typeof value !== 'string' || type.read(value) !== undefined) return value;
    return ownType.read(value)?.replaceAll('"', '') ?? value;
  };
  const { minimum, maximum, enum: values } = constraints;
  return {
    ...constraints,
    minimum: minimum === undefined ? undefined : publish(minimum),
    maximum: maximum === undefined ? undefined : publish(maximum),
    enum: values?.map(publish),
  };
}

function isWrittenDifferently({ format = 'default', formats, decimalChar = '.', groupChar, groupChars, bareNumber = true, negativeNotations }: Field): boolean {
  return negativeNotations !== undefined || format !== 'default' || formats !== undefined || decimalChar !== '.' || groupChar !== undefined || groupChars !== undefined || !bareNumber;
}
