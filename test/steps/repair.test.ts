import { createdEvent, tasksOfRound, World } from './support/world';

/** Records whose text holds lines that look like records. */
function trap(records: number): string {
  return 'id,text\n' + Array.from({ length: records }, (_, id) => `${id},"a\n${id + 100},b\n${id + 200},c"\n`).join('');
}

async function runWith(file: string, guessedStarts: readonly number[]) {
  const world = new World();
  world.guessedStarts = guessedStarts;
  const ended = await world.execute(createdEvent(world.land('incoming/a.csv', file)));
  const round = async (number: number) => tasksOfRound(world, ended.fileId!, number);
  return { world, ended, round };
}

const FILE = trap(6);
const at = (text: string) => FILE.indexOf(text);
const right = (id: number) => at(`${id},"a`);
const wrong = (id: number) => at(`${id + 100},b`);

async function published(file: string): Promise<string> {
  const { world } = await runWith(file, [0]);
  return world.published();
}

test.each([
  ['one guess', [0, wrong(1), right(3)]],
  ['the last guess', [0, right(2), wrong(4)]],
  ['several guesses in a row', [0, wrong(1), wrong(2), wrong(3)]],
  ['two guesses in one record', [0, wrong(2), at('202,c'), right(4)]],
  ['guesses with right ones between them', [0, wrong(0), right(2), wrong(3), right(5)]],
  ['a guess in the last record', [0, wrong(5)]],
])('a wrong boundary (%s) costs two rounds and no record', async (_, starts) => {
  const { world, ended } = await runWith(FILE, starts);
  expect(ended.status).toBe('SUCCEEDED');
  expect(world.published()).toBe(await published(FILE));
  expect(await world.job(ended.fileId)).toMatchObject({ map_round: 2, records_read: 6, records_written: 6, records_rejected: 0 });
  expect(world.openUploads()).toEqual([]);
});

test('the first round scans all chunks from the first wrong one on, as they were planned; the second runs the wrong ones again', async () => {
  const { world, ended, round } = await runWith(FILE, [0, right(1), wrong(2), right(4)]);
  const fileId = ended.fileId!;
  const { plan_key: planKey } = await world.job(fileId);
  expect(await round(1)).toEqual([
    { fileId, planKey, chunkId: 'chunk-0000002', task: 'SCAN', run: 1, round: 1, start: wrong(2), end: right(4) },
    { fileId, planKey, chunkId: 'chunk-0000003', task: 'SCAN', run: 1, round: 1, start: right(4), end: FILE.length },
  ]);
  expect(await round(2)).toEqual([{ fileId, planKey, chunkId: 'chunk-0000002', task: 'PROCESS', run: 1, round: 2, start: right(3), end: right(4) }]);
});

test('the report marks the chunks whose start was repaired, and the metric counts them', async () => {
  const { world, ended } = await runWith(FILE, [0, wrong(1), right(3)]);
  const { chunks } = await world.output.getJson<{ chunks: object[] }>(`reports/file_id=${ended.fileId}.json`);
  expect(chunks).toMatchObject([
    { start: 0, end: right(2), boundary: 'exact' },
    { start: right(2), end: right(3), boundary: 'guess', repaired: true },
    { start: right(3), end: FILE.length, boundary: 'guess' },
  ]);
  expect(chunks.map((chunk) => 'repaired' in chunk)).toEqual([false, true, false]);
  expect(world.metrics.get('ChunkRepairs')).toBe(1);
});

test('lines of rejected.csv are those of the file after a repair, too', async () => {
  const file = FILE.replace('5,"a', 'none,"a');
  const world = new World('Enabled', { maxRejectedRecords: 1 });
  world.guessedStarts = [0, wrong(1), wrong(3)];
  const ended = await world.execute(createdEvent(world.land('incoming/a.csv', file)));
  expect(ended.status).toBe('SUCCEEDED');
  expect(world.rejectedCsv(ended.fileId!)!.split('\n')[1]).toMatch(new RegExp(`^17,${file.indexOf('none')},type,id,`));
});
