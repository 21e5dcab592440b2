import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds' worth of bytes that may pass at once: a timer's delay must not lower the rate. */
const BURST_MS = 10;

/** Limits the bytes that pass in a second, whoever takes them; first come, first served. */
export class TokenBucket {
  private readonly bytesPerMs: number;
  /** When all that was taken has passed. */
  private free = 0;

  constructor(bytesPerSecond: number) {
    this.bytesPerMs = bytesPerSecond / 1000;
  }

  async take(bytes: number): Promise<void> {
    const now = performance.now();
    this.free = Math.max(this.free, now - BURST_MS) + bytes / this.bytesPerMs;
    if (this.free > now + BURST_MS) await sleep(this.free - now);
  }
}
