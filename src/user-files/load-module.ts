/** A transform that is a JavaScript module of the user's. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ModuleTransformContract } from '../contract/transform-contract';

/** What a module exports; who calls it knows with what. */
export type ExportedFunction = (...args: never[]) => unknown;

export type ImportModule = (url: string) => Promise<unknown>;

/** Takes CommonJS modules too: what one exports is the default. */
const importModule: ImportModule = async (url) => import(url) as Promise<unknown>;

/**
 * Loads the module; a process does so once.
 *
 * @param file where it lies
 * @throws Error that names the module, where it cannot be loaded or exports no function
 */
export async function loadUserFunction(file: string, { name, sha256 }: ModuleTransformContract, load = importModule): Promise<ExportedFunction> {
  const bytes = await readFile(file).catch((error: Error) => { throw unusable(name, `a file that can be read, got ${error.message}`); });
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) {
    throw unusable(name, `as it was when the job began (SHA-256 ${sha256}), got another one (${found}): it was deployed since; upload the file again`);
  }
  const exported = await load(pathToFileURL(file).href).catch((error: unknown) => {
    throw new Error(`expected the transform module ${name} to load, got ${loadFault(file, error)}`, { cause: error });
  });
  const userFunction = defaultOf(exported);
  if (typeof userFunction !== 'function') throw unusable(name, `to export a function as its default or as module.exports, got ${describe(exported)}`);
  return userFunction as ExportedFunction;
}

/**
 * What it is that a module could not import: Node.js' own message names a file of ours, or folders that mean nothing to
 * the user.
 */
function loadFault(file: string, error: unknown): string {
  const { code, message } = error instanceof Error ? error as NodeJS.ErrnoException : {};
  const wanted = /^Cannot find (?:module|package) '(.+?)'/.exec(message ?? '')?.[1];
  if (wanted === undefined || !['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(code ?? '')) return String(error);
  const path = relative(dirname(file), wanted);
  const specifier = !isAbsolute(wanted) ? wanted : path.startsWith('..') ? path : `./${path}`;
  return `Cannot find module '${specifier}': the transform module is deployed alone, so what it imports must be part of Node.js`;
}

function unusable(name: string, expectation: string): Error {
  return new Error(`expected the transform module ${name} ${expectation}`);
}

/** Compilers to CommonJS put an ES module's default under `default` of `module.exports`. */
function defaultOf(exported: unknown): unknown {
  const first = (exported as { default?: unknown }).default;
  return typeof first === 'object' && first !== null && 'default' in first ? first.default : first;
}

function describe(exported: unknown): string {
  const { default: first, ...others } = exported as { default?: unknown };
  const kind = first === undefined ? 'no default' : first === null ? 'null' : Array.isArray(first) ? 'an array' : `a value of type ${typeof first}`;
  const names = Object.keys(typeof first === 'object' && first !== null ? first : others).filter((name) => name !== 'module.exports');
  return names.length === 0 ? kind : `${kind} and the exports ${names.join(', ')}`;
}
