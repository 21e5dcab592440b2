import * as fs from 'fs';

/** Parses a JSON file at synth. */
export function readJsonFile(path: string): unknown {
  const text = fs.readFileSync(path, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} must hold JSON: ${(error as Error).message}`);
  }
}

/** The value as it comes back from JSON: an option that was left out is not there, rather than there and undefined. */
export function dropUndefined<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
