import { FieldType } from '../../../src';
import { processRecords } from '../../../src/engine/process/process-records';
import { bytesSource } from '../support/engine-run';
import { formatOf, moduleTransform } from '../transform/run-transform';

const FORMAT = formatOf([{ name: 'id', type: FieldType.INTEGER }, { name: 'text' }]);
const CSV = 'id,text\n1,a\nnone,b\n3,c\n4,d\n';

/** Time that goes on only where somebody lets it. */
function stages(step: { readonly apply?: number; readonly write?: number; readonly read?: number; readonly fast?: boolean }) {
  let time = 1000;
  const pass = (milliseconds = 0) => { time += milliseconds; };
  const source = bytesSource(CSV);
  const slow = { size: source.size, read: async (start: number, end: number) => { pass(step.read); return source.read(start, end); } };
  const transform = moduleTransform(FORMAT, (record) => {
    pass(step.apply);
    return record.text === 'c' ? null : record;
  });
  return processRecords(slow, FORMAT, { start: 0, end: source.size }, {
    write: async () => pass(step.write),
    rejects: async () => pass(step.write),
  }, { transform: step.apply === undefined ? undefined : transform, fast: step.fast, now: () => time }).then((result) => result.stages);
}

test.each([true, false])('each stage has its own time and count, with the fast path: %s', async (fast) => {
  // One read, one write of the part and one of the rejects.
  expect(await stages({ read: 1, write: 100, fast })).toEqual({
    validate: { records: 4, milliseconds: 1 }, transform: { records: 0, milliseconds: 0 }, write: { records: 3, milliseconds: 200 },
  });
});

test('the transform has the valid records, and the time of its calls', async () => {
  expect(await stages({ read: 1, apply: 10, write: 100 })).toEqual({
    validate: { records: 4, milliseconds: 1 }, transform: { records: 3, milliseconds: 30 }, write: { records: 2, milliseconds: 200 },
  });
});

test('without a clock there are counts alone', async () => {
  const source = bytesSource(CSV);
  const { stages: untimed } = await processRecords(source, FORMAT, { start: 0, end: source.size }, {
    write: async () => undefined, rejects: async () => undefined,
  });
  expect(untimed).toEqual({
    validate: { records: 4, milliseconds: 0 }, transform: { records: 0, milliseconds: 0 }, write: { records: 3, milliseconds: 0 },
  });
});
