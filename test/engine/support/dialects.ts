import { Dialect } from '../../../src/spec/dialect';

/** Whether random properties say something together; the checks refuse those that do not. */
export function goTogether({ lazyQuotes, delimiter = ',', quoteChar = '"' }: Dialect): boolean {
  return lazyQuotes !== true || (delimiter.length === 1 && quoteChar !== null);
}
