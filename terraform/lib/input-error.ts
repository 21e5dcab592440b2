/** The settings, or what the construct made of them, cannot be taken. Any other error is a fault of the program. */
export class InputError extends Error {}

/** What came in place of what was expected. */
export function got(value: unknown): string {
  return `got ${value === undefined ? 'none' : JSON.stringify(value)}`;
}
