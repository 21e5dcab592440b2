/** Finds the records of a text that is one JSON object around them: `{"count":2,"data":[{…},{…}]}`. */
import { JsonFault, readJsonObject } from './json-object';

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g;

/**
 * The keys that lead to the first array of objects, joined by points. Undefined where there is none, or where the
 * object ends with its line and another line follows, as in JSON Lines.
 *
 * @param text begins with an object; may be cut off
 */
export function wrappedArrayPath(text: string): string | undefined {
  const [firstLine, nextLine] = text.split(/[\r\n]+/, 2);
  if (nextLine !== undefined && nextLine !== '' && !(readJsonObject(firstLine) instanceof JsonFault)) return undefined;
  /** Of each object that is open the key at hand, and a bracket for each array. */
  const open: string[] = [];
  let previous = '';
  for (const [token] of text.matchAll(TOKEN)) {
    switch (token) {
      case '{':
        if (previous === '[') return open.indexOf('[') === open.length - 1 ? open.slice(0, -1).join('.') : undefined;
        open.push('');
        break;
      case '[': open.push('['); break;
      case ':': if (open.length > 0) open[open.length - 1] = unquoted(previous); break;
      case '}':
      case ']':
        open.pop();
        if (open.length === 0) return undefined;
    }
    previous = token;
  }
  return undefined;
}

function unquoted(literal: string): string {
  return literal.replaceAll(/^"|"$/g, '');
}
