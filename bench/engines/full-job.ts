import { open } from 'node:fs/promises';
import { runEngine } from './engine-run';
import { compileFormat } from '../../src/engine/format';
import { processChunk, ProcessOptions } from '../../src/engine/process-chunk';
import { TRANSACTIONS_SCHEMA } from '../transactions';

/** This engine, as a handler runs it but for the network. */
export function runFullJob(options: ProcessOptions): void {
  void runEngine(async (input, sink) => {
    const file = await open(input);
    const { size } = await file.stat();
    const source = {
      size,
      read: async (start: number, end: number) => {
        const buffer = Buffer.allocUnsafeSlow(end - start);
        await file.read(buffer, 0, buffer.length, start);
        return buffer;
      },
    };
    const format = compileFormat({ schema: TRANSACTIONS_SCHEMA, dialect: {}, maxRecordSize: 1024 * 1024 });
    const result = await processChunk(source, format, { start: 0, end: size }, {
      write: async (bytes) => sink.bytes(bytes),
      reject: async ({ line, byteOffset, code, column, record }) => {
        sink.reject(JSON.stringify({ line, byteOffset, code, column, record: Buffer.from(record).toString() }) + '\n');
      },
    }, options);
    await file.close();
    return { written: result.recordsWritten, rejected: result.recordsRejected };
  });
}
