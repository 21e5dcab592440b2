import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { diskFault } from './disk-fault';
import { UsageError } from './usage-error';
import { visible } from '../spec/visible-text';
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
    let folder: string | undefined;
    try {
      folder = await mkdtemp(join(temporary, 'csv-chunk-pipeline-'));
      const lone = new LoneModule(folder, join(folder, stagedName));
      await writeFile(lone.file, content);
      return lone;
    } catch (error) {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
      throw new UsageError(`expected a temporary folder for the transform module (TMPDIR) that can be written, got ${visible(temporary)}: ${diskFault(error as Error)}`);
    }
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
          + `got ${visible(temporary)} and ${visible(join(folder, name))}`);
      }
    }
    if (folder === dirname(folder)) return;
  }
}
