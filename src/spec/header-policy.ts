import { checkBoolean, checkString, fail, Properties } from './descriptor-check';
import { FIELDS_MATCH, FieldsMatchName } from './schema';

/**
 * `fieldsMatch`, `headerCase`, `rescueColumn` and the fields' `aliases`, of a schema whose fields have been checked.
 */
export function checkHeaderPolicy(schema: Properties, fields: readonly Properties[]): void {
  const fieldsMatch = checkFieldsMatch(schema.fieldsMatch);
  checkBoolean('schema.headerCase', schema.headerCase);
  checkNames(fields, schema.headerCase === false);
  const { rescueColumn } = schema;
  checkString('schema.rescueColumn', rescueColumn);
  if (rescueColumn === undefined) {
    return;
  }
  if (rescueColumn === '' || rescueColumn === '__proto__') {
    fail('schema.rescueColumn', 'be a name that a column may have', rescueColumn);
  }
  if (fields.some(({ name }) => name === rescueColumn)) {
    fail('schema.rescueColumn', 'differ from the names of the fields', rescueColumn);
  }
  if (fieldsMatch !== 'subset' && fieldsMatch !== 'partial') {
    fail('schema.rescueColumn', `be left out where fieldsMatch is ${fieldsMatch}: only subset and partial allow columns that are no fields`, rescueColumn);
  }
}

/** A name, or a list of one. */
function checkFieldsMatch(fieldsMatch: unknown): FieldsMatchName {
  const [name] = Array.isArray(fieldsMatch) && fieldsMatch.length === 1 ? fieldsMatch as unknown[] : [fieldsMatch === undefined ? 'exact' : fieldsMatch];
  if (!FIELDS_MATCH.includes(name as FieldsMatchName)) {
    fail('schema.fieldsMatch', `be one of ${FIELDS_MATCH.join(', ')}`, fieldsMatch);
  }
  return name as FieldsMatchName;
}

/** No name in a file may stand for two fields. */
function checkNames(fields: readonly Properties[], foldsCase: boolean): void {
  const paths = new Map<string, string>();
  const take = (path: string, name: string) => {
    const key = foldsCase ? name.toLowerCase() : name;
    const twin = paths.get(key);
    if (twin !== undefined) {
      fail(path, `differ from ${twin}${foldsCase ? ' in more than letter case, because headerCase is false' : ''}`, name);
    }
    paths.set(key, path);
  };
  fields.forEach(({ name }, index) => take(`schema.fields[${index}].name`, name as string));
  fields.forEach(({ aliases }, index) => {
    (aliases as string[] | undefined)?.forEach((alias, position) => {
      const path = `schema.fields[${index}].aliases[${position}]`;
      if (alias === '') {
        fail(path, 'be a string of at least one character', alias);
      }
      take(path, alias);
    });
  });
}
