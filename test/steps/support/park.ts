type Method = (...args: unknown[]) => Promise<unknown>;

export interface Parked {
  /** The call has come. */
  readonly parked: Promise<void>;
  /** It goes on, and takes effect. */
  release(): void;
}

/** Holds the next call of a method until the test lets it go on, as of a function that outlives its execution. */
export function park<T extends object>(target: T, method: keyof T & string): Parked {
  const methods = target as Record<string, Method>;
  const original = methods[method];
  const gate = signal();
  const arrival = signal();
  methods[method] = async (...args) => {
    methods[method] = original;
    arrival.give();
    await gate.given;
    return original.apply(target, args);
  };
  return { parked: arrival.given, release: gate.give };
}

function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give!: () => void;
  const given = new Promise<void>((resolve) => { give = resolve; });
  return { given, give };
}
