import { closeSync, fstatSync, openSync, read } from 'node:fs';
import { promisify } from 'node:util';
import { runEngine, Sink } from './engine-run';
import { compileFormat } from '../../src/engine/format/format';
import { MAX_READS_IN_FLIGHT } from '../../src/engine/io/window';
import { ProcessOptions, processRecords } from '../../src/engine/process/process-records';
import { ShardEncoder } from '../../src/steps/reject-shard';

/** This engine, as a handler runs it, except for the network. */
const READ_SIZE = 1024 * 1024;
const readBytes = promisify(read);

export function runFullJob(options: ProcessOptions): void {
  void runEngine(async (job) => {
    const sink = new Sink(job);
    const shard = new ShardEncoder();
    const file = openSync(job.input, 'r');
    const { size } = fstatSync(file);
    const buffers = Array.from({ length: MAX_READS_IN_FLIGHT + 1 }, () => Buffer.allocUnsafeSlow(READ_SIZE));
    const source = {
      size,
      // The engine holds one block and asks for the next ones.
      read: async (start: number, end: number) => {
        const buffer = buffers.shift()!;
        buffers.push(buffer);
        const { bytesRead } = await readBytes(file, buffer, 0, end - start, start);
        return buffer.subarray(0, bytesRead);
      },
    };
    const format = compileFormat({ schema: job.schema, dialect: {}, maxRecordSize: 1024 * 1024 });
    const result = await processRecords(source, format, { start: 0, end: Math.min(job.chunkSize ?? size, size) }, {
      write: async (bytes) => sink.output.bytes(bytes),
      rejects: async (batch) => sink.rejects.bytes(shard.encode(batch)),
    }, { ...options, readSize: READ_SIZE, now: () => new Date().getTime() });
    closeSync(file);
    sink.close();
    return { written: result.recordsWritten, rejected: result.recordsRejected };
  });
}
