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
