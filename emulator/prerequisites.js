// What must be there before any TypeScript can run. Plain JavaScript without dependencies: on a fresh clone there is
// nothing else yet.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '..');
const MIN_NODE = [20, 16];
const MIN_PYTHON = [3, 10];

class UserError extends Error {}

function isOlder([major, minor], [minMajor, minMinor]) {
  return major < minMajor || (major === minMajor && minor < minMinor);
}

function checkNode() {
  if (isOlder(process.versions.node.split('.').map(Number), MIN_NODE)) {
    throw new UserError(`Node.js ${MIN_NODE.join('.')} or newer is needed and this is ${process.versions.node}: install it from https://nodejs.org and run the command again.`);
  }
}

function findPython() {
  const candidates = process.env.PYTHON ? [process.env.PYTHON] : ['python3', 'python'];
  const seen = [];
  for (const command of candidates) {
    const probe = spawnSync(command, ['-c', 'import sys; print(*sys.version_info[:2])'], { encoding: 'utf8', timeout: 30_000 });
    if (probe.status !== 0) continue;
    const version = probe.stdout.trim().split(' ').map(Number);
    if (isOlder(version, MIN_PYTHON)) {
      seen.push(`${command} is ${version.join('.')}`);
      continue;
    }
    if (spawnSync(command, ['-c', 'import venv, ensurepip'], { timeout: 30_000 }).status !== 0) {
      throw new UserError(`${command} has no venv module: install it (on Debian and Ubuntu: apt install python3-venv) and run the command again.`);
    }
    return command;
  }
  const found = seen.length > 0 ? seen.join(', ') : `none of ${candidates.join(', ')} runs`;
  throw new UserError(`Python ${MIN_PYTHON.join('.')} or newer is needed for the AWS emulator and ${found}: install it from https://www.python.org, or name one in the variable PYTHON, and run the command again.`);
}

/** Modification time in milliseconds, 0 where the file is missing. */
function mtime(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestBelow(directory) {
  const entries = fs.readdirSync(directory, { recursive: true, withFileTypes: true });
  return Math.max(0, ...entries.filter((entry) => entry.isFile()).map((entry) => mtime(path.join(entry.parentPath ?? entry.path, entry.name))));
}

function run(command, args, what, cwd = ROOT) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28, timeout: 15 * 60_000 });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  throw new UserError(`${what} failed (${[command, ...args].join(' ')}): its output is above.`);
}

function installPackages(log = console.log, directory = ROOT) {
  const lock = path.join(directory, 'package-lock.json');
  // npm writes this file last: it is there only after an install that went through.
  if (mtime(path.join(directory, 'node_modules/.package-lock.json')) >= mtime(lock)) return false;
  log(`Installing the packages of ${path.relative(ROOT, lock)} (npm ci) …`);
  run('npm', ['ci', '--no-audit', '--no-fund'], 'Installing the packages', directory);
  return true;
}

function bundleHandlers(log = console.log) {
  const assets = path.join(ROOT, 'assets');
  const bundles = fs.existsSync(assets) ? fs.readdirSync(assets).map((name) => path.join(assets, name, 'index.js')) : [];
  // The licences are the last that bundling writes, and belong to every release of the bundles.
  const oldest = bundles.length === 0 ? 0 : Math.min(...[...bundles, path.join(ROOT, 'THIRD-PARTY-LICENSES')].map(mtime));
  if (oldest > Math.max(newestBelow(path.join(ROOT, 'src')), mtime(path.join(ROOT, 'package-lock.json')))) return false;
  log('Bundling the handlers into assets/ …');
  run('npx', ['projen', 'bundle'], 'Bundling the handlers');
  return true;
}

function runMain(body) {
  Promise.resolve().then(body).catch((error) => {
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = 1;
  });
}

module.exports = { UserError, ROOT, checkNode, findPython, installPackages, bundleHandlers, runMain };
