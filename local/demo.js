// `npm run demo`, from a fresh clone. Plain JavaScript: nothing is installed yet. The demo itself is demo.ts.
const { bundleHandlers, checkNode, findPython, installPackages, runMain } = require('./prerequisites');

runMain(async () => {
  checkNode();
  findPython();
  installPackages();
  bundleHandlers();
  require('tsx/cjs');
  await require('./demo.ts').demo(process.argv.slice(2));
});
