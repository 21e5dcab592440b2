/** JSONPath, as far as the workflow speaks it: `$`, `$.name.name`, `$$.Execution.Id`, `$$.Execution.Input`. */

/** What `$$.Execution` holds. */
export interface ExecutionContext {
  readonly arn: string;
  readonly input: unknown;
}

export type Expression = (input: unknown, execution: ExecutionContext) => unknown;

/** What no Retry and no Catch is asked about: the execution fails. */
export class RuntimeError extends Error {
  constructor(readonly error: string, readonly causeText: string) {
    super(`${error}: ${causeText}`);
  }
}

const NAMES = /^\$((?:\.[A-Za-z_]\w*)+)$/;
const JSON_TO_STRING = /^States\.JsonToString\((.+)\)$/;

/** `where` is the field that holds the path. */
export function compileExpression(where: string, text: unknown): Expression {
  if (text === '$') return (input) => input;
  if (text === '$$.Execution.Id') return (_, execution) => execution.arn;
  if (text === '$$.Execution.Input') return (_, execution) => execution.input;
  if (typeof text === 'string') {
    const names = namesOf(text);
    if (names !== undefined) return (input) => find(input, names, text);
    const argument = JSON_TO_STRING.exec(text)?.[1];
    if (argument !== undefined) {
      const value = compileExpression(where, argument);
      return (input, execution) => JSON.stringify(value(input, execution));
    }
  }
  throw new Error(
    `${where}: expected $, $.name, $$.Execution.Id, $$.Execution.Input or States.JsonToString of one of them, got ${JSON.stringify(text)}`);
}

/** The object that `Parameters` makes: a name that ends in `.$` has a path for its value. */
export function compileParameters(where: string, json: unknown): Expression {
  if (typeof json !== 'object' || json === null) return () => json;
  if (Array.isArray(json)) throw new Error(`${where}: expected no list, got ${JSON.stringify(json)}`);
  const entries = Object.entries(json).map(([name, value]): [string, Expression] => name.endsWith('.$')
    ? [name.slice(0, -2), compileExpression(`${where}.${name}`, value)]
    : [name, compileParameters(`${where}.${name}`, value)]);
  return (input, execution) => Object.fromEntries(entries.map(([name, value]) => [name, value(input, execution)]));
}

/** What becomes of a state's input and its result: `null` keeps the input, `$` the result, `$.name` both. */
export type ResultPath = (input: unknown, result: unknown) => unknown;

export function compileResultPath(where: string, path: unknown): ResultPath {
  if (path === null) return (input) => input;
  if (path === undefined || path === '$') return (_, result) => result;
  const names = typeof path === 'string' ? namesOf(path) : undefined;
  if (names?.length !== 1) throw new Error(`${where}: expected null, $ or $.name, got ${JSON.stringify(path)}`);
  return (input, result) => {
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return { ...input, [names[0]]: result };
    throw new RuntimeError('States.ResultPathMatchFailure', `${path} cannot be set in ${JSON.stringify(input)}`);
  };
}

function namesOf(path: string): string[] | undefined {
  return NAMES.exec(path)?.[1].slice(1).split('.');
}

function find(input: unknown, names: readonly string[], path: string): unknown {
  let value = input;
  for (const name of names) {
    value = typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
    // Between a step and the workflow there is JSON, which has no undefined.
    if (value === undefined) throw new RuntimeError('States.Runtime', `The JSONPath '${path}' could not be found in the input`);
  }
  return value;
}
