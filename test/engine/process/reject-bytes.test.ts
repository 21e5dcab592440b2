import { setImmediate } from 'node:timers/promises';
import { processRecords } from '../../../src/engine/process/process-records';
import { Transform } from '../../../src/engine/transform/transform';
import { bytesSource, format } from '../support/engine-run';

/** Several times as much as the engine holds at once. */
const SIZE = 4_000_000;
const READ_SIZE = 100_000;

/** Every third record has a field too many; the texts tell the records apart. */
function records(): Buffer {
  const lines: string[] = ['id,text\n'];
  for (let size = 0, id = 0; size < SIZE; id++) {
    const line = `${id},${'abc'.repeat(id % 50)}${id % 3 === 0 ? ',extra' : ''}\n`;
    lines.push(line);
    size += line.length;
  }
  return Buffer.from(lines.join(''));
}

/** Refuses every second of the valid records, some time after it has been given them. */
const refuseSome: Transform = {
  batchRecords: 500,
  batchBytes: 1_000_000,
  apply: async (batch) => {
    await setImmediate();
    return batch.map((values, index) => index % 2 === 0 ? values : { message: 'refused' });
  },
};

test.each<[string, Transform | undefined]>([
  ['without a transform', undefined],
  ['with one, for which records wait', refuseSome],
])('a reject holds the bytes of its record until the sink has done with it, %s', async (_, transform) => {
  const content = records();
  let seen = 0;
  const { recordsRejected } = await processRecords(bytesSource(content), format(['id', 'text']), { start: 0, end: content.length }, {
    write: async () => undefined,
    rejects: async (batch) => {
      await setImmediate();
      for (const { byteOffset, record } of batch) {
        if (content.compare(record, 0, record.length, byteOffset, byteOffset + record.length) !== 0) {
          throw new Error(`the reject at ${byteOffset} holds ${record.toString()}`);
        }
        expect(content[byteOffset + record.length]).toBe(0x0a);
        seen++;
      }
    },
  }, { transform, readSize: READ_SIZE });
  expect(seen).toBe(recordsRejected);
  expect(seen).toBeGreaterThan(10_000);
});

test.each<[string, Transform | undefined]>([
  ['without a transform', undefined],
  ['with one', refuseSome],
])('all rejects have the same properties in the same order, whatever is wrong, %s: reading others takes the million several times as long', async (_, transform) => {
  const content = `id\n1\n2\n,\n"a"b\n${'x'.repeat(200)}\n"`;
  const shapes = new Set<string>();
  const codes = new Set<string>();
  await processRecords(bytesSource(content), format(['id'], {}, 100), { start: 0, end: content.length }, {
    write: async () => undefined,
    rejects: async (batch) => {
      for (const reject of batch) {
        shapes.add(Object.keys(reject).join());
        codes.add(reject.code);
      }
    },
  }, { transform });
  expect([...codes].sort()).toEqual(['field_count', 'quote', 'record_size', ...transform ? ['transform'] : []]);
  expect([...shapes]).toHaveLength(1);
});
