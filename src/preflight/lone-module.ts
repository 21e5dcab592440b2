import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from './usage-error';
import { readModule } from '../user-files/module-file';

/**
 * A copy of the user's module in a folder of its own, as in Lambda: imports of files beside it or from a node_modules
 * folder fail.
 */
export class LoneModule {
  /** @throws UsageError when packages, or a package.json, are in reach of the folder for temporary files */
  static async copy(file: string): Promise<LoneModule> {
    const temporary = resolve(tmpdir());
    checkAlone(temporary);
    const { stagedName, content } = readModule(file);
    const folder = await mkdtemp(join(temporary, 'csv-chunk-pipeline-'));
    const lone = new LoneModule(folder, join(folder, stagedName));
    await writeFile(lone.file, content);
    return lone;
  }

  private constructor(private readonly folder: string, readonly file: string) {}

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/**
 * Node.js searches all folders above a module for packages, and for the package.json that tells the type of a .js file.
 */
function checkAlone(temporary: string): void {
  for (let folder = temporary; ; folder = dirname(folder)) {
    for (const name of ['node_modules', 'package.json']) {
      if (existsSync(join(folder, name))) {
        throw new UsageError('expected a temporary folder for the transform module (TMPDIR) without node_modules or package.json in it or above, '
          + `got ${temporary} and ${join(folder, name)}`);
      }
    }
    if (folder === dirname(folder)) return;
  }
}
