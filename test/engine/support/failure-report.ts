import { isUtf8 } from 'node:buffer';
import { defaultReportMessage, RunDetails } from 'fast-check';

const WIDTH = 120;
const INDENT = '  ';
/** Where a text is broken: behind each line end. */
const LINES = /(?<=\n|\r(?!\n))(?!$)/;

/**
 * A reporter for fast-check. A failure is thrown with what repeats it, and its smallest counterexample part by part:
 * values as JSON, texts and bytes line by line.
 *
 * @param names of the property's arguments; the members of an argument without a name count as parts of their own
 */
export function reportFailure<T>(names: readonly string[]): (details: RunDetails<T>) => void {
  return (details) => {
    if (!details.failed) return;
    const { counterexample, counterexamplePath, seed, numRuns, numShrinks, errorInstance } = details;
    if (counterexample === null) throw new Error(defaultReportMessage(details), { cause: errorInstance });
    const parts = (Array.isArray(counterexample) ? counterexample : [counterexample]).flatMap((argument: unknown, index) =>
      index < names.length ? [[names[index], argument] as const] : Object.entries(argument as object));
    throw new Error([
      `run ${numRuns} fails; this repeats it, after ${numShrinks} shrinks:`,
      `{ seed: ${seed}, path: "${counterexamplePath}", endOnFailure: true }`,
      ...parts.map(([name, value]) => `${name}:${shown(value)}`),
    ].join('\n'), { cause: errorInstance });
  };
}

function shown(value: unknown): string {
  if (Buffer.isBuffer(value)) {
    return isUtf8(value) ? shown(value.toString()) : ` (not UTF-8, shown as ISO-8859-1)${shown(value.toString('latin1'))}`;
  }
  if (typeof value === 'string' && LINES.test(value)) {
    return value.split(LINES).map((line) => `\n${INDENT}${JSON.stringify(line)}`).join('');
  }
  const [first, ...rest] = layOut(value);
  return rest.length === 0 ? ` ${first}` : [first, ...rest].map((line) => `\n${INDENT}${line}`).join('');
}

/** The lines of a value's JSON: what fits on one line stays there. */
function layOut(value: unknown): string[] {
  const json = JSON.stringify(value) ?? String(value);
  if (json.length <= WIDTH || typeof value !== 'object' || value === null) return [json];
  const members = Array.isArray(value)
    ? value.map((element) => layOut(element))
    : Object.entries(value).filter(([, member]) => member !== undefined).map(([key, member]) => {
      const [first, ...rest] = layOut(member);
      return [`${JSON.stringify(key)}: ${first}`, ...rest];
    });
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const inner = members.flatMap((lines, index) => index === members.length - 1 ? lines : [...lines.slice(0, -1), `${lines.at(-1)!},`]);
  return [open, ...inner.map((line) => INDENT + line), close];
}
