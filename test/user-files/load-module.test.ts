import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModuleTransformContract } from '../../src/contract/transform-contract';
import { loadUserFunction } from '../../src/user-files/load-module';

const ROOT = join(__dirname, '..', '..');
let directory: string;
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'transform-module-')); });
afterEach(() => rmSync(directory, { recursive: true }));

function moduleFile(file: string, content: string): { file: string; contract: ModuleTransformContract } {
  const path = join(directory, file);
  writeFileSync(path, content);
  return { file: path, contract: { kind: 'module', name: `my-${file}`, file, sha256: createHash('sha256').update(content).digest('hex') } };
}

describe('what a module exports', () => {
  const user = (record: unknown) => record;
  const load = async (exported: object) => {
    const { file, contract } = moduleFile('transform.js', '');
    return loadUserFunction(file, contract, async () => exported);
  };

  test.each<[string, object]>([
    ['its default', { default: user }],
    ['module.exports', { 'default': user, 'module.exports': user }],
    ['the default of a module that was compiled to CommonJS', { default: { __esModule: true, default: user }, __esModule: true }],
  ])('%s is the function', async (_, exported) => {
    expect(await load(exported)).toBe(user);
  });

  test.each<[string, object, string]>([
    ['nothing', {}, 'got no default'],
    ['no default', { transform: user, other: 1 }, 'got no default and the exports transform, other'],
    ['an object', { 'default': { a: 1, b: 2 }, 'a': 1, 'b': 2, 'module.exports': {} }, 'got a value of type object and the exports a, b'],
    ['null', { default: null }, 'got null'],
    ['a text', { default: 'record' }, 'got a value of type string'],
  ])('%s is an error that names the module and what it exports', async (_, exported, got) => {
    await expect(load(exported)).rejects.toThrow(`expected the transform module my-transform.js to export a function as its default or as module.exports, ${got}`);
  });
});

test('a module that is not there is an error that names it', async () => {
  const { contract } = moduleFile('a.mjs', '');
  await expect(loadUserFunction(join(directory, 'b.mjs'), contract)).rejects.toThrow('expected the transform module my-a.mjs a file that can be read, got ENOENT');
});

test('a job does not go on with another module than it began with', async () => {
  const { file, contract } = moduleFile('a.mjs', 'export default () => null;');
  writeFileSync(file, 'export default (record) => record;');
  await expect(loadUserFunction(file, contract)).rejects.toThrow(
    /^expected the transform module my-a\.mjs as it was when the job began \(SHA-256 [0-9a-f]{64}\), got another one \([0-9a-f]{64}\): .*upload the file again$/);
});

// In a process of its own: jest has no ES modules.
const loaded = (name: string, content: string): string => {
  const { file, contract } = moduleFile(name, content);
  const code = `
    const { loadUserFunction } = require(${JSON.stringify(join(ROOT, 'src/user-files/load-module.ts'))});
    loadUserFunction(${JSON.stringify(file)}, ${JSON.stringify(contract)})
      .then((user) => user({ n: 1 })).then(JSON.stringify).catch((error) => error.message).then(console.log);`;
  return execFileSync(process.execPath, ['--require', 'tsx/cjs', '--eval', code], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
};

test.each([
  ['a.mjs', 'import { sep } from "node:path"; export default async (record) => ({ ...record, sep });', '{"n":1,"sep":"/"}'],
  ['b.cjs', 'module.exports = (record) => ({ ...record, kind: typeof require });', '{"n":1,"kind":"function"}'],
  ['c.js', 'exports.default = (record) => record; Object.defineProperty(exports, "__esModule", { value: true });', '{"n":1}'],
  ['d.mjs', 'throw new Error("at once")', 'expected the transform module my-d.mjs to load, got Error: at once'],
  ['e.mjs', 'export const transform = () => null;',
    'expected the transform module my-e.mjs to export a function as its default or as module.exports, got no default and the exports transform'],
  ...[
    ['f.mjs', 'import "./missing.mjs"; export default () => null;', './missing.mjs'],
    ['g.mjs', 'import { a } from "../lib/missing.mjs"; export default () => a;', '../lib/missing.mjs'],
    ['h.mjs', 'import papa from "no-such-package"; export default () => papa;', 'no-such-package'],
    ['i.mjs', 'export default (await import("@scope/package/part.js")).part;', '@scope/package'],
    ['j.cjs', 'module.exports = require("./missing.cjs");', './missing.cjs'],
    ['k.cjs', 'module.exports = require("no-such-package");', 'no-such-package'],
  ].map(([name, content, wanted]) => [name, content, `expected the transform module my-${name} to load, got Cannot find module '${wanted}': `
    + 'the transform module is deployed alone, so what it imports must be part of Node.js']),
])('%s is loaded by Node.js: %s', (name, content, expected) => {
  expect(loaded(name, content)).toEqual(expected);
});
