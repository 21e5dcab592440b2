import { Field, FieldTypeName } from '../../spec/schema';

/** A column of the output, as far as it concerns how its values are written. */
export type OutputColumn = Pick<Field, 'name' | 'precision' | 'scale'> & {
  readonly type: FieldTypeName;
};
