/** The house as docs/design.md has it: its rooms are there, and lint refuses what the rooms may not import. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Linter } from 'eslint';
import { LegacyESLint } from 'eslint/use-at-your-own-risk';

const ROOT = join(__dirname, '..');
const SRC = join(ROOT, 'src');
const DESIGN = readFileSync(join(ROOT, 'docs', 'design.md'), 'utf8');

/** The rows of the table below a heading cell, a name in code first. */
function rowsOf(heading: string): string[][] {
  const table = DESIGN.slice(DESIGN.indexOf(`| ${heading} |`)).split('\n\n')[0];
  return table.split('\n').slice(2).map((row) => row.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
}

const namesIn = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
const ROOMS = new Map(rowsOf('room').map(([name, , imports]) => [namesIn(name)[0], namesIn(imports)]));
const ENGINE_ROOMS = rowsOf('room of `engine`').map(([name]) => namesIn(name)[0]);
const TOP_FILES = readdirSync(SRC).filter((name) => name.endsWith('.ts'));

const foldersOf = (path: string) => readdirSync(path).filter((name) => statSync(join(path, name)).isDirectory());
const filesBelow = (path: string) => readdirSync(path, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.split(/[\\/]/).includes('assembly'));

/** Some module of a room, from `src`. */
function moduleOf(room: string): string {
  const file = filesBelow(join(SRC, room)).filter((name) => !name.endsWith('.d.ts')).sort()[0];
  return join(room, file).replace(/\.ts$/, '');
}

test('docs/design.md names every room, and no other', () => {
  expect([...ROOMS.keys()].sort()).toEqual(foldersOf(SRC).sort());
  expect([...ENGINE_ROOMS].sort()).toEqual(foldersOf(join(SRC, 'engine')).sort());
});

test('a file name means one thing', () => {
  const files = filesBelow(SRC).filter((file) => basename(file) !== 'index.ts');
  expect(files.length).toBeGreaterThan(150);
  const twins = files.filter((file) => files.some((other) => other !== file && basename(other) === basename(file)));
  expect(twins).toEqual([]);
});

test.each(['CONTRIBUTING.md', 'SECURITY.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)])('each file that %s names with its folder is there', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const paths = namesIn(text).filter((name) => /^(?:[\w-]+\/)+[\w.-]+\.(?:ts|js|md|json)$/.test(name));
  expect(paths.filter((path) => !existsSync(join(ROOT, path)) && !existsSync(join(SRC, path)))).toEqual([]);
});

describe('lint', () => {
  // Rules that ask for types need each file in a program. None of them is about imports.
  const { rules: typescriptRules } = jest.requireActual<{ rules: Record<string, { meta: { docs?: { requiresTypeChecking?: boolean } } }> }>('@typescript-eslint/eslint-plugin');
  const typed = Object.keys(typescriptRules).filter((name) => typescriptRules[name].meta.docs?.requiresTypeChecking);
  const withoutTypes = {
    parserOptions: { project: null },
    rules: Object.fromEntries(typed.map((name) => [`@typescript-eslint/${name}`, 'off'])),
  } as Linter.LegacyConfig;
  // What is refused as a circle is what lies on the disk.
  const eslint = new LegacyESLint({ cwd: ROOT, overrideConfig: { ...withoutTypes, rules: { ...withoutTypes.rules, 'import/no-cycle': 'off' } } });

  /** Reports of a rule, by the line of a text that stands for a file of `src`. */
  async function linesRefused(file: string, lines: readonly string[], rule: string): Promise<string[]> {
    const [{ messages }] = await eslint.lintText(`${lines.join('\n')}\n`, { filePath: join(SRC, file) });
    const fatal = messages.filter((message) => message.fatal || message.ruleId === null);
    if (fatal.length > 0) throw new Error(fatal[0].message);
    return messages.filter(({ ruleId }) => ruleId === rule).map(({ line }) => lines[line - 1]);
  }

  const importOf = (from: string, module: string) => `import '${'../'.repeat(from.split('/').length - 1) || './'}${module}';`;
  const refusedImports = async (file: string, modules: readonly string[]) =>
    linesRefused(file, modules.map((module) => importOf(file, module)), 'import/no-restricted-paths');

  test.each([...ROOMS])('%s imports %j of the house, and nothing else', async (room, allowed) => {
    const others = [...ROOMS.keys()].filter((other) => other !== room);
    const modules = new Map([...others.map((other) => [other, moduleOf(other)] as const), ...TOP_FILES.map((file) => [file, file.replace(/\.ts$/, '')] as const)]);
    const refused = [...modules].filter(([other]) => !allowed.includes(other)).map(([, module]) => importOf(`${room}/probe.ts`, module));
    expect(await refusedImports(`${room}/probe.ts`, [...modules.values()])).toEqual(refused);
  });

  test.each(ENGINE_ROOMS.map((room, index) => [room, ENGINE_ROOMS.slice(index + 1)] as const))('engine/%s does not import %j', async (room, refused) => {
    const file = `engine/${room}/probe.ts`;
    const modules = ENGINE_ROOMS.filter((other) => other !== room).map((other) => moduleOf(`engine/${other}`));
    expect(await refusedImports(file, modules)).toEqual(refused.map((other) => importOf(file, moduleOf(`engine/${other}`))));
  });

  test('what a CDK app loads does not import what runs in Lambda', async () => {
    const runTime = ['engine', 'ports', 'steps', 'services', 'aws', 'handlers', 'terminal', 'preflight', 'operator'];
    const modules = [...ROOMS.keys()].map(moduleOf);
    expect(await refusedImports('probe.ts', modules)).toEqual(
      modules.filter((module) => runTime.includes(module.split('/')[0])).map((module) => importOf('probe.ts', module)));
  });

  test('src does not import what uses it', async () => {
    const modules = ['../emulator/text', '../bench/by-hand', '../simulation/state-machine', '../test/synthesize', '../examples/tap-stack/tap-stack'];
    expect(await refusedImports('pipeline/probe.ts', modules)).toEqual(modules.map((module) => importOf('pipeline/probe.ts', module)));
  });

  test('a circle is refused', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'house-'));
    try {
      writeFileSync(join(cwd, 'one.ts'), "import { two } from './two';\nexport const one = () => two;\n");
      writeFileSync(join(cwd, 'two.ts'), "import { one } from './one';\nexport const two = () => one;\n");
      const onDisk = new LegacyESLint({
        cwd, resolvePluginsRelativeTo: ROOT, useEslintrc: false, overrideConfigFile: join(ROOT, '.eslintrc.json'), overrideConfig: withoutTypes,
      });
      const refused = (await onDisk.lintFiles(['*.ts'])).flatMap(({ messages }) => messages).filter(({ ruleId }) => ruleId === 'import/no-cycle');
      expect(refused.map(({ line }) => line)).toEqual([1, 1]);
    } finally {
      rmSync(cwd, { recursive: true });
    }
  });

  test.each<[string, string]>([
    ['no-restricted-globals', 'process.exitCode = 1;'],
    ['no-restricted-globals', 'performance.now();'],
    ['no-restricted-globals', 'crypto.randomUUID();'],
    ['no-restricted-properties', 'Date.now();'],
    ['no-restricted-properties', 'Math.random();'],
    ['no-restricted-syntax', 'new Date();'],
    ['no-restricted-imports', "import { randomUUID } from 'node:crypto';"],
    ['no-restricted-imports', "import * as crypto from 'node:crypto';"],
    ['no-restricted-imports', "import { env } from 'node:process';"],
    ['no-restricted-imports', "import crypto from 'node:crypto';"],
    ['no-restricted-imports', "import { getRandomValues } from 'node:crypto';"],
    ['no-restricted-imports', "import { readFile } from 'node:fs/promises';"],
    ['no-restricted-imports', "import { setTimeout } from 'node:timers/promises';"],
    ['no-restricted-imports', "import { get } from 'node:https';"],
    ['no-restricted-imports', "import { Stack } from 'aws-cdk-lib';"],
    ['no-restricted-globals', 'void globalThis.process;'],
    ['no-restricted-globals', 'setTimeout(() => undefined, 1);'],
    ['no-restricted-syntax', "void import('node:os');"],
    ['no-restricted-syntax', "type Window = import('../io/window').Window;"],
    ['no-restricted-imports', "import { S3Client } from '@aws-sdk/client-s3';"],
  ])('%s refuses in steps and engine: %s', async (rule, line) => {
    const others = ["import { createHash } from 'node:crypto';", 'new Date(0);', 'Math.max(1, 2);'];
    for (const file of ['steps/probe.ts', 'engine/io/probe.ts']) expect(await linesRefused(file, [line, ...others], rule)).toEqual([line]);
  });

  test.each<[string, readonly string[]]>([
    ["import { S3Client } from '@aws-sdk/client-s3';", ['spec', 'contract', 'user-files', 'ports', 'handlers', 'terminal', 'preflight', 'operator', 'synth', 'options', 'pipeline', 'around']],
    ["import { Stack } from 'aws-cdk-lib';", ['spec', 'contract', 'user-files', 'ports', 'aws', 'handlers', 'terminal', 'preflight', 'operator']],
  ])('no-restricted-imports refuses %s in %j', async (line, rooms) => {
    for (const room of rooms) expect([room, await linesRefused(`${room}/probe.ts`, [line], 'no-restricted-imports')]).toEqual([room, [line]]);
  });

  test('an import anywhere but at the head is refused', async () => {
    const lines = ["void import('../engine/io/window');", "type Window = import('../engine/io/window').Window;", "import window = require('../engine/io/window');"];
    for (const room of ['pipeline', 'preflight', 'contract']) expect(await linesRefused(`${room}/probe.ts`, lines, 'no-restricted-syntax')).toEqual(lines);
  });

  test('what is printed goes through the terminal', async () => {
    const lines = ['process.stdout.write("");', 'process.stderr.write("");', 'const { stdout } = process;'];
    for (const file of ['preflight/main.ts', 'preflight/probe.ts', 'operator/probe.ts', 'terminal/probe.ts', 'spec/probe.ts', 'probe.ts']) {
      expect(await linesRefused(file, lines, 'no-restricted-properties')).toEqual(lines);
      expect(await linesRefused(file, ['console.log("");'], 'no-restricted-globals')).toEqual(['console.log("");']);
    }
    expect(await linesRefused('terminal/terminal.ts', lines, 'no-restricted-properties')).toEqual([]);
  });

  test('what somebody gave is not quoted as it is', async () => {
    const lines = ['throw new Error(`got "${name}"`);', 'throw new Error(`the stack ("${name}")`);'];
    for (const room of ['pipeline', 'around', 'synth', 'steps', 'engine/io', 'preflight', 'spec']) {
      expect(await linesRefused(`${room}/probe.ts`, [...lines, 'throw new Error(`got ${visibleJson(name)}`);'], 'no-restricted-syntax')).toEqual(lines);
    }
  });

  test('process.env is read in two files', async () => {
    const lines = ['void process.env.NAME;', 'const { env } = process;'];
    for (const file of ['aws/probe.ts', 'pipeline/probe.ts', 'preflight/probe.ts', 'probe.ts']) {
      expect(await linesRefused(file, lines, 'no-restricted-properties')).toEqual(lines);
    }
    for (const file of ['aws/read-env.ts', 'preflight/main.ts']) expect(await linesRefused(file, lines, 'no-restricted-properties')).toEqual([]);
  });
});
