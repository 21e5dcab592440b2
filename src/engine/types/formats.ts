import { Field, formatsOf } from '../../spec/schema';
import { visibleJson } from '../../spec/visible-text';

/** For types that know no other format. */
export function demandDefaultFormat(field: Field): void {
  for (const format of formatsOf(field)) {
    if (format !== 'default') {
      throw new Error(`format of type ${field.type} must be "default", got ${visibleJson(format)}`);
    }
  }
}
