/** One worker thread: runs the step ProcessChunk over the local disk. What it finds out goes to the job table of the main thread. */
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
  /** Of the thread's `ModulePhase`. */
  readonly phaseMemory: SharedArrayBuffer;
}

export type ToThread = { readonly task: ChunkTask } | TableAnswer;
export type FromThread =
  | TableCall
  | { readonly progress: { readonly chunkId: string; readonly bytesDone: number } }
  | { readonly done: true }
  // Not the error itself: a copy of it may fail, and would lose its name.
  | { readonly failed: Pick<Error, 'name' | 'message' | 'stack'> };

/** The key in `workerData` that tells a thread of ours from another one that loads this code. */
export const THREAD_DATA = 'csvChunkPipelineThread';

/** In a thread of ours: serves it. Else nothing. */
export function serveIfThread(): void {
  const data = (workerData as { readonly [THREAD_DATA]?: ThreadData } | null)?.[THREAD_DATA];
  if (!isMainThread && parentPort !== null && data !== undefined) serve(parentPort, data);
}

function serve(port: MessagePort, { contract, fastPath, folders, phaseMemory }: ThreadData): void {
  const send = (message: FromThread) => port.postMessage(message);
  const fail = ({ name, message, stack }: Error) => send({ failed: { name, message, stack } });
  const { transform } = contract;
  if (transform?.kind === 'module') {
    // Of a timer of the module, say; or a fault of ours, which the stack tells. It would end the thread, and its message would name no module.
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
