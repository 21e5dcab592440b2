import { ChildProcess, spawn } from 'node:child_process';
import { UserError } from './prerequisites';

/** Every process group that is running: whatever ends this process ends them too. */
const running = new Set<ChildProcess>();
const atExit: Array<() => void> = [];

/**
 * Registers work for the end of the process, however it ends. It runs synchronously, after all child processes are
 * gone.
 */
export function onExit(cleanUp: () => void): void {
  atExit.push(cleanUp);
}

process.on('exit', () => {
  for (const child of running) signalGroup(child, 'SIGKILL');
  for (const cleanUp of atExit.reverse()) cleanUp();
});
for (const [signal, status] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const) {
  process.once(signal, () => process.exit(status));
}

export interface SpawnOptions {
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  /** A line of the child's output, from either stream. */
  readonly onLine?: (line: string) => void;
}

/** Starts a program as a process group of its own, so that all it starts ends with it. */
export function startGroup(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, { cwd: options.cwd, env: options.env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      lines.forEach((line) => options.onLine?.(line));
    });
  }
  return child;
}

/** Asks the group to end, and after the grace period makes it. */
export async function stopGroup(child: ChildProcess, graceMs = 3_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
  // What the leader left behind.
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export interface RunOptions extends SpawnOptions {
  readonly timeoutMs: number;
  /** What the program is for, as it stands in the error: `deploying the stack`. */
  readonly what: string;
}

/** Runs a program to its end. Fails with its last lines where it fails or takes too long. */
export async function runToEnd(command: string, args: readonly string[], options: RunOptions): Promise<void> {
  const tail: string[] = [];
  const child = startGroup(command, args, {
    ...options,
    onLine: (line) => {
      tail.push(line);
      if (tail.length > 40) tail.shift();
      options.onLine?.(line);
    },
  });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    void stopGroup(child);
  }, options.timeoutMs);
  const failure = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : `it ended with ${signal ?? `exit status ${code}`}`));
  });
  clearTimeout(timer);
  if (failure === undefined) return;
  const reason = timedOut ? `it took longer than ${options.timeoutMs / 1000} s` : failure;
  throw new UserError(`${options.what} failed: ${reason}. Its last lines were:\n${tail.join('\n')}`);
}
