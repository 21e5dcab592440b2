import { createdEvent, csv, World } from './support/world';
import { Counts, countsOf } from '../../src/spec/counts';
import { ChunkReport } from '../../src/steps/report';

test('publishes every record of every chunk, in the order of the file, whatever the chunk size', async () => {
  const outputs = [];
  for (const chunkSizeBytes of [16, 64, 1000]) {
    const world = new World('Enabled', { chunkSizeBytes });
    const ended = await world.execute(createdEvent(world.land('incoming/a.csv', csv(40))));

    expect(ended).toMatchObject({ status: 'SUCCEEDED', errorCode: '' });
    expect(await world.job(ended.fileId)).toMatchObject({ status: 'SUCCEEDED', records_read: 40, records_written: 40, records_rejected: 0 });
    outputs.push(world.published());
  }
  expect(new Set(outputs)).toEqual(new Set([Array.from({ length: 40 }, (_, id) => `{"id":${id},"text":"record ${id}"}\n`).join('')]));
});

test('puts the day of the claim into the keys, also when the job ends on the next day', async () => {
  const world = new World();
  const ended = await world.execute(createdEvent(world.land('incoming/a.csv', csv(40))));
  expect((await world.job(ended.fileId)).process_end_time).toMatch(/^2026-11-22/);
  expect(world.outputBucket.keys('output/').every((key) => key.startsWith(`output/ingest_date=2026-11-21/file_id=${ended.fileId}/`))).toBe(true);
});

test('lists the parts in _manifest.json', async () => {
  const world = new World();
  const ended = await world.execute(createdEvent(world.land('incoming/a.csv', csv(40))));
  const prefix = `output/ingest_date=2026-11-21/file_id=${ended.fileId}/`;
  const manifest = await world.output.getJson<{ records: number; files: Array<{ key: string; records: number; bytes: number }> }>(`${prefix}_manifest.json`);
  expect(manifest.records).toBe(40);
  expect(manifest.files.map(({ key }) => key)).toEqual(world.outputBucket.keys(prefix).filter((key) => key.includes('/part-')));
  expect(manifest.files.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(world.published().length);
});

test('moves the source to processed/, and tells the event bus once', async () => {
  const world = new World();
  const ended = await world.execute(createdEvent(world.land('incoming/big files/50%+ä.csv', csv(5))));
  expect(world.landing.keys()).toEqual([`processed/${ended.fileId}/50%+ä.csv`]);
  expect(await world.job(ended.fileId)).toMatchObject({ file_name: '50%+ä.csv', moved_to: `processed/${ended.fileId}/50%+ä.csv` });
  expect(world.announced).toEqual([expect.objectContaining({ status: 'SUCCEEDED', fileId: ended.fileId, recordsRead: 5, recordsWritten: 5, reportKey: `reports/file_id=${ended.fileId}.json` })]);
});

test('keeps an audit entry for every change of state', async () => {
  const world = new World();
  const ended = await world.execute(createdEvent(world.land('incoming/a.csv', csv(5))));
  expect(await world.eventNames(ended.fileId!)).toEqual(['claimed', 'validated', 'planned', 'processed', 'judged', 'publishing', 'succeeded', 'announced', 'moved']);
});

test('reports figures, chunks and how long each step took', async () => {
  const world = new World('Enabled', { maxRejectedRecords: 1 });
  const ended = await world.execute(createdEvent(world.land('incoming/a.csv', csv(20, [3]) + '\n\n')));
  const report = await world.output.getJson<Record<string, unknown>>(`reports/file_id=${ended.fileId}.json`);
  expect(report).toMatchObject({
    status: 'SUCCEEDED',
    recordsRead: 20,
    recordsWritten: 19,
    recordsRejected: 1,
    blankLines: 2,
    rejectsByCode: { type: 1 },
    rejectsByColumn: { id: 1 },
  });
  const chunks = report.chunks as ChunkReport[];
  expect(chunks.length).toBeGreaterThan(1);
  expect(chunks.every(({ start }, index) => start === (chunks[index - 1]?.end ?? 0))).toBe(true);
  expect(chunks.at(-1)!.end).toBe(report.fileSize);
  for (const name of Object.keys(countsOf({})) as Array<keyof Counts>) {
    expect(chunks.map((chunk) => chunk[name]).reduce((sum, count) => sum + count)).toBe(report[name]);
  }
  expect((report.steps as Array<{ step: string }>).map(({ step }) => step)).toEqual(['ValidateFile', 'PlanChunks', 'ProcessChunks', 'FinalizeJob']);
});

test('publishes a file that has a header only, without parts', async () => {
  const world = new World();
  const ended = await world.execute(createdEvent(world.land('incoming/a.csv', 'id,text\n')));
  expect(ended.status).toBe('SUCCEEDED');
  expect(world.outputBucket.keys('output/')).toEqual([expect.stringMatching(/_manifest\.json$/)]);
});

describe('rejected records', () => {
  test('are within a limit: the job is published, and rejected.csv has them with the lines and offsets of the file', async () => {
    const world = new World('Enabled', { maxRejectedRecords: 2 });
    const file = csv(30, [0, 25]);
    const ended = await world.execute(createdEvent(world.land('incoming/a.csv', file)));
    expect(ended.status).toBe('SUCCEEDED');
    const lines = world.rejectedCsv(ended.fileId!)!.trimEnd().split('\n');
    expect(lines[0]).toBe('_line,_byte_offset,_code,_column,_message,_encoding,_record');
    expect(lines.slice(1).map((line) => line.split(',').slice(0, 4))).toEqual([
      ['2', '8', 'type', 'id'],
      ['27', String(file.indexOf('none,record 25')), 'type', 'id'],
    ]);
    expect(lines[2]).toMatch(/,utf-8,"none,record 25"$/);
  });

  test.each([
    ['one record', { }, [3], 'expected at most 0 rejected records, got 1 of 30'],
    ['more than the number', { maxRejectedRecords: 1 }, [3, 4], 'expected at most 1 rejected records, got 2 of 30'],
    ['more than the share', { maxRejectedPercentage: 6.6 }, [3, 4], 'expected at most 6.6 % rejected records, got 2 of 30'],
    ['more than one of two limits', { maxRejectedRecords: 5, maxRejectedPercentage: 1 }, [3], 'expected at most 1 % rejected records, got 1 of 30'],
    ['all records', { maxRejectedPercentage: 99 }, Array.from({ length: 30 }, (_, index) => index), 'expected at most 99 % rejected records, got 30 of 30'],
  ])('are above a limit (%s): nothing is published, the report and rejected.csv are there', async (_, limits, bad, message) => {
    const world = new World('Enabled', limits);
    const ended = await world.execute(createdEvent(world.land('incoming/a.csv', csv(30, bad))));

    expect(ended).toMatchObject({ status: 'FAILED', errorCode: 'too_many_rejects' });
    const told = `${message}; most often (${bad.length}) type in "id", first on line ${bad[0] + 2}: expected an integer, got "none". `
      + `${bad.length === 30 ? 'The likely cause: the values say that there is none: declare "none" as missingValues. ' : ''}All of them are in quarantine/file_id=${ended.fileId}/rejected.csv`;
    expect(await world.job(ended.fileId)).toMatchObject({ status: 'FAILED', resumable: false, error_message: told, records_rejected: bad.length });
    expect(world.outputBucket.keys('output/')).toEqual([]);
    expect(world.openUploads()).toEqual([]);
    expect(world.landing.keys()).toEqual([`failed/${ended.fileId}/a.csv`, `failed/${ended.fileId}/a.csv.report.json`]);
    expect(world.rejectedCsv(ended.fileId!)!.trimEnd().split('\n').length).toBe(1 + bad.length);
    expect(await world.output.getJson(`reports/file_id=${ended.fileId}.json`)).toMatchObject({
      status: 'FAILED', errorCode: 'too_many_rejects', errorMessage: told, recordsRead: 30, recordsRejected: bad.length,
    });
    expect(world.announced).toMatchObject([{ status: 'FAILED', errorCode: 'too_many_rejects', resumable: false }]);
  });
});

describe('a file that cannot be processed', () => {
  test.each([
    ['is empty', '', 'empty_file'],
    ['has no header', '1,a\n2,b\n', 'header_mismatch'],
    ['has another header', 'id,name\n1,a\n', 'header_mismatch'],
    ['is not text', Buffer.from([0x1f, 0x8b, 8, 0]), 'not_text'],
  ])('%s: the job fails, the source goes to failed/, nothing is published', async (_, content, code) => {
    const world = new World();
    const ended = await world.execute(createdEvent(world.land('incoming/a.csv', content)));
    expect(ended).toMatchObject({ status: 'FAILED', errorCode: code });
    const job = await world.job(ended.fileId);
    expect(job).toMatchObject({ status: 'FAILED', resumable: false, error_code: code, error_message: expect.stringMatching(/^expected /) });
    expect(world.landing.keys()).toEqual([`failed/${ended.fileId}/a.csv`, `failed/${ended.fileId}/a.csv.report.json`]);
    expect(world.outputBucket.keys('')).toEqual([`quarantine/file_id=${ended.fileId}/rejected.csv`, `reports/file_id=${ended.fileId}.json`]);
    expect(world.rejectedCsv(ended.fileId!)).toBe('_line,_byte_offset,_code,_column,_message,_encoding,_record\n');
    expect(world.announced).toMatchObject([{ status: 'FAILED', errorCode: code, errorMessage: job.error_message }]);
  });
});

test('a footer of the CSV files is none of the JSON files beside them', async () => {
  const world = new World('Enabled', { dialect: { skipFooter: 1 } });
  const ended = [
    await world.execute(createdEvent(world.land('incoming/a.jsonl', '{"id":1,"text":"x"}\n'))),
    await world.execute(createdEvent(world.land('incoming/b.csv', 'id,text\n1,x\nTOTAL\n'))),
    await world.execute(createdEvent(world.land('incoming/c.csv', 'id,text\n'))),
  ];
  expect(ended).toMatchObject([{ status: 'SUCCEEDED' }, { status: 'SUCCEEDED' }, { status: 'FAILED', errorCode: 'footer_not_found' }]);
});
