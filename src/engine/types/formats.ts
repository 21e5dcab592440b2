import { Field, formatsOf } from '../../spec/schema';
import { visibleJson } from '../../spec/visible-text';

/** For types that have formats of their own, and one of them a field. */
export function demandFormat<Name extends string>(field: Field, names: readonly Name[]): Name {
  const [format, ...others] = formatsOf(field);
  if (others.length > 0 || !(names as readonly string[]).includes(format)) {
    throw new Error(`format of type ${field.type} must be one of ${names.join(', ')}, got ${[format, ...others].join(', ')}`);
  }
  return format as Name;
}

/** For types that know no other format. */
export function demandDefaultFormat(field: Field): void {
  for (const format of formatsOf(field)) {
    if (format !== 'default') {
      throw new Error(`format of type ${field.type} must be "default", got ${visibleJson(format)}`);
    }
  }
}
