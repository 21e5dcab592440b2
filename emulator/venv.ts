import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { findPython, ROOT, UserError } from './prerequisites';

/** Everything that local runs leave behind lies here; git ignores it. */
export const LOCAL_DIR = path.join(ROOT, '.local');

const STAMP = 'installed.txt';
const INSTALL_TIMEOUT_MS = 5 * 60_000;

/**
 * A Python virtual environment under `.local` that holds exactly these requirements; made on the first call, found
 * again on later ones. Its name carries the requirements' hash: a changed version makes a new environment.
 *
 * @returns the environment's `bin` directory.
 */
export function ensureVenv(name: string, requirements: readonly string[], log: (line: string) => void = console.log): string {
  const hash = createHash('sha256').update(requirements.join('\n')).digest('hex').slice(0, 8);
  const directory = path.join(LOCAL_DIR, `venv-${name}-${hash}`);
  const bin = path.join(directory, 'bin');
  // Written last: an installation that was cut short has no stamp and starts again.
  const stamp = path.join(directory, STAMP);
  if (fs.existsSync(stamp)) return bin;

  log(`Installing ${requirements.join(', ')} into ${path.relative(ROOT, directory)} …`);
  fs.rmSync(directory, { recursive: true, force: true });
  runPython(findPython(), ['-m', 'venv', directory], 'making a virtual environment');
  runPython(path.join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...requirements], 'installing from PyPI');
  fs.writeFileSync(stamp, requirements.join('\n') + '\n');
  return bin;
}

function runPython(command: string, args: string[], what: string): void {
  const result = spawnSync(command, args, { encoding: 'utf8', timeout: INSTALL_TIMEOUT_MS });
  if (result.status === 0) return;
  const reason = result.error?.message ?? (result.stderr.trim().split('\n').pop() || `exit status ${result.status}`);
  throw new UserError(`Python failed at ${what}: ${reason} (check the network and the command: ${[command, ...args].join(' ')}).`);
}
