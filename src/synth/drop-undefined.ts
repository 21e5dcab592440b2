/** The value as it comes back from JSON: an option that was left out is not there, rather than there and undefined. */
export function dropUndefined<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
