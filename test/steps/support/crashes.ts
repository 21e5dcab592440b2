/** Lets one call to a port fail, as a crash or a lost answer would: before it has its effect, or after. */
export class Crashes {
  calls = 0;
  private broken: string | undefined;
  private failed: string | undefined;

  /**
   * @param at the number of the call that fails, from 0
   * @param lasting every later call to the same method fails as well, until `mend`
   */
  constructor(private readonly at = -1, private readonly effect: 'before' | 'after' = 'before', private readonly lasting = false) {}

  get happened(): boolean {
    return this.failed !== undefined;
  }

  /** Whether it was one of the calls that tell of a job's end: the step that makes it goes on all the same. */
  get wasOfTelling(): boolean {
    return this.failed !== undefined && /^(events|queue|topic)\./.test(this.failed);
  }

  /** Whether only the answer was lost that a chunk has its result: the worker sees that it has. */
  get wasOfResult(): boolean {
    return this.failed === 'jobs.finishChunk' && this.effect === 'after';
  }

  mend(): void {
    this.broken = undefined;
  }

  wrap<T extends object>(port: T, name: string): T {
    return new Proxy(port, {
      get: (target, property) => {
        const member: unknown = Reflect.get(target, property);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          const id = `${name}.${String(property)}`;
          if (!this.isDue(id)) return member.apply(target, args) as unknown;
          if (this.effect === 'before') return crash(id);
          const result = member.apply(target, args) as unknown;
          return result instanceof Promise ? result.then(() => crash(id)) : crash(id);
        };
      },
    });
  }

  private isDue(id: string): boolean {
    const due = this.calls++ === this.at || this.broken === id;
    if (due) {
      this.failed = id;
      if (this.lasting) this.broken = id;
    }
    return due;
  }
}

function crash(id: string): never {
  throw new Error(`crash in ${id}`);
}
