import { open } from 'node:fs/promises';
import { runEngine } from './engine-run';
import { compileFormat } from '../../src/engine/format';
import { processChunk, ProcessOptions } from '../../src/engine/process-chunk';
import { TRANSACTIONS_SCHEMA } from '../transactions';

/** This engine, as a handler runs it but for the network. */
const READ_SIZE = 1024 * 1024;

export function runFullJob(options: ProcessOptions): void {
  void runEngine(async (input, sink) => {
    const file = await open(input);
    const { size } = await file.stat();
    const buffers = [Buffer.allocUnsafeSlow(READ_SIZE), Buffer.allocUnsafeSlow(READ_SIZE)];
    const source = {
      size,
      // The engine holds one block and asks for the next: two buffers do.
      read: async (start: number, end: number) => {
        buffers.reverse();
        const { bytesRead } = await file.read(buffers[0], 0, end - start, start);
        return buffers[0].subarray(0, bytesRead);
      },
    };
    const format = compileFormat({ schema: TRANSACTIONS_SCHEMA, dialect: {}, maxRecordSize: 1024 * 1024 });
    const result = await processChunk(source, format, { start: 0, end: size }, {
      write: async (bytes) => sink.bytes(bytes),
      reject: async ({ line, byteOffset, code, column, record }) => {
        sink.reject(JSON.stringify({ line, byteOffset, code, column, record: Buffer.from(record).toString() }) + '\n');
      },
    }, { ...options, readSize: READ_SIZE });
    await file.close();
    return { written: result.recordsWritten, rejected: result.recordsRejected };
  });
}
