import { Worker } from 'node:worker_threads';
import { FromThread, THREAD_DATA, ThreadData, ToThread } from './chunk-thread';
import { ModulePhase } from './module-phase';
import { ModuleWatch } from './module-watch';
import { answer } from './remote-table';
import { ChunkTask } from '../contract/payloads';
import { inParallel } from '../engine/io/in-parallel';
import { JobTable } from '../ports/jobs';

export interface ThreadsOptions {
  /** The script that each thread loads: the bundle of this command. */
  readonly script: string;
  /** How many chunks are processed at the same time. */
  readonly threads: number;
  readonly data: Omit<ThreadData, 'phaseMemory'>;
  /** Limit for a module to load, for each call, and for each promise that it returns. */
  readonly transformTimeoutSeconds: number;
  readonly jobs: JobTable;
  readonly progress: (chunkId: string, bytesDone: number) => void;
  /** Once it is aborted all threads are ended, whatever they do. */
  readonly stop: AbortSignal;
}

/** Runs ProcessChunk on each task, in up to `threads` worker threads. */
export async function processInThreads(tasks: readonly ChunkTask[], options: ThreadsOptions): Promise<void> {
  const { stop } = options;
  const all: ChunkThread[] = [];
  const idle: ChunkThread[] = [];
  const add = () => {
    const thread = new ChunkThread(options);
    all.push(thread);
    return thread;
  };
  const failAll = () => all.forEach((thread) => thread.fail(stop.reason as Error));
  stop.addEventListener('abort', failAll);
  try {
    await inParallel(tasks, options.threads, async (task) => {
      stop.throwIfAborted();
      const thread = idle.pop() ?? add();
      try {
        await thread.process(task);
      } finally {
        idle.push(thread);
      }
    });
    all.forEach((thread) => thread.check());
  } finally {
    stop.removeEventListener('abort', failAll);
    await Promise.all(all.map(async (thread) => thread.end()));
  }
}

class ChunkThread {
  private readonly worker: Worker;
  private readonly watch: ModuleWatch | undefined;
  /** The first error of the thread, even if no task was running. */
  private failure: Error | undefined;
  private readonly waiting: { resolve(): void; reject(error: Error): void } = { resolve: () => undefined, reject: () => undefined };

  constructor({ script, data, transformTimeoutSeconds, jobs, progress }: ThreadsOptions) {
    const phase = new ModulePhase();
    this.worker = new Worker(script, { workerData: { [THREAD_DATA]: { ...data, phaseMemory: phase.memory } satisfies ThreadData } });
    const { transform } = data.contract;
    if (transform?.kind === 'module') {
      this.watch = new ModuleWatch(phase, transform.name, transformTimeoutSeconds, (failure) => {
        this.fail(failure);
        void this.worker.terminate();
      });
    }
    const send = (message: ToThread) => this.worker.postMessage(message);
    this.worker.on('message', (message: FromThread) => {
      if ('call' in message) void answer(message, jobs).then(send);
      else if ('progress' in message) progress(message.progress.chunkId, message.progress.bytesDone);
      else if ('failed' in message) this.fail(Object.assign(new Error(message.failed.message), message.failed));
      else this.waiting.resolve();
    });
    this.worker.on('error', (error: Error) => this.fail(error));
    this.worker.on('exit', (code) => this.fail(endOf(code, data)));
  }

  async process(task: ChunkTask): Promise<void> {
    this.check();
    await new Promise<void>((resolve, reject) => {
      Object.assign(this.waiting, { resolve, reject });
      this.worker.postMessage({ task } satisfies ToThread);
    });
  }

  /** @throws the first error of the thread */
  check(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  async end(): Promise<void> {
    this.watch?.stop();
    await this.worker.terminate();
  }

  fail(error: Error): void {
    this.failure ??= error;
    this.waiting.reject(error);
  }
}

/** For example, a module that calls `process.exit` ends its thread. */
function endOf(code: number, { contract: { transform } }: ThreadsOptions['data']): Error {
  const beside = transform?.kind === 'module' ? ` while the transform module ${transform.name} was loaded` : '';
  return new Error(`expected a worker thread to run until its chunks are done, it has ended with exit code ${code}${beside}`);
}
