import * as fs from 'node:fs';
import * as path from 'node:path';

/** How long a function goes on between two looks at what it has come to. */
const MOMENT_MS = 4;

/**
 * The processes that the emulator runs one function in, each a sandbox of Lambda: whatever happens to one happens to a
 * handler. Known by where the emulator has put their code: no process of anybody else lies there.
 */
export class HandlerProcesses {
  private readonly mark: string;

  /** @param directory in which the emulator runs */
  constructor(directory: string, private readonly functionName: string) {
    this.mark = path.join(directory, `ministack-lambda-${functionName}-`);
  }

  /** Warm ones too: one that is called while it is frozen hangs until it is thawed. */
  freeze(): void {
    this.signal('SIGSTOP');
  }

  thaw(): void {
    this.signal('SIGCONT');
  }

  /**
   * Lets the function go on for moments only, until it is found in the midst of something; there it stays frozen.
   *
   * @throws Error when it is not found so within the time limit
   */
  async freezeDuring(what: string, isDuring: () => Promise<boolean>, timeoutMs = 30_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      this.freeze();
      if (this.pids().length > 0 && await isDuring()) return;
      this.thaw();
      await new Promise((resolve) => setTimeout(resolve, MOMENT_MS));
    }
    throw new Error(`waited ${timeoutMs / 1000} s for ${this.functionName} to be found ${what}`);
  }

  kill(): void {
    this.signal('SIGKILL');
  }

  private signal(signal: NodeJS.Signals): void {
    for (const pid of this.pids()) {
      try {
        process.kill(pid, signal);
      } catch (error) {
        // It has ended meanwhile.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  }

  private pids(): number[] {
    return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => commandLine(pid).includes(this.mark));
  }
}

function commandLine(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
