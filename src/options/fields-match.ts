/**
 * How the columns of a file lead to the fields of the schema.
 *
 * @see https://datapackage.org/standard/table-schema/#fieldsMatch
 */
export enum FieldsMatch {
  /** The file has all fields in the order of the schema, and nothing else. */
  EXACT = 'exact',
  /** The file has all fields in any order, and nothing else. */
  EQUAL = 'equal',
  /** The file has all fields in any order, and may have other columns. */
  SUBSET = 'subset',
  /** The file may lack fields that are not required, in any order, and has no other columns. */
  SUPERSET = 'superset',
  /**
   * The file has at least one field, in any order; it may lack fields that are not required and may have other columns.
   */
  PARTIAL = 'partial',
}
