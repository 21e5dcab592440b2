import { createdEvent, World } from './support/world';
import { JobItem } from '../../src/contract/job-item';
import { boundedColumns } from '../../src/steps/reject-columns';
import { JobReport } from '../../src/steps/report';

describe('what an item of the job table holds of the rejects by column', () => {
  test('all of few columns', () => {
    expect(boundedColumns({ b: 1, a: 3 })).toEqual({ columns: { b: 1, a: 3 }, isCut: false });
  });

  test('of many columns the hundred with most rejects, and the sum of the others', () => {
    const counts = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`column_${index}`, index + 1]));
    const { columns, isCut } = boundedColumns(counts);
    expect(isCut).toBe(true);
    expect(Object.keys(columns)).toHaveLength(101);
    expect(columns).toMatchObject({ column_149: 150, column_50: 51 });
    expect(columns).not.toHaveProperty('column_49');
    expect(columns['(other columns)']).toBe(50 * 51 / 2);
  });

  test('a column that has the name of the others is one of them', () => {
    const counts = { '(other columns)': 500, ...Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`column_${index}`, 1])) };
    expect(boundedColumns(counts).columns).toEqual(counts);
  });

  test('of names that are very long as many as have room', () => {
    const counts = Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`${index}`.padStart(1000, 'é'), 90 - index]));
    const { columns, isCut } = boundedColumns(counts);
    expect(isCut).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(columns))).toBeLessThan(20_000);
    expect(Object.values(columns).reduce((sum, count) => sum + count, 0)).toBe(90 * 91 / 2);
  });
});

describe('a file of 5,000 fields, one bad record in each', () => {
  const NAMES = Array.from({ length: 5000 }, (_, index) => `a_field_with_a_name_of_the_usual_length_${index}`);
  const FILE = [...NAMES.map((name) => `{"${name}":"none"}`), '{}', ''].join('\n');

  async function run(contract: object) {
    const schema = { fields: NAMES.map((name) => ({ name, type: 'integer' as const })) };
    const world = new World('Enabled', { schema, chunkSizeBytes: Math.ceil(FILE.length / 3), ...contract });
    const ended = await world.execute(createdEvent(world.land('incoming/a.jsonl', FILE)));
    const fileId = ended.fileId!;
    const chunks = [];
    for await (const chunk of world.jobs.chunks(fileId)) chunks.push(chunk);
    const report = await world.output.getJson<JobReport>(`reports/file_id=${fileId}.json`);
    return { world, ended, chunks, job: await world.job(fileId), report };
  }

  const sizeOf = (item: object) => Buffer.byteLength(JSON.stringify(item));
  const exact = Object.fromEntries(NAMES.map((name) => [name, 1]));

  test.each([
    ['is published', { maxRejectedRecords: 5000 }, ''],
    ['is refused', {}, 'too_many_rejects'],
  ])('%s, with items that DynamoDB takes and a report that names each field', async (_, contract, errorCode) => {
    const { ended, chunks, job, report } = await run(contract);
    expect(ended).toMatchObject({ errorCode });
    expect(chunks).toHaveLength(3);
    for (const item of [job, ...chunks] as JobItem[]) {
      expect(sizeOf(item)).toBeLessThan(30_000);
      expect(Object.values(item.rejects_by_column!).reduce((sum, count) => sum + count, 0)).toBe(item.records_rejected);
    }
    expect(job.rejects_by_column).toMatchObject({ '(other columns)': 4900 });
    expect(report.rejectsByColumn).toEqual(exact);
  });

  test('the job says of each column that it names how many there were in all chunks', async () => {
    const often = NAMES[4000];
    const file = [...NAMES.slice(0, 300), often, ...NAMES.slice(300, 600), often, ...NAMES.slice(600, 900), often].map((name) => `{"${name}":"none"}`);
    const schema = { fields: NAMES.map((name) => ({ name, type: 'integer' as const })) };
    const world = new World('Enabled', { schema, chunkSizeBytes: Math.ceil(file.join('\n').length / 3) });
    const { fileId } = await world.execute(createdEvent(world.land('incoming/a.jsonl', `${file.join('\n')}\n`)));
    expect((await world.job(fileId)).rejects_by_column).toMatchObject({ [often]: 3, '(other columns)': 903 - 3 - 99 });
  }, 60_000);
});
