/** Of runs of keys, of which there are thousands. */
export const READS_IN_FLIGHT = 64;

/** Lets a number of reads run at once; the others wait in line. */
export class ReadLimit {
  private running = 0;
  private readonly waiting: Array<() => void> = [];

  constructor(private readonly limit: number) {}

  async run<T>(read: () => Promise<T>): Promise<T> {
    // A read that ends hands its place on.
    if (this.running === this.limit) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running++;
    try {
      return await read();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running--;
      else next();
    }
  }
}
