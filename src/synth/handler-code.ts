import * as crypto from 'crypto';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { INVOKE_FUNCTION_FILE, INVOKE_FUNCTION_STEM } from '../contract/transform-contract';

/** The handlers as the package ships them, bundled; from `lib/synth` as well as from `src/synth`. */
const ASSETS = path.join(__dirname, '..', '..', 'assets');

/** Files beside a handler's bundle, by name. */
export type CodeFiles = Readonly<Record<string, Buffer>>;

export interface StagedHandler {
  readonly directory: string;
  readonly hash: string;
}

/**
 * Puts a handler's bundle and the files it reads side by side into a new directory. (`bundling` of an asset would do so
 * too, but its cache takes two pipelines with different contracts for one, and it is skipped for stacks that are not
 * deployed.)
 */
export function stageHandler(stem: string, beside: CodeFiles): StagedHandler {
  const files = { 'index.js': readBundle(stem), ...beside };
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), `csv-chunk-pipeline-${stem}-`));
  fs.chmodSync(directory, 0o755);
  const hash = crypto.createHash('sha256');
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(directory, name);
    fs.writeFileSync(file, content);
    // Lambda runs as another user; a strict umask would keep the code from it.
    fs.chmodSync(file, 0o644);
    hash.update(`${name}\n${content.length}\n`).update(content);
  }
  return { directory, hash: hash.digest('hex') };
}

export function jsonFile(content: object): Buffer {
  return Buffer.from(JSON.stringify(content, undefined, 2));
}

/** The Lambda client that a handler loads where a transform is a function. */
export function invokeFunctionFiles(): CodeFiles {
  return { [INVOKE_FUNCTION_FILE]: readBundle(INVOKE_FUNCTION_STEM) };
}

function readBundle(stem: string): Buffer {
  return fs.readFileSync(bundlePath(stem));
}

/** Where a bundle lies. */
export function bundlePath(stem: string): string {
  const bundle = path.join(ASSETS, stem, 'index.js');
  if (!fs.existsSync(bundle)) throw new Error(`expected the bundled handler at ${bundle}, found none: run "npx projen bundle" in a checkout`);
  return bundle;
}
