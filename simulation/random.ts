import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** All that is left to chance in a simulation comes from one of these: a seed repeats exactly. */
export class Random {
  private readonly generator;

  constructor(seed: number) {
    this.generator = xoroshiro128plus(seed);
    // Its first numbers are much the same, whatever the seed.
    for (let skipped = 0; skipped < 32; skipped++) this.generator.next();
  }

  /** 0 <= x < 1 */
  next(): number {
    return (this.generator.next() + 2 ** 31) / 2 ** 32;
  }

  /** A whole number, 0 <= n < limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  between(from: number, to: number): number {
    return from + this.next() * (to - from);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)];
  }
}
