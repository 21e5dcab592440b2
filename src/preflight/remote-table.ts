/** Gives a worker thread access to the main thread's job table. Each call is a message, and so is its answer. */
import { JobTable } from '../ports/jobs';

/** The methods that ProcessChunk uses. */
const METHODS = ['job', 'changeJob', 'startChunk', 'finishChunk', 'failChunk', 'chunk', 'saveScan'] as const satisfies ReadonlyArray<keyof JobTable>;
type Method = (typeof METHODS)[number];

export interface TableCall {
  readonly call: number;
  readonly method: Method;
  readonly args: readonly unknown[];
}

export type TableAnswer = { readonly answerTo: number } & ({ readonly value: unknown } | { readonly error: Error });

export interface RemoteTable {
  readonly jobs: JobTable;
  settle(answer: TableAnswer): void;
}

export function remoteTable(send: (call: TableCall) => void): RemoteTable {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let calls = 0;
  const methodOf = (method: Method) => async (...args: unknown[]) => new Promise((resolve, reject) => {
    const call = ++calls;
    waiting.set(call, { resolve, reject });
    send({ call, method, args });
  });
  return {
    jobs: Object.fromEntries(METHODS.map((method) => [method, methodOf(method)])) as unknown as JobTable,
    settle(settled) {
      const caller = waiting.get(settled.answerTo)!;
      waiting.delete(settled.answerTo);
      if ('error' in settled) caller.reject(settled.error);
      else caller.resolve(settled.value);
    },
  };
}

/** Answers a call, in the main thread. */
export async function answer({ call, method, args }: TableCall, jobs: JobTable): Promise<TableAnswer> {
  try {
    const run = jobs[method].bind(jobs) as (...args: readonly unknown[]) => Promise<unknown>;
    return { answerTo: call, value: await run(...args) };
  } catch (error) {
    return { answerTo: call, error: error as Error };
  }
}
