/** Before anything is timed: do the engines come to the same output? */
import { createHash } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { BenchFile } from './files/bench-file';
import { runOnce, WORK } from './runner';

/** Throws where two engines differ. @returns what they agree on */
export async function checkAgreement(engines: readonly string[], file: BenchFile, input: string): Promise<string> {
  const outputs = new Map<string, string[]>();
  const rejects = new Map<number, string[]>();
  for (const engine of engines) {
    const output = path.join(WORK, `${engine}.jsonl`);
    const { written, rejected } = await runOnce(engine, file, input, { output });
    const sha256 = await hash(output, engine.startsWith('duckdb') && file.schema.fields.some(({ type }) => type === 'number'));
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

/** @param padded the output's numbers have zeros at their end, which are left out of the hash */
async function hash(output: string, padded: boolean): Promise<string> {
  const sha256 = createHash('sha256');
  if (!padded) {
    await pipeline(createReadStream(output), sha256);
    return sha256.digest('hex');
  }
  for await (const line of createInterface(createReadStream(output))) {
    sha256.update(line.replace(/:(-?\d+)(?:\.0+|(\.\d*?)0+)(?=[,}])/g, ':$1$2') + '\n');
  }
  return sha256.digest('hex');
}
