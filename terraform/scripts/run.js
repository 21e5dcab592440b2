// Runs a program of this package. Plain JavaScript: in a fresh clone the packages of the construct are not installed
// yet.
const { spawnSync } = require('node:child_process');
const { bundleHandlers, checkNode, installPackages, runMain } = require('../../emulator/prerequisites');

runMain(() => {
  checkNode();
  installPackages();
  bundleHandlers();
  const { status } = spawnSync(process.execPath, [require.resolve('tsx/cli'), ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
});
