import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SCHEMA, workspace } from './workspace';

const { open, remove, build, path, args, report, parts } = workspace();

// The command runs in a separate process, because jest cannot load ES modules.
let command: string;
beforeAll(() => {
  open();
  command = build();
  mkdirSync(path('tmp'));
  writeFileSync(path('output.json'), JSON.stringify({ fields: [{ name: 'length', type: 'integer' }] }));
  writeFileSync(path('in.csv'), 'id,text\n' + Array.from({ length: 20_000 }, (_, index) => `${index},text ${index}\n`).join(''));
});
afterAll(remove);

function run(module: string, ...flags: string[]) {
  const all = args('in.csv', '--transform', path(module), '--chunk-size', '64KiB', ...flags);
  const env = { ...process.env, TMPDIR: path('tmp') };
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...all], { encoding: 'utf8', timeout: 30_000, env });
  return { status, stdout, stderr, report: status === 2 ? undefined : report() };
}

test.each([['1'], ['3']])('a module goes over the records, in %s thread(s)', (concurrency) => {
  writeFileSync(path('even.mjs'), 'export default (record, { reject }) => record.id % 2 === 1 ? null : record.id === 10 ? reject("ten") : record;');
  const { status, stdout, report: told } = run('even.mjs', '--concurrency', concurrency, '--max-rejected', '1');
  expect(status).toBe(0);
  expect(stdout).toContain('published 9999\nquarantined 1\nfiltered 10000\n');
  const counts = { recordsRead: 20_000, recordsWritten: 9999, recordsRejected: 1, recordsFiltered: 10_000 };
  expect(told).toMatchObject({ ...counts, rejectsByCode: { transform: 1 } });
  const lines = readFileSync(path('out', 'output', 'part-00000.jsonl'), 'utf8').split('\n');
  expect(lines.slice(4, 6)).toEqual(['{"id":8,"text":"text 8"}', '{"id":12,"text":"text 12"}']);
});

test('an output schema is that of the published records', () => {
  writeFileSync(path('length.cjs'), 'module.exports = ({ text }) => ({ length: text.length });');
  expect(run('length.cjs', '--output-schema', path('output.json')).status).toBe(0);
  expect(readFileSync(path('out', 'output', 'part-00000.jsonl'), 'utf8').split('\n')[0]).toBe('{"length":6}');
});

test('an output schema that gives up the keys is refused, as at synth', () => {
  writeFileSync(path('keyed.json'), JSON.stringify({ ...SCHEMA, primaryKey: 'id' }));
  writeFileSync(path('length.cjs'), 'module.exports = ({ text }) => ({ length: text.length });');
  const { status, stderr } = run('length.cjs', '--output-schema', path('output.json'), '--schema', path('keyed.json'));
  expect(status).toBe(2);
  expect(stderr).toContain('transform.outputSchema must repeat the keys of schema (primaryKey id), which hold for what is published, got none');
});

test('a module without a function fails the job and says what it exports', () => {
  writeFileSync(path('none.cjs'), 'exports.transform = (record) => record;');
  const { status, report: told } = run('none.cjs');
  expect(status).toBe(1);
  expect(told).toMatchObject({
    errorCode: 'infrastructure',
    errorMessage: expect.stringMatching(/none\.cjs to export a function as its default or as module\.exports, got a value of type object and the exports transform$/),
  });
});

test('a module that is not there is bad usage', () => {
  const { status, stderr } = run('missing.mjs');
  expect(status).toBe(2);
  expect(stderr).toContain(`expected a file ${path('missing.mjs')}, found none`);
});

describe('a module is loaded as in Lambda, alone', () => {
  const project = (name: string) => path('project', name);
  beforeAll(() => {
    mkdirSync(project('node_modules/some-package'), { recursive: true });
    for (const name of ['helper.mjs', 'helper.cjs', 'node_modules/some-package/index.js']) {
      writeFileSync(project(name), name.endsWith('.mjs') ? 'export const same = (record) => record;' : 'exports.same = (record) => record;');
    }
  });

  test.each([
    ['relative.mjs', 'import { same } from "./helper.mjs"; export default same;', './helper.mjs'],
    ['relative.cjs', 'module.exports = require("./helper.cjs").same;', './helper.cjs'],
    ['package.mjs', 'import { same } from "some-package"; export default same;', 'some-package'],
    ['package.cjs', 'module.exports = require("some-package").same;', 'some-package'],
  ])('so what is not part of Node.js is not there: %s', (name, source, wanted) => {
    writeFileSync(project(name), source);
    const { status, report: told } = run(`project/${name}`);
    expect(told).toMatchObject({
      status: 'FAILED',
      errorMessage: `Error: expected the transform module ${project(name)} to load, got Cannot find module '${wanted}': `
        + 'the transform module is deployed alone, so what it imports must be part of Node.js',
    });
    expect(status).toBe(1);
    expect(parts()).toEqual([]);
    expect(readdirSync(path('tmp'))).toEqual([]);
  });

  test('parts of Node.js are there, and its package.json still says what a .js file is', () => {
    writeFileSync(project('package.json'), '{"type": "module"}');
    writeFileSync(project('mine.js'), 'import { sep } from "node:path"; export default (record) => ({ ...record, text: sep });');
    expect(run('project/mine.js')).toMatchObject({ status: 0, report: { recordsWritten: 20_000 } });
    expect(readdirSync(path('tmp'))).toEqual([]);
  });

  test.each(['node_modules', 'package.json'])('a folder for temporary files below a %s is bad usage', (name) => {
    mkdirSync(path('home', name), { recursive: true });
    mkdirSync(path('home', 'tmp'), { recursive: true });
    writeFileSync(path('same.mjs'), 'export default (record) => record;');
    const { status, stderr } = spawnSync(process.execPath, [command, ...args('in.csv', '--transform', path('same.mjs'))],
      { encoding: 'utf8', env: { ...process.env, TMPDIR: path('home', 'tmp') } });
    expect(stderr).toContain('expected a temporary folder for the transform module (TMPDIR) without node_modules or package.json in it or above, '
      + `got ${path('home', 'tmp')} and ${path('home', name)}`);
    expect(status).toBe(2);
    rmSync(path('home'), { recursive: true });
  });

  test('a folder for temporary files that is not there is told by its place', () => {
    writeFileSync(path('same.mjs'), 'export default (record) => record;');
    const { status, stderr } = spawnSync(process.execPath, [command, ...args('in.csv', '--transform', path('same.mjs'))],
      { encoding: 'utf8', env: { ...process.env, TMPDIR: path('nowhere') } });
    expect(stderr).toContain(`expected a temporary folder for the transform module (TMPDIR) that can be written, got ${path('nowhere')}: `);
    expect(stderr).toContain('(ENOENT)');
    expect(status).toBe(2);
  });
});

test.each(['mine.ts', 'mine.txt'])('a file that Lambda would not load is bad usage, as at synth: %s', (name) => {
  writeFileSync(path(name), 'export default (record) => record;');
  const { status, stderr } = run(name);
  expect(status).toBe(2);
  expect(stderr).toContain(`expected the transform module to be a .mjs, .cjs, .js file (compile TypeScript before), got ${path(name)}`);
});

describe.each([['one chunk', '1GiB', '1'], ['several threads', '64KiB', '3']])('what is no fault of a record fails the job, with a report that names the module: %s', (_, chunkSize, concurrency) => {
  test.each([
    ['never-settles.mjs', 'export default () => new Promise(() => {});',
      /^TransformFailure: expected the promise that the transform module .*never-settles\.mjs returned to settle within 1 s \(--transform-timeout\), it is still pending$/],
    ['never-settles-though-busy.mjs', 'setInterval(() => {}, 10); export default () => new Promise(() => {});',
      /^TransformFailure: expected the promise .* to settle within 1 s/],
    ['never-loads.mjs', 'await new Promise(() => {}); export default (record) => record;',
      /^TransformFailure: expected the transform module .*never-loads\.mjs to load within 1 s \(--transform-timeout\), it is still pending$/],
    ['never-returns.mjs', 'export default (record) => { if (record.id === 5) for (;;); return record; };',
      /^TransformFailure: expected the call of the transform module .*never-returns\.mjs to return within 1 s \(--transform-timeout\), it is still running$/],
    ['loads-in-a-loop.mjs', 'for (;;); export default (record) => record;',
      /^TransformFailure: expected the transform module .*loads-in-a-loop\.mjs to load within 1 s \(--transform-timeout\), it is still pending$/],
    ['throws-late.mjs', 'export default (record) => { if (record.id === 5) setTimeout(() => { throw new Error("late"); }); return Promise.resolve(record); };',
      /^Error: expected nothing to be thrown outside of a call, while the transform module .*throws-late\.mjs was loaded; got Error: late\n +at .*\.mjs:1:\d+/],
    ['rejects-unseen.mjs', 'export default async (record) => { if (record.id === 5) Promise.reject(new Error("unseen")); return record; };',
      /^Error: expected nothing to be thrown outside of a call, while the transform module .*rejects-unseen\.mjs was loaded; got Error: unseen\n +at /],
    ['throws-what-has-no-text.mjs', 'export default (record) => { if (record.id === 5) setTimeout(() => { throw Object.create(null); }); return Promise.resolve(record); };',
      /^Error: expected nothing to be thrown .* while the transform module .*throws-what-has-no-text\.mjs was loaded; got \[Object: null prototype\] \{\}$/],
    ['exits.mjs', 'export default (record) => { if (record.id === 5) process.exit(0); return record; };',
      /^Error: expected a worker thread to run until its chunks are done, it has ended with exit code 0 while the transform module .*exits\.mjs was loaded$/],
  ])('%s', (name, source, message) => {
    writeFileSync(path(name), source);
    const { status, stderr, report: told } = run(name, '--chunk-size', chunkSize, '--concurrency', concurrency, '--transform-timeout', '1');
    expect(told).toMatchObject({ status: 'FAILED', errorCode: 'infrastructure', errorMessage: expect.stringMatching(message) });
    expect(stderr).toContain('the job failed, nothing is published (infrastructure)');
    expect(status).toBe(1);
    expect(parts()).toEqual([]);
  });
});

test.each([
  ['calls', 'const until = Date.now() + 60; while (Date.now() < until);'],
  ['promises', 'await new Promise((resolve) => setTimeout(resolve, 60));'],
])('--transform-timeout is for each of the %s, not for all of them', (name, wait) => {
  writeFileSync(path(`slow-${name}.mjs`), `export default ${name === 'promises' ? 'async ' : ''}(record) => { if (record.id < 30) { ${wait} } return record; };`);
  const started = Date.now();
  expect(run(`slow-${name}.mjs`, '--transform-timeout', '1')).toMatchObject({ status: 0, report: { recordsWritten: 20_000 } });
  expect(Date.now() - started).toBeGreaterThan(1500);
});

test('what a module leaves behind does not hold the run up', () => {
  writeFileSync(path('interval.mjs'), 'setInterval(() => {}, 1000); export default (record) => record;');
  expect(run('interval.mjs', '--chunk-size', '1GiB')).toMatchObject({ status: 0, report: { recordsWritten: 20_000 } });
});

test.each([
  [['--transform-timeout', '0'], 'expected --transform-timeout to be a whole number from 1 to 900, got 0'],
  [['--transform-timeout', '901'], 'expected --transform-timeout to be a whole number from 1 to 900, got 901'],
])('%j is bad usage', (flags, message) => {
  writeFileSync(path('same.mjs'), 'export default (record) => record;');
  expect(run('same.mjs', ...flags)).toMatchObject({ status: 2, stderr: expect.stringContaining(message) });
});

test('--transform-timeout without --transform is bad usage', () => {
  const { status, stderr } = spawnSync(process.execPath, [command, ...args('in.csv', '--transform-timeout', '5')], { encoding: 'utf8' });
  expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('expected --transform-timeout beside --transform only') });
});
