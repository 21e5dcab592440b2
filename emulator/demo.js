// `npm run demo`, from a fresh clone. Plain JavaScript: nothing is installed yet. The demo itself is demo.ts.
const { bundleHandlers, checkNode, findPython, installPackages, runMain } = require('./prerequisites');

// Node 20 will do for a demo; the handlers run on a newer one when they are deployed.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

runMain(async () => {
  checkNode();
  findPython();
  installPackages();
  bundleHandlers();
  require('tsx/cjs');
  await require('./demo.ts').demo(process.argv.slice(2));
});
