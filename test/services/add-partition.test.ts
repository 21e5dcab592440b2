import { MemoryCatalog } from '../../simulation/memory-catalog';
import { JobContract } from '../../src/contract/job-contract';
import { publishedSchema } from '../../src/contract/record-settings';
import { addPartition, AddPartitionDeps } from '../../src/services/add-partition';
import { publishedFormOf } from '../../src/spec/output-columns';
import { CONTRACT, createdEvent, World } from '../steps/support/world';

const DAY = 24 * 3600 * 1000;

/** A pipeline in memory, and the catalog of its published records. */
class CatalogWorld extends World {
  readonly catalog = new MemoryCatalog();
  private readonly contract: JobContract;

  constructor(contract: Partial<JobContract> = {}) {
    super('Enabled', contract);
    this.contract = { ...CONTRACT, ...contract };
  }

  /** @returns the id of the file's job */
  async process(name: string, content: string): Promise<string> {
    const { fileId } = await this.execute(createdEvent(this.land(`incoming/${name}`, content)));
    return fileId!;
  }

  partitionDeps(): AddPartitionDeps {
    const { jobs, output, now, log } = this.deps;
    const { output: settings } = this.contract;
    return { jobs, output, catalog: this.catalog, bucket: 'output', table: publishedFormOf(publishedSchema(this.contract), settings), now, log };
  }

  /** The event of the job's end arrives. */
  async hear(fileId: string): Promise<number> {
    const detail = this.announced.find((event) => event.fileId === fileId)!;
    return (await addPartition({ detail }, this.partitionDeps())).added;
  }

  async repair(repairDays = 7): Promise<number> {
    return (await addPartition({ repairDays }, this.partitionDeps())).added;
  }

  /** Settings of the pipeline, and of the table, from now on. */
  redeploy(contract: Partial<JobContract>): void {
    this.deploy(contract);
    Object.assign(this.contract, contract);
  }
}

const fileIds = ({ catalog }: CatalogWorld) => catalog.added.map(({ fileId }) => fileId);

test('a job that was published becomes a partition: where its parts lie, with their columns', async () => {
  const world = new CatalogWorld();
  const fileId = await world.process('a.csv', 'id,text\n1,x\n');
  expect(await world.hear(fileId)).toBe(1);
  expect(world.catalog.added).toEqual([{
    ingestDate: '2026-11-21',
    fileId,
    location: `s3://output/output/ingest_date=2026-11-21/file_id=${fileId}/`,
    storage: expect.objectContaining({
      columns: [{ name: 'id', type: 'bigint' }, { name: 'text', type: 'string' }],
      serde: 'org.openx.data.jsonserde.JsonSerDe',
    }),
    parameters: { schema_fingerprint: CONTRACT.fingerprint },
  }]);
});

test('an event that comes twice adds one partition', async () => {
  const world = new CatalogWorld();
  const fileId = await world.process('a.csv', 'id,text\n1,x\n');
  expect([await world.hear(fileId), await world.hear(fileId)]).toEqual([1, 0]);
  expect(fileIds(world)).toEqual([fileId]);
});

test('a job that failed has none, nor has one that published no record', async () => {
  const world = new CatalogWorld();
  const failed = await world.process('bad.csv', 'id,text\nx,x\n');
  const empty = await world.process('empty.csv', 'id,text\n');
  expect([(await world.job(failed)).status, (await world.job(empty)).status]).toEqual(['FAILED', 'SUCCEEDED']);
  expect([await world.hear(failed), await world.hear(empty), await world.repair()]).toEqual([0, 0, 0]);
});

test('fails when there is no such job', async () => {
  const world = new CatalogWorld();
  const detail = { pipelineId: 'x', fileId: 'none', run: 1, bucket: 'b', key: 'k', status: 'SUCCEEDED' as const };
  await expect(addPartition({ detail }, world.partitionDeps())).rejects.toThrow('expected a job none in the job table, got none');
});

test('what was deployed since changes nothing: the partition is as the job was published', async () => {
  const world = new CatalogWorld();
  const fileId = await world.process('a.csv', 'id,text\n1,x\n');
  world.redeploy({
    schema: { fields: [{ name: 'key' }, { name: 'more', type: 'date' }] }, output: { format: 'parquet' }, prefixes: { ...CONTRACT.prefixes, output: 'published/' },
  });
  await world.hear(fileId);
  expect(world.catalog.added[0]).toMatchObject({
    location: `s3://output/output/ingest_date=2026-11-21/file_id=${fileId}/`,
    storage: { columns: [{ name: 'id', type: 'bigint' }, { name: 'text', type: 'string' }], serde: 'org.openx.data.jsonserde.JsonSerDe' },
  });
});

describe('the repair', () => {
  test('adds what no event has brought, and nothing twice', async () => {
    const world = new CatalogWorld();
    const heard = await world.process('a.csv', 'id,text\n1,x\n');
    const missed = await world.process('b.csv', 'id,text\n2,x\n');
    await world.hear(heard);
    expect([await world.repair(), await world.repair()]).toEqual([1, 0]);
    expect(fileIds(world)).toEqual([heard, missed]);
  });

  test('looks as far back as it is told', async () => {
    const world = new CatalogWorld();
    await world.process('a.csv', 'id,text\n1,x\n');
    world.pass(8 * DAY);
    expect(await world.repair(7)).toBe(0);
    expect(await world.repair(9)).toBe(1);
  });

  test('asks for a hundred jobs at a time', async () => {
    const world = new CatalogWorld();
    const job = await world.job(await world.process('a.csv', 'id,text\n1,x\n'));
    const others = Array.from({ length: 249 }, (_, index) => ({ ...job, file_id: `${index}` }));
    world.jobs.jobsByStatus = async function* () { yield* [job, ...others]; };
    expect(await world.repair()).toBe(250);
    expect(world.catalog.asked).toBe(3);
  });

  test('adds the others where one cannot be added, and fails in the end', async () => {
    const world = new CatalogWorld();
    const broken = await world.process('a.csv', 'id,text\n1,x\n');
    const whole = await world.process('b.csv', 'id,text\n2,x\n');
    const { report_key: key } = await world.job(broken);
    world.outputBucket.put(key!, 'no JSON');
    await expect(world.repair()).rejects.toThrow(/^1 partitions are missing or misread, 1 were added; the first: /);
    expect(fileIds(world)).toEqual([whole]);
  });
});

describe('CSV is read by position', () => {
  const csv = (...names: string[]): Partial<JobContract> => ({
    schema: { fields: names.map((name) => ({ name })) }, output: { format: 'csv' }, dialect: {},
  });

  test('a column more at the end does no harm, to jobs before it and after it', async () => {
    const world = new CatalogWorld(csv('a', 'b'));
    const before = await world.process('a.csv', 'a,b\n1,2\n');
    world.redeploy(csv('a', 'b', 'c'));
    const after = await world.process('b.csv', 'a,b,c\n1,2,3\n');
    expect([await world.hear(before), await world.hear(after), await world.repair()]).toEqual([1, 1, 0]);
  });

  test.each([
    ['is put between others', ['a', 'x', 'b'], 'expected column 2 to be x, as in the table, because CSV is read by position, got b'],
    ['is removed', ['b'], 'expected column 1 to be b, as in the table, because CSV is read by position, got a'],
    ['changes its place', ['b', 'a'], 'expected column 1 to be b, as in the table, because CSV is read by position, got a'],
    ['has another name', ['a', 'c'], 'expected column 2 to be c, as in the table, because CSV is read by position, got b'],
  ])('where one %s, a job from before becomes no partition, and the repair tells of those that are there', async (_, names, fault) => {
    const world = new CatalogWorld(csv('a', 'b'));
    const there = await world.process('a.csv', 'a,b\n1,2\n');
    await world.hear(there);
    const late = await world.process('b.csv', 'a,b\n3,4\n');
    world.redeploy(csv(...names));
    await expect(world.hear(late)).rejects.toThrow(`job ${late} must be read by another table (tableName): ${fault}`);
    await expect(world.repair()).rejects.toThrow(`2 partitions are missing or misread, 0 were added; the first: the partition of job ${there} is misread, `
      + `make another table (tableName): ${fault}`);
  });

  test('a header more or less is another table, and so is another format', async () => {
    const world = new CatalogWorld(csv('a'));
    const fileId = await world.process('a.csv', 'a\n1\n');
    world.redeploy({ output: { format: 'csv', header: false } });
    await expect(world.hear(fileId)).rejects.toThrow('expected part files without a header, as the table has them, got them with one');
    world.redeploy({ output: { format: 'jsonl' } });
    await expect(world.hear(fileId)).rejects.toThrow('expected part files in the table\'s format, jsonl, got csv');
  });
});
