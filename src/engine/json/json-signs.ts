/** Recognises JSON by its beginning, to tell what a file is that is not what it should be. */
import { JsonFault, readJsonObject } from './json-object';
import { wrappedArrayPath } from './wrapped-array';

/**
 * `jsonl`: the first line is an object, as far as it can be seen. `object`: an object begins in the first line and goes
 * on in the next.
 */
export type JsonSign = 'json' | 'jsonl' | 'object';

const ARRAY_OF_OBJECTS = /^\[\s*(?:[{\]]|$)/;
const OBJECT = /^\{\s*(?:["}]|$)/;

/** @param beginning of a text; its last line may be cut off */
export function jsonSign(beginning: string): JsonSign | undefined {
  // A byte order mark is blank here.
  const text = beginning.trim();
  if (ARRAY_OF_OBJECTS.test(text)) return 'json';
  if (!OBJECT.test(text)) return undefined;
  const [firstLine, nextLine] = text.split(/[\r\n]/, 2);
  return nextLine !== undefined && readJsonObject(firstLine) instanceof JsonFault ? 'object' : 'jsonl';
}

/**
 * What messages put after "the file looks like"; undefined for a text that is no JSON.
 *
 * @param beginning of a text; its last line may be cut off
 */
export function describeJson(beginning: string): string | undefined {
  const sign = jsonSign(beginning);
  if (sign === undefined || sign === 'json') return sign && describeSign(sign);
  const path = wrappedArrayPath(beginning.trim());
  return path === undefined ? describeSign(sign) : describeWrapped(path);
}

export function describeWrapped(path: string): string {
  return `a JSON object with the array of its records inside: ${declareAs('json')}, and property ${JSON.stringify(path)}`;
}

/** What messages put after "the file looks like". */
export function describeSign(sign: JsonSign): string {
  switch (sign) {
    case 'json': return `a JSON array: ${declareAs('json')}`;
    case 'jsonl': return `JSON Lines: ${declareAs('jsonl')}`;
    case 'object': return `one JSON object of several lines: ${ONE_OBJECT}`;
  }
}

const ONE_OBJECT = 'an array of objects, or an object a line, is read; property of the dialect names an array inside of it, '
  + 'inputFormat concatenated-json reads one such object after the other';

/** What to do about a file that is of this format. */
export function declareAs(format: string): string {
  return `declare inputFormat ${format}, or name it .${format} where none is declared`;
}
