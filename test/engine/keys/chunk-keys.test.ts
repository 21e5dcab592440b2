import { hashesOf } from './entries';
import { compileFormat } from '../../../src/engine/format/format';
import { ChunkKeys } from '../../../src/engine/keys/chunk-keys';
import { ExclusionList } from '../../../src/engine/keys/exclusions';
import { ENTRY_BYTES, KeyEntries } from '../../../src/engine/keys/key-entry';
import { ProcessOptions, processRecords } from '../../../src/engine/process/process-records';
import { Transform } from '../../../src/engine/transform/transform';
import { bytesSource } from '../support/engine-run';

const FORMAT = compileFormat({
  schema: { fields: [{ name: 'id', type: 'integer' }, { name: 'text' }], primaryKey: 'id' }, dialect: {}, maxRecordSize: 1000,
});
const FILE = 'id,text\n1,"a\nb"\n\nx,bad\n02,c\n3,d\n';

async function run(options: ProcessOptions = {}, content = FILE) {
  const output: Buffer[] = [];
  const keys: Buffer[] = [];
  const rejects: string[] = [];
  const result = await processRecords(bytesSource(content), FORMAT, { start: 0, end: content.length }, {
    write: async (bytes) => { output.push(Buffer.from(bytes)); },
    rejects: async (batch) => { rejects.push(...batch.map(({ code, byteOffset, message }) => `${byteOffset} ${code} ${message}`)); },
    writeKeys: async (bytes) => { keys.push(Buffer.from(bytes)); },
  }, options);
  return { result, output: Buffer.concat(output).toString(), rejects, shard: Buffer.concat(keys) };
}

/** Byte offset and line of each entry, in the order of the file. */
function placesOf(shard: Buffer): number[][] {
  const entries = new KeyEntries(shard);
  return Array.from({ length: entries.capacity }, (_, entry) => [entries.byteOffset(entry), entries.line(entry)]).sort(([a], [b]) => a - b);
}

function excluding(byteOffset: number): ExclusionList {
  const list = ExclusionList.withRoomFor(1);
  list.set(0, { byteOffset, keyNumber: 0, firstLine: 2, firstByteOffset: 8 });
  return list;
}

test('each record that is written leaves its key, with its byte and its line', async () => {
  const { result, shard } = await run();
  expect(placesOf(shard)).toEqual([[8, 1], [23, 5], [28, 6]]);
  expect(result.keyRuns).toEqual([3]);
  expect([...hashesOf(shard)]).toEqual([...hashesOf(shard)].sort((a, b) => wordOf(a) - wordOf(b)));
});

const wordOf = (hash: string): number => Buffer.from(hash, 'hex').readUInt32LE(0);

test('a record that is excluded is rejected in its place, and leaves no key', async () => {
  const { result, output, rejects, shard } = await run({ exclusions: excluding(23) });
  expect(output).toBe('{"id":1,"text":"a\\nb"}\n{"id":3,"text":"d"}\n');
  expect(rejects.map((reject) => reject.slice(0, 9))).toEqual(['17 type e', '23 unique']);
  expect(rejects[1]).toBe('23 unique must be unique (primaryKey id), the first one is on line 2 (byte 8)');
  expect(placesOf(shard)).toEqual([[8, 1], [28, 6]]);
  expect(result).toMatchObject({ recordsRead: 4, recordsWritten: 2, recordsRejected: 2 });
  expect(result).toMatchObject({ rejectsByCode: { type: 1, unique: 1 }, rejectsByColumn: { id: 2 } });
});

test('what is to be excluded is never published for want of a key', () => {
  expect(() => ChunkKeys.open([], {}, excluding(23))).toThrow('internal: expected keys, and somebody who takes them, because 1 records are to be excluded, got none');
  expect(ChunkKeys.open([], {}, ExclusionList.withRoomFor(0))).toBeUndefined();
});

test('a record that is excluded, but is not valid or not there, fails the chunk', async () => {
  await expect(run({ exclusions: excluding(17) })).rejects.toThrow('internal: expected to exclude 1 records, got 0: there is no valid one at byte 17');
  await expect(run({ exclusions: excluding(24) })).rejects.toThrow('there is no valid one at byte 24');
});

test('keys are those of what a transform gives out; a record that it filters or refuses leaves none', async () => {
  const transform: Transform = {
    batchRecords: 2,
    batchBytes: 1000,
    apply: async (records) => records.map(([id, text]) => id === '2' ? null : [`${id}0`, text]),
  };
  const { result, shard } = await run({ transform });
  const plain = await run({}, 'id,text\n10,"a\nb"\n\nx,bad\n5\n30,d\n');
  expect(result).toMatchObject({ recordsRead: 4, recordsWritten: 2, recordsRejected: 1, recordsFiltered: 1 });
  expect(placesOf(shard)).toEqual([[8, 1], [28, 6]]);
  expect(hashesOf(shard)).toEqual(hashesOf(plain.shard));
  expect(shard.length).toBe(2 * ENTRY_BYTES);
});

test('a record that a transform gives out can be excluded, too', async () => {
  const transform: Transform = { batchRecords: 10, batchBytes: 1000, apply: async (records) => records };
  const { output, rejects } = await run({ transform, exclusions: excluding(23) });
  expect(output).toBe('{"id":1,"text":"a\\nb"}\n{"id":3,"text":"d"}\n');
  expect(rejects.map((reject) => reject.slice(0, 9))).toEqual(['17 type e', '23 unique']);
});
