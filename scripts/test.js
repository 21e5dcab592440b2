// `npm test`: everything that must hold, from a fresh clone. Plain JavaScript: before its first stage nothing is
// installed. `npm test -- unit e2e` runs only these stages.
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { ROOT, UserError, bundleHandlers, checkNode, findPython, installPackages, runMain } = require('../emulator/prerequisites');

// jsii says on every start that Node 20 has reached its end of life.
const ENV = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: 'true' };
const RESULTS = path.join(ROOT, '.local', 'test-results');

/** A stage is a list of commands, some after what `prepare` does; with `jest` its tests are counted, else it counts as one test. */
const STAGES = [
  { name: 'synth', about: 'projen writes the project files', commands: [['npx', 'projen', 'default']] },
  { name: 'build', about: 'bundles, jsii, API.md', commands: [['npx', 'projen', 'pre-compile'], ['npx', 'projen', 'compile'], ['npx', 'projen', 'post-compile']] },
  { name: 'types', about: 'all TypeScript, tests and examples too', commands: [['npx', 'tsc', '--noEmit', '-p', 'tsconfig.dev.json']] },
  { name: 'lint', about: 'eslint', commands: [['npx', 'projen', 'eslint']] },
  { name: 'readme', about: 'the README\'s example compiles', commands: [['npx', 'jsii-rosetta', 'extract', '--strict']] },
  { name: 'unit', about: 'engine, handlers, constructs', jest: ['--ci', '--coverage=false', '--maxWorkers=100%'] },
  { name: 'simulation', about: '20,000 runs of the protocol with faults, other ones each day', commands: [['npx', 'tsx', 'simulation/main.ts', '--seeds', '20000', '--from', 'today']] },
  { name: 'hostile', about: 'files that mean harm cost no more than they did, beside plain ones', commands: [['npx', 'tsx', 'bench/hostile.ts', '--size-mb', '2', '--rounds', '1']] },
  { name: 'integ', about: 'the snapshot of the example', commands: [['npx', 'projen', 'integ:snapshot']] },
  { name: 'python', about: 'the wheel, and the example on it', commands: [['npx', 'projen', 'package:python']], jest: ['--ci', '--config', 'test/python/jest.config.json'] },
  { name: 'e2e', about: 'files through the pipeline on the emulator', jest: ['--ci', '--config', 'test/e2e/jest.config.json'] },
  { name: 'around', about: 'what stands around the pipeline, on the emulator', jest: ['--ci', '--config', 'test/e2e-around/jest.config.json'] },
  {
    name: 'terraform',
    about: 'the same pipeline for Terraform: synthesized, and compared part by part',
    prepare: () => {
      installPackages(console.log, path.join(ROOT, 'terraform'));
      bundleHandlers();
    },
    commands: [['npx', 'tsc', '--noEmit', '-p', 'terraform/tsconfig.json'], ['npx', 'projen', 'eslint:terraform']],
    jest: ['--ci', '--config', 'terraform/jest.config.json'],
  },
  { name: 'rights', about: 'each function with its own role\'s rights, and no others', jest: ['--ci', '--config', 'test/e2e-auth/jest.config.json'] },
];

/** What git sees of the working tree, with the contents of every changed or new file. */
function treeState() {
  const git = (...args) => spawnSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28 });
  const status = git('status', '--porcelain', '--untracked-files=all');
  // A copy without git has no tree to compare.
  if (status.status !== 0) return undefined;
  const files = status.stdout.split('\n').filter(Boolean);
  return new Map(files.map((line) => {
    const file = path.join(ROOT, line.slice(3).replace(/^"|"$/g, ''));
    const content = fs.existsSync(file) ? fs.readFileSync(file) : '';
    return [line, createHash('sha256').update(content).digest('hex')];
  }));
}

/** In a clean checkout, as in CI: every file that is not as committed. */
function changedFiles(before, after) {
  return [...after].filter(([line, hash]) => before.get(line) !== hash).map(([line]) => line);
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(0).padStart(4)} s`;
}

function runCommand([command, ...args]) {
  const result = spawnSync(command, args, { cwd: ROOT, env: ENV, stdio: 'inherit', timeout: 15 * 60_000 });
  return result.status === 0;
}

function runJest(stage) {
  const outputFile = path.join(RESULTS, `${stage.name}.json`);
  fs.rmSync(outputFile, { force: true });
  const succeeded = runCommand(['npx', 'jest', ...stage.jest, '--json', '--outputFile', outputFile]);
  if (!fs.existsSync(outputFile)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(fs.readFileSync(outputFile, 'utf8'));
  // A suite that does not load, or a set-up that throws, fails without a failed test.
  return { passed: numPassedTests, failed: succeeded ? 0 : Math.max(1, numFailedTests), skipped: numPendingTests + numTodoTests };
}

function runStage(stage) {
  stage.prepare?.();
  if (!(stage.commands ?? []).every(runCommand)) return { passed: 0, failed: 1 };
  return stage.jest ? runJest(stage) : { passed: 1, failed: 0 };
}

runMain(() => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    throw new UserError(`There is no stage ${unknown.join(', ')}; the stages are ${STAGES.map((stage) => stage.name).join(', ')}.`);
  }
  checkNode();
  findPython();
  fs.mkdirSync(RESULTS, { recursive: true });
  installPackages();

  const before = treeState();
  const total = { passed: 0, failed: 0, skipped: 0 };
  const rows = [];
  const start = Date.now();
  const record = (name, about, { passed, failed, skipped = 0 }, time) => {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    const notes = [failed > 0 ? `${failed} failed` : '', skipped > 0 ? `${skipped} skipped` : ''].filter(Boolean);
    rows.push(`${failed > 0 ? 'FAILED' : 'ok    '}  ${name.padEnd(11)}${time}  ${about}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`);
  };

  for (const stage of STAGES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    console.log(`\n==> ${stage.name}: ${stage.about}`);
    const stageStart = Date.now();
    record(stage.name, stage.about, runStage(stage), seconds(stageStart));
  }

  const after = treeState();
  if (before && after) {
    const changed = changedFiles(before, after);
    for (const line of changed) console.error(`changed by this run: ${line}`);
    record('tree', 'the run has changed no file of the repository', { passed: changed.length > 0 ? 0 : 1, failed: changed.length > 0 ? 1 : 0 }, seconds(Date.now()));
  }

  console.log(`\n${rows.join('\n')}\n        ${'total'.padEnd(11)}${seconds(start)}\n`);
  console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
  if (total.failed > 0) process.exitCode = 1;
});
