/** How far the run is, on a terminal; nothing elsewhere. */
export interface Progress {
  step(name: string): void;
  /** How many bytes there are to process, where these are not as many as was thought. */
  expect(totalBytes: number): void;
  chunk(chunkId: string, bytesDone: number): void;
  end(): void;
}

const WIDTH = 30;
const MILLISECONDS_BETWEEN = 100;

export function progressBar(terminal: NodeJS.WriteStream, totalBytes: number): Progress {
  const nothing = () => undefined;
  return terminal.isTTY ? new ProgressBar(terminal, totalBytes) : { step: nothing, expect: nothing, chunk: nothing, end: nothing };
}

class ProgressBar implements Progress {
  private readonly doneBytes = new Map<string, number>();
  private sum = 0;
  private name = '';
  private drawnAt = 0;

  constructor(private readonly terminal: NodeJS.WriteStream, private totalBytes: number) {}

  step(name: string): void {
    this.name = name;
    this.draw();
  }

  expect(totalBytes: number): void {
    this.totalBytes = totalBytes;
  }

  chunk(chunkId: string, bytesDone: number): void {
    this.sum += bytesDone - (this.doneBytes.get(chunkId) ?? 0);
    this.doneBytes.set(chunkId, bytesDone);
    if (Date.now() - this.drawnAt >= MILLISECONDS_BETWEEN) this.draw();
  }

  end(): void {
    this.terminal.write('\r\x1b[K');
  }

  private draw(): void {
    this.drawnAt = Date.now();
    const share = this.totalBytes === 0 ? 1 : Math.min(1, this.sum / this.totalBytes);
    const bar = '#'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '.');
    this.terminal.write(`\r\x1b[K[${bar}] ${String(Math.floor(share * 100)).padStart(3)} % ${this.name}`);
  }
}
