import { JsonFault, JsonText, readJsonObject } from './json-object';
import { visibleJson } from '../../spec/visible-text';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/**
 * The elements of the array that stands under a key of a JSON object, each as its JSON text: no number passes through a
 * double.
 *
 * @returns where there is no such array: what came instead, as messages put it after "got"
 */
export function readElements(json: string, key: string): readonly string[] | JsonFault {
  const members = readJsonObject(json);
  if (members instanceof JsonFault) return members;
  const array = members.find(([name]) => name === key)?.[1];
  if (array instanceof JsonText && array.kind === 'array') return elementsOf(array.text);
  return new JsonFault(array === undefined ? `an object with the keys ${visibleJson(members.map(([name]) => name))}` : `other than an array as ${key}`);
}

/** @param array valid JSON without blanks between its parts */
export function elementsOf(array: string): string[] {
  const elements: string[] = [];
  let depth = 0;
  let start = 1;
  const last = array.length - 1;
  for (let index = 1; index < last; index++) {
    const code = array.charCodeAt(index);
    if (code === QUOTE) {
      index = endOfString(array, index);
    } else if (isOpening(code)) {
      depth++;
    } else if (isClosing(code)) {
      depth--;
    } else if (code === COMMA && depth === 0) {
      elements.push(array.slice(start, index));
      start = index + 1;
    }
  }
  if (last > 1) elements.push(array.slice(start, last));
  return elements;
}

/** @returns the index of the closing quote */
export function endOfString(text: string, openingQuote: number): number {
  let index = openingQuote + 1;
  while (text.charCodeAt(index) !== QUOTE) index += text.charCodeAt(index) === BACKSLASH ? 2 : 1;
  return index;
}

/** `[` or `{`. */
function isOpening(code: number): boolean {
  return code === 0x5b || code === 0x7b;
}

/** `]` or `}`. */
function isClosing(code: number): boolean {
  return code === 0x5d || code === 0x7d;
}
