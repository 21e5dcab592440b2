/**
 * A job whose rejected records do not fit into one object: S3 takes 10,000 parts, and three of them are in memory at a
 * time.
 */
import { createdEvent, World } from './support/world';
import { JobReport } from '../../src/steps/report';

/** Files of a few rows in place of 75 GB. */
jest.mock('../../src/steps/quarantine', () => {
  const actual = jest.requireActual<typeof import('../../src/steps/quarantine')>('../../src/steps/quarantine');
  const writeRejected: typeof actual.writeRejected = async (rejected, ...rest) => actual.writeRejected({ ...rejected, fullFrom: 600 }, ...rest);
  return { ...actual, writeRejected };
});

const RECORDS = Array.from({ length: 60 }, (_, id) => `${id % 3 === 0 ? 'x' : id},text ${id}\n`);
const FOLDER = /^quarantine\/file_id=[0-9a-f]+\//;

async function run(contract: { readonly maxRejectedRecords?: number }, calls = Infinity) {
  const world = new World('Enabled', contract);
  let left = 0;
  world.timeLeft = () => calls === Infinity ? Infinity : ++left % calls === 0 ? 0 : 1000;
  const ended = await world.execute(createdEvent(world.land('incoming/a.csv', `id,text\n${RECORDS.join('')}`)));
  const job = await world.job(ended.fileId!);
  const names = world.outputBucket.keys('quarantine/').map((key) => key.replace(FOLDER, ''));
  return { world, ended, job, names, report: await world.output.getJson<JobReport>(job.report_key!) };
}

describe.each<[string, { readonly maxRejectedRecords?: number }, 'SUCCEEDED' | 'FAILED']>([
  ['published', { maxRejectedRecords: 20 }, 'SUCCEEDED'],
  ['refused for them', {}, 'FAILED'],
])('a file that is %s', (_, contract, status) => {
  test('has all of its rejected records, in several files that the report names', async () => {
    const { world, ended, job, names, report } = await run(contract);
    expect(ended.status).toBe(status);
    expect(names.length).toBeGreaterThan(2);
    expect([...names].sort()).toEqual(['rejected.csv', ...names.slice(1).map((__, index) => `rejected-${index + 2}.csv`)].sort());
    expect(job.rejected_files).toBe(names.length);
    const keys = [report.rejectedKey, ...report.furtherRejectedKeys ?? []];
    expect(keys.map((key) => key.replace(FOLDER, ''))).toEqual(names.map((__, index) => index === 0 ? 'rejected.csv' : `rejected-${index + 1}.csv`));
    const rows = keys.flatMap((key) => {
      const [header, ...lines] = world.outputBucket.text(key)!.trimEnd().split('\n');
      expect(header).toBe('_line,_byte_offset,_code,_column,_message,_encoding,_record');
      return lines;
    });
    expect(rows.map((row) => /"(x,text \d+)"$/.exec(row)?.[1])).toEqual(RECORDS.filter((record) => record.startsWith('x')).map((record) => record.trimEnd()));
    expect(report.recordsRejected).toBe(20);
  });

  test('has the same files when FinalizeJob has little time a call', async () => {
    const whole = await run(contract);
    const sliced = await run(contract, 7);
    expect(sliced.names).toEqual(whole.names);
    for (const [index, key] of whole.world.outputBucket.keys('quarantine/').entries()) {
      expect(sliced.world.outputBucket.text(sliced.world.outputBucket.keys('quarantine/')[index])).toBe(whole.world.outputBucket.text(key));
    }
  });
});
