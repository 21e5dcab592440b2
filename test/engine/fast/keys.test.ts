import { seeChunk, seeFastChunk } from './seen-chunk';
import { RESULTS } from '../../../src/engine/fast/layout';
import { acquireMachine } from '../../../src/engine/fast/machine';
import { compileFormat } from '../../../src/engine/format/format';
import { RUN_LENGTH } from '../../../src/engine/keys/key-run';
import { OutputSettings } from '../../../src/spec/output-settings';
import { Field } from '../../../src/spec/schema';

function keyed(field: Field, output: OutputSettings = {}, others: Field[] = []) {
  return compileFormat({
    schema: { fields: [field, ...others], uniqueKeys: [[field.name]], quotedMissingValues: false },
    dialect: { header: false },
    maxRecordSize: 1000,
    output,
  });
}

test('a text of any length has the hash that the exact path gives it', async () => {
  const content = Array.from({ length: 200 }, (_, length) => `${'x'.repeat(length)}é\n`).join('');
  const { taken, ...fast } = await seeFastChunk(content, keyed({ name: 'text' }));
  expect(taken).toBe(200);
  expect(fast).toEqual(await seeChunk(content, keyed({ name: 'text' }), { fast: false }));
});

test('more records than one run of the module has room for the keys of', async () => {
  const content = Array.from({ length: 20_000 }, (_, index) => `${index % 10}\n`).join('');
  const format = keyed({ name: 'a', type: 'integer' });
  const { taken, ...fast } = await seeFastChunk(content, format);
  expect(taken).toBeGreaterThan(19_900);
  expect(fast).toEqual(await seeChunk(content, format, { fast: false }));
});

test('a run of keys is as long as one of the exact path', async () => {
  const records = 2 * RUN_LENGTH + 1000;
  const { result, keys } = await seeChunk('1\n'.repeat(records), keyed({ name: 'a', type: 'integer' }));
  expect(result.keyRuns).toEqual([RUN_LENGTH, RUN_LENGTH, 1000]);
  expect(keys.length).toBe(records * 32);
}, 60_000);

// In CSV a value that reads as a missing one stands in quotes; what is hashed is the value.
test.each<[string, Field, string]>([
  ['a word', { name: 'v', type: 'boolean', missingValues: ['', 'true'] }, '"true",1\n"true",1e3\n'],
  ['a number of a closed set', { name: 'v', type: 'integer', missingValues: ['-1'], constraints: { enum: [-1, 2] } }, '"-1",1\n"-1",1e3\n2,1\n2,1e3\n'],
  ['a number without an op', { name: 'v', type: 'integer', missingValues: ['-1'], groupChar: '.' }, '"-1",1\n"-1",1e3\n1.000,1\n1000,1e3\n'],
  ['a text', { name: 'v', missingValues: ['NA'] }, '"NA",1\n"NA",1e3\n'],
  ['a text that JSON escapes', { name: 'v' }, 'a\\b,1\na\\b,1e3\na\tb,1\na\tb,1e3\n'],
  ['a text that CSV quotes', { name: 'v' }, '"a,b",1\n"a,b",1e3\n"",1\n"",1e3\n'],
])('the keys of CSV are those of the values, whichever path a record takes: %s', async (_, field, content) => {
  const format = keyed(field, { format: 'csv' }, [{ name: 'n', type: 'number' }]);
  const fast = await seeChunk(content, format);
  expect(fast).toEqual(await seeChunk(content, format, { fast: false }));
  const hashes = Array.from({ length: fast.keys.length / 32 }, (__, entry) => fast.keys.toString('hex', entry * 32, entry * 32 + 16));
  expect(hashes.length).toBe(content.split('\n').length - 1);
  expect(new Set(hashes).size).toBe(hashes.length / 2);
});

test('the tables of the module end before what the host has placed', () => {
  const { moduleDataEnd } = acquireMachine()!.exports as unknown as { moduleDataEnd: { value: number } };
  expect(moduleDataEnd.value).toBeLessThanOrEqual(RESULTS);
});
