import { Field } from '../model/schema';

const DEFAULT_FORMATS = ['default'];

/** The formats of a field, in the order in which they are tried. */
export function formatsOf(field: Field): readonly string[] {
  return field.formats ?? (field.format !== undefined ? [field.format] : DEFAULT_FORMATS);
}

/** For types that know no other format. */
export function demandDefaultFormat(field: Field): void {
  for (const format of formatsOf(field)) {
    if (format !== 'default') {
      throw new Error(`format of type ${field.type} must be "default", got ${JSON.stringify(format)}`);
    }
  }
}
