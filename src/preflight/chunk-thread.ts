/** A worker thread: runs ProcessChunk on the local disk, and writes its results to the job table of the main thread. */
import { inspect } from 'node:util';
import { isMainThread, MessagePort, parentPort, workerData } from 'node:worker_threads';
import { LOCAL_DEPS } from './local-deps';
import { LocalOutputStore } from './local-output';
import { LocalSourceStore } from './local-source';
import { localUserCode } from './local-user-code';
import { ModulePhase } from './module-phase';
import { remoteTable, TableAnswer, TableCall } from './remote-table';
import { JobContract } from '../contract/job-contract';
import { ChunkTask } from '../contract/payloads';
import { processChunk } from '../steps/process-chunk';

/** What a thread is started with. */
export interface ThreadData {
  readonly contract: JobContract;
  readonly fastPath: boolean;
  readonly folders: LocalOutputStore['folders'];
  /** Shared memory for the thread's `ModulePhase`. */
  readonly phaseMemory: SharedArrayBuffer;
}

export type ToThread = { readonly task: ChunkTask } | TableAnswer;
export type FromThread =
  | TableCall
  | { readonly progress: { readonly chunkId: string; readonly bytesDone: number } }
  | { readonly done: true }
  // Not the error itself: copying it to another thread may fail, and loses its name.
  | { readonly failed: Pick<Error, 'name' | 'message' | 'stack'> };

/** The key in `workerData` that marks our own worker threads: other threads may load this code, too. */
export const THREAD_DATA = 'csvChunkPipelineThread';

/** Starts to serve chunks if this is one of our worker threads. */
export function serveIfThread(): void {
  const data = (workerData as { readonly [THREAD_DATA]?: ThreadData } | null)?.[THREAD_DATA];
  if (!isMainThread && parentPort !== null && data !== undefined) serve(parentPort, data);
}

function serve(port: MessagePort, { contract, fastPath, folders, phaseMemory }: ThreadData): void {
  const send = (message: FromThread) => port.postMessage(message);
  const fail = ({ name, message, stack }: Error) => send({ failed: { name, message, stack } });
  const { transform } = contract;
  if (transform?.kind === 'module') {
    // Thrown outside of a call, for example by a timer of the module (or by our own code: the stack tells). By default
    // it would end the thread, with a message that does not name the module.
    process.on('uncaughtException', (error: unknown) => {
      const message = `expected nothing to be thrown outside of a call, while the transform module ${transform.name} was loaded; got ${inspect(error)}`;
      send({ failed: { name: 'Error', message, stack: error instanceof Error ? error.stack : undefined } });
    });
  }
  const table = remoteTable(send);
  const deps = {
    ...LOCAL_DEPS,
    jobs: table.jobs,
    source: new LocalSourceStore(),
    output: new LocalOutputStore(folders),
    userCode: localUserCode(new ModulePhase(phaseMemory)),
    contract,
    fastPath,
    progress: (chunkId: string, bytesDone: number) => send({ progress: { chunkId, bytesDone } }),
  };
  port.on('message', (message: ToThread) => {
    if (!('task' in message)) {
      table.settle(message);
      return;
    }
    processChunk(message.task, deps).then(() => send({ done: true }), fail);
  });
}
