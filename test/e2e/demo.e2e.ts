/** `npm run demo` as someone at a terminal has it. */
import { ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { waitFor } from '../../emulator/job-watch';
import { ROOT } from '../../emulator/prerequisites';

const DEMO_TIMEOUT_MS = 100_000;

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'demo-'));
const schema = write('schema.json', JSON.stringify({ fields: [{ name: 'id', type: 'integer' }, { name: 'name', type: 'string' }] }));
const running = new Set<ChildProcess>();

afterAll(() => {
  running.forEach((child) => child.kill('SIGKILL'));
  fs.rmSync(directory, { recursive: true, force: true });
});

function write(name: string, content: string): string {
  const file = path.join(directory, name);
  fs.writeFileSync(file, content);
  return file;
}

function startDemo(args: string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [path.join(ROOT, 'emulator/demo.js'), ...args], { env: { ...process.env, ...env }, timeout: DEMO_TIMEOUT_MS });
  running.add(child);
  const demo = { child, output: '' };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { demo.output += text; });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => {
    running.delete(child);
    resolve(code);
  }));
  return { ...demo, ended, get output() { return demo.output; } };
}

function lastLine(output: string): string {
  return output.trim().split('\n').pop()!;
}

/** The emulator's port, as soon as the demo has told it. */
async function portOf(demo: ReturnType<typeof startDemo>): Promise<number> {
  return waitFor('the emulator to start', async () => {
    const port = /started on http:\/\/127\.0\.0\.1:(\d+)/.exec(demo.output)?.[1];
    return port === undefined ? undefined : Number(port);
  });
}

/** A process that is killed keeps its socket for a moment. */
async function expectClosed(port: number): Promise<void> {
  await waitFor(`port ${port} to be closed`, async () => await isListening(port) ? undefined : true, 5_000);
}

async function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1').once('error', () => resolve(false)).once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

test('a file of one\'s own, in a dialect and with a limit of its own', async () => {
  const file = write('names.txt', 'id;name\n1;"a;b"\n2;c\nx;d\n');
  const dialect = write('dialect.json', JSON.stringify({ delimiter: ';' }));
  const demo = startDemo(['--file', file, '--schema', schema, '--dialect', dialect, '--max-rejected', '1']);
  const port = await portOf(demo);

  expect(await demo.ended).toBe(0);
  expect(demo.output).toMatch(/^records read 3$/m);
  expect(demo.output).toMatch(/^published 2$/m);
  expect(demo.output).toMatch(/^quarantined 1$/m);
  expect(demo.output).toMatch(/proved: each chunk ends where the next one begins/);
  await expectClosed(port);
});

test('a job that fails is explained, and so is the exit status', async () => {
  const demo = startDemo(['--file', write('bad.csv', 'id,name\n1,a\nx,b\n'), '--schema', schema, '--max-rejected', '0']);

  expect(await demo.ended).toBe(1);
  expect(demo.output).toMatch(/^The job failed, and nothing is published: expected at most 0 rejected records, got 1 of 2; most often \(1\) type in "id", first on line 3: expected an integer, got "x"\. All of them are in /m);
  expect(demo.output).toMatch(/^published 0$/m);
  expect(demo.output).toMatch(/^quarantined 1$/m);
  expect(demo.output).toMatch(/line 3, id: .*integer/);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops everything that it started', async (signal) => {
  const demo = startDemo([]);
  const port = await portOf(demo);
  demo.child.kill(signal);

  expect(await demo.ended).toBe(signal === 'SIGINT' ? 130 : 143);
  await expectClosed(port);
});

describe('what it cannot do is said in one sentence', () => {
  test.each<{ name: string; args?: string[]; env?: NodeJS.ProcessEnv; message: RegExp }>([
    { name: 'no Python', env: { PYTHON: '/nowhere/python3' }, message: /^Python 3\.10 or newer is needed .* none of \/nowhere\/python3 runs: install it from .*\.$/ },
    { name: 'a file without a schema', args: ['--file', 'x.csv'], message: /^--file and --schema go together: .*\.$/ },
    { name: 'a schema that is none', args: ['--file', schema, '--schema', write('none.json', '{"fields":[]}')], message: /^--schema .*none\.json: .*fields.*$/ },
    { name: 'a file that is not there', args: ['--file', 'x.csv', '--schema', schema], message: /^--file: there is no file x\.csv\.$/ },
  ])('$name', async ({ args = [], env, message }) => {
    const demo = startDemo(args, env);
    expect(await demo.ended).toBe(1);
    expect(lastLine(demo.output)).toMatch(message);
  });

  test('a port that is in use', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const demo = startDemo(['--port', String(port)]);

    expect(await demo.ended).toBe(1);
    expect(lastLine(demo.output)).toBe(`Port ${port} is in use: free it, or name another one with --port.`);
    await new Promise((resolve) => server.close(resolve));
  });
});
