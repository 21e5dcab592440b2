import { Terminal } from '../terminal/terminal';

/** Shows how far the run is. */
export interface Progress {
  step(name: string): void;
  /** Told how many bytes of the file were read, if it has to be unpacked before it can be cut into chunks. */
  unpacked(bytesRead: number): void;
  /** Starts over with another total: unpacked text has another size than its file. */
  expect(totalBytes: number): void;
  chunk(chunkId: string, bytesDone: number): void;
  end(): void;
}

const WIDTH = 30;
const MILLISECONDS_BETWEEN = 100;

export class ProgressBar implements Progress {
  private readonly doneBytes = new Map<string, number>();
  private sum = 0;
  private name = '';
  private drawnAt = 0;

  constructor(private readonly terminal: Pick<Terminal, 'overwrite'>, private totalBytes: number) {}

  step(name: string): void {
    this.name = name;
    this.draw();
  }

  unpacked(bytesRead: number): void {
    this.sum = bytesRead;
    this.drawInTime();
  }

  expect(totalBytes: number): void {
    this.totalBytes = totalBytes;
    this.doneBytes.clear();
    this.sum = 0;
  }

  chunk(chunkId: string, bytesDone: number): void {
    this.sum += bytesDone - (this.doneBytes.get(chunkId) ?? 0);
    this.doneBytes.set(chunkId, bytesDone);
    this.drawInTime();
  }

  end(): void {
    this.terminal.overwrite('');
  }

  private drawInTime(): void {
    if (Date.now() - this.drawnAt >= MILLISECONDS_BETWEEN) this.draw();
  }

  private draw(): void {
    this.drawnAt = Date.now();
    const share = this.totalBytes === 0 ? 1 : Math.min(1, this.sum / this.totalBytes);
    const bar = '#'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '.');
    this.terminal.overwrite(`[${bar}] ${String(Math.floor(share * 100)).padStart(3)} % ${this.name}`);
  }
}
