import * as fs from 'fs';
import { visible } from '../spec/visible-text';

/**
 * Parses a JSON file at synth.
 *
 * @param kind what is expected there
 */
export function readJsonFile(path: string, kind: string): unknown {
  let text: string;
  try {
    text = fs.readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(visible(`expected ${kind} at ${path}, got ${(error as Error).message}`));
  }
  try {
    return parseJson(text);
  } catch (error) {
    throw new Error(visible(`${path} must hold JSON: ${(error as Error).message}`));
  }
}

/** JSON as files have it: with a byte order mark, too. */
export function parseJson(text: string): unknown {
  return JSON.parse(text.replace(/^\ufeff/, ''));
}
