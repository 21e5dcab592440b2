/** Before anything is timed: do the engines come to the same output? */
import { createHash } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { BenchFile } from './files/bench-file';
import { runOnce, WORK } from './runner';

/** Where many records are rejected, DuckDB's table of the valid ones is not always in the order of the file. */
const REORDERS = 'duckdb-rejects';

/** Throws where two engines differ. @returns what they agree on */
export async function checkAgreement(engines: readonly string[], file: BenchFile, input: string): Promise<string> {
  const outputs = new Map<string, string[]>();
  const rejects = new Map<number, string[]>();
  const anyOrder = engines.includes(REORDERS);
  let first: { readonly sha256: string; readonly ofSorted: string | undefined } | undefined;
  for (const engine of engines) {
    const output = path.join(WORK, `${engine}.jsonl`);
    const { written, rejected } = await runOnce(engine, file, input, { output });
    const isPadded = engine.startsWith('duckdb') && file.schema.fields.some(({ type }) => type === 'number');
    let sha256 = await hash(output, isPadded);
    first ??= { sha256, ofSorted: anyOrder ? await hashSorted(output, isPadded) : undefined };
    if (engine === REORDERS && sha256 !== first.sha256 && await hashSorted(output, isPadded) === first.ofSorted) sha256 = first.sha256;
    add(outputs, `${written} published, SHA-256 ${sha256}`, engine);
    if (rejected !== undefined) add(rejects, rejected, engine);
    for (const suffix of ['', '.rejects', '.rejects.errors']) rmSync(output + suffix, { force: true });
  }
  if (outputs.size > 1 || rejects.size > 1) {
    const lines = [...outputs, ...[...rejects].map(([count, names]) => [`${count} rejected`, names] as const)];
    throw new Error(`${file.name}: the engines differ, there is nothing to compare:\n${lines.map(([outcome, names]) => `  ${names.join(', ')}: ${outcome}`).join('\n')}`);
  }
  return `${[...outputs.keys()][0]}, ${[...rejects.keys()][0]} rejected`;
}

function add<T>(map: Map<T, string[]>, key: T, engine: string): void {
  map.set(key, [...map.get(key) ?? [], engine]);
}

/** @param isPadded the output's numbers have zeros at their end, which are left out of the hash */
async function hash(output: string, isPadded: boolean): Promise<string> {
  const sha256 = createHash('sha256');
  if (!isPadded) {
    await pipeline(createReadStream(output), sha256);
    return sha256.digest('hex');
  }
  for await (const line of linesOf(output, isPadded)) sha256.update(line + '\n');
  return sha256.digest('hex');
}

/** The same for the same lines, whatever their order. */
async function hashSorted(output: string, isPadded: boolean): Promise<string> {
  const hashes: string[] = [];
  for await (const line of linesOf(output, isPadded)) hashes.push(createHash('sha256').update(line).digest('base64'));
  return createHash('sha256').update(hashes.sort().join('')).digest('hex');
}

async function* linesOf(output: string, isPadded: boolean): AsyncGenerator<string> {
  for await (const line of createInterface(createReadStream(output))) {
    yield isPadded ? line.replace(/:(-?\d+)(?:\.0+|(\.\d*?)0+)(?=[,}])/g, ':$1$2') : line;
  }
}
