import { Constraints, Field } from '../schema';
import { compileType } from '../types/compile-type';

/**
 * The field as its values are published: canonical numbers and dates. What a transform answers is in that form, whatever the file's is.
 */
export function publishedForm(field: Field): Field {
  const { name, type = 'string', timezone, precision, scale, constraints } = field;
  if (type === 'string') return { name, type, format: field.format, formats: field.formats, constraints };
  if (type === 'boolean') return { name, type, trueValues: field.trueValues, falseValues: field.falseValues, constraints };
  const published = { name, type, timezone, precision, scale };
  return { ...published, constraints: constraints && publishedConstraints(constraints, published, field) };
}

/** Limits and `enum` are compared by value. A `pattern` that is for the file's own way to write a value says nothing of the published one. */
function publishedConstraints(constraints: Constraints, published: Field, field: Field): Constraints {
  const type = compileType(published);
  const ownType = compileType({ ...field, precision: undefined, scale: undefined });
  const publish = <T extends string | number | boolean>(value: T): T | string => {
    if (typeof value !== 'string' || type.read(value) !== undefined) return value;
    return ownType.read(value)?.replaceAll('"', '') ?? value;
  };
  const { minimum, maximum, enum: values, pattern } = constraints;
  return {
    ...constraints,
    minimum: minimum === undefined ? undefined : publish(minimum),
    maximum: maximum === undefined ? undefined : publish(maximum),
    enum: values?.map(publish),
    pattern: isWrittenDifferently(field) ? undefined : pattern,
  };
}

function isWrittenDifferently({ format = 'default', formats, decimalChar = '.', groupChar, bareNumber = true }: Field): boolean {
  return format !== 'default' || formats !== undefined || decimalChar !== '.' || groupChar !== undefined || !bareNumber;
}
