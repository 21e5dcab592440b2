/** How files of JSON are written: a part of the Table Dialect. */
import { checkString, fail, Properties } from './descriptor-check';

export interface JsonDialectProperties {
  /**
   * The property of the one object in the file under which the array of records stands. Ours: several names, from the
   * outer object to the inner one, with points between them. Default: the file is the array.
   */
  readonly property?: string;
}

export const JSON_DIALECT_PROPERTIES = ['property'] as const satisfies ReadonlyArray<keyof JsonDialectProperties>;
/** Properties of the standard that would read other records, or read them otherwise. */
const UNSUPPORTED = ['itemKeys', 'itemType'];
const LONGEST_PROPERTY = 1000;

export function checkJsonDialectProperties(dialect: Properties): void {
  const { property } = dialect;
  checkString('dialect.property', property);
  if (property === '' || (property as string | undefined ?? '').length > LONGEST_PROPERTY) {
    fail('dialect.property', `be a name of 1 to ${LONGEST_PROPERTY} characters`, property);
  }
  for (const name of UNSUPPORTED) {
    const asksNothing = dialect[name] === undefined || (name === 'itemType' && dialect[name] === 'object');
    if (!asksNothing) fail(`dialect.${name}`, 'be left out, because it is not supported: records of JSON are objects, and their keys lead to the fields', dialect[name]);
  }
}

/** Known here, so that they are refused with a reason. */
export const JSON_DIALECT_NAMES: readonly string[] = [...JSON_DIALECT_PROPERTIES, ...UNSUPPORTED];
