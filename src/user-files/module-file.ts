import * as crypto from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { readJsonFile } from './json-file';
import { TRANSFORM_MODULE_STEM } from '../contract/transform-contract';
import { visible } from '../spec/visible-text';

/** A user's module, as it is shipped. */
export interface ModuleFile {
  /** As the user wrote its path, without folders. */
  readonly name: string;
  /** Beside the handler's code: the extension says which kind of module it is. */
  readonly stagedName: string;
  readonly content: Buffer;
  /** Hex. */
  readonly sha256: string;
}

const EXTENSIONS = ['.mjs', '.cjs', '.js'];

/** @throws Error when there is no such file; what is in it is not looked at */
export function readModule(file: string): ModuleFile {
  const extension = path.extname(file);
  if (!EXTENSIONS.includes(extension)) {
    throw new Error(`expected the transform module to be a ${EXTENSIONS.join(', ')} file (compile TypeScript before), got ${visible(file)}`);
  }
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) throw new Error(`expected the transform module at ${visible(path.resolve(file))}, found no file`);
  if (!stats.isFile()) throw new Error(`expected the transform module to be a file, ${visible(path.resolve(file))} is ${stats.isDirectory() ? 'a directory' : 'none'}`);
  const content = fs.readFileSync(file);
  return {
    name: path.basename(file),
    stagedName: TRANSFORM_MODULE_STEM + (extension === '.js' ? extensionOf(path.resolve(file)) : extension),
    content,
    sha256: crypto.createHash('sha256').update(content).digest('hex'),
  };
}

/** The package.json that tells what a .js file is stays behind; without one Node.js looks at the syntax. */
function extensionOf(file: string): string {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const packageFile = path.join(folder, 'package.json');
    if (fs.existsSync(packageFile)) {
      const { type } = readJsonFile(packageFile, 'a package.json') as { readonly type?: unknown };
      return type === 'module' ? '.mjs' : type === 'commonjs' ? '.cjs' : '.js';
    }
    if (folder === path.dirname(folder)) return '.js';
  }
}
