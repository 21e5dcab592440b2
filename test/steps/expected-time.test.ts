/** Files of terabytes, of which the steps read what they really read: the bytes are made as they are asked for. */
import { createdEvent, World } from './support/world';
import { JobCapacity, JobContract } from '../../src/contract/job-contract';
import { ByteSource } from '../../src/engine/io/byte-source';
import { finalizeJob } from '../../src/steps/finalize-job';
import { planChunks } from '../../src/steps/plan-chunks';
import { JobReport } from '../../src/steps/report';
import { validateFile } from '../../src/steps/validate-file';

const GB = 1e9;
const TB = 1e12;
const MIB = 1024 * 1024;

/** What the props' defaults come to. */
const CAPACITY: JobCapacity = {
  workflowTimeoutSeconds: 7200,
  maxConcurrency: 10,
  planChunks: { memoryMebibytes: 3008, timeoutSeconds: 900 },
  processChunk: { memoryMebibytes: 3008, timeoutSeconds: 900 },
};
const CONTRACT = { capacity: CAPACITY, chunkSizeBytes: 50 * MIB, maxRecordSizeBytes: MIB, input: { maxDecodedSizeBytes: 32 * 1024 * MIB } };

/** The lines over and over, behind the head. */
function endless(size: number, head: string | Buffer, line: string | Buffer): ByteSource {
  const start = Buffer.from(head);
  const block = Buffer.from(line);
  return {
    size,
    read: async (from, to) => {
      const bytes = Buffer.alloc(to - from);
      const at = (from - start.length) % block.length;
      const phase = at < 0 ? at + block.length : at;
      bytes.fill(Buffer.concat([block.subarray(phase), block.subarray(0, phase)]));
      if (from < start.length) start.copy(bytes, 0, from, Math.min(to, start.length));
      return bytes;
    },
  };
}

const csvOf = (size: number) => endless(size, 'id,text\n', '1,abcdefgh\n');

interface Checked {
  readonly world: World;
  readonly fileId: string;
  readonly status: string;
  /** In the audit. */
  readonly warned: readonly string[];
}

async function validated(source: ByteSource, contract: Partial<JobContract> = {}, name = 'large.csv'): Promise<Checked> {
  const world = new World('Enabled', { ...CONTRACT, ...contract });
  const event = createdEvent(world.land(`incoming/${name}`, 'stands for it'));
  world.source.open = () => source;
  const { fileId, status } = await validateFile({ event, executionArn: 'arn' }, world.deps);
  return { world, fileId, status, warned: (await world.jobs.events(fileId)).flatMap(({ message }) => message ?? []) };
}

describe('the time of the workflow', () => {
  test.each<[string, number, Partial<JobContract>]>([
    ['100 GB', 100 * GB, {}],
    ['half a terabyte', 0.5 * TB, {}],
    ['two terabytes, with 100 workers', 2 * TB, { capacity: { ...CAPACITY, maxConcurrency: 100 } }],
    ['two terabytes, with a day', 2 * TB, { capacity: { ...CAPACITY, workflowTimeoutSeconds: 86_400 } }],
    ['50 TB, with 1,000 workers and a day', 50 * TB, { capacity: { ...CAPACITY, maxConcurrency: 1000, workflowTimeoutSeconds: 86_400 } }],
    ['100 GB as Parquet', 100 * GB, { output: { format: 'parquet' } }],
    ['a petabyte, for the command, which nothing cuts off', 1000 * TB, { capacity: undefined }],
  ])('is enough for %s', async (_, size, contract) => {
    expect(await validated(csvOf(size), contract)).toMatchObject({ status: 'VALID', warned: [] });
  });

  test.each<[string, number, Partial<JobContract>, string]>([
    ['two terabytes', 2 * TB, {}, 'a file of 2000000000000 bytes takes about 2 h 19 min at 25 MB/s a worker, 10 at once (maxConcurrency 10): workflowTimeout is 2 h; raise workflowTimeout to at '
      + 'least 4 h 37 min, or maxConcurrency to 24. A job that runs out of time can be resumed, and goes on with the chunks that are not done'],
    ['0.3 terabytes as Parquet', 0.3 * TB, { output: { format: 'parquet' } }, 'takes about 66 min at 8 MB/s a worker'],
    ['0.3 terabytes with 512 MiB', 0.3 * TB, { capacity: { ...CAPACITY, processChunk: { memoryMebibytes: 512, timeoutSeconds: 900 } } }, 'at 7.2 MB/s a worker'],
  ])('is told to be too short for %s, and what to set', async (_, size, contract, message) => {
    const { world, status, warned } = await validated(csvOf(size), contract);
    expect({ status, warned }).toEqual({ status: 'VALID', warned: [expect.stringContaining(message)] });
    expect(world.warnings).toEqual([expect.stringContaining(message)]);
  });

  test('is told once more in the report', async () => {
    const { world, fileId, warned } = await validated(csvOf(2 * TB));
    await world.jobs.changeJob(await world.job(fileId), { error_code: 'too_large', error_message: 'x' }, { event: 'rejected', at: 1 });
    await finalizeJob({ fileId }, world.deps);
    const { warnings } = await world.output.getJson<JobReport>((await world.job(fileId)).report_key!);
    expect(warnings).toEqual(warned);
    expect(warnings).toHaveLength(1);
  });
});

test('chunks of a file above 10,000 times chunkSize are larger, which is told where a worker may have no time for one', async () => {
  const slow = { ...CAPACITY, workflowTimeoutSeconds: 86_400 * 300, processChunk: { memoryMebibytes: 512, timeoutSeconds: 900 } };
  expect((await validated(csvOf(50 * TB), { capacity: slow })).warned).toEqual([
    'a file of 50000000000000 bytes is cut into 10000 chunks (at most 10000) of 5000000000 bytes, of which each takes about 12 min at 7.2 MB/s: ProcessChunk has 15 min (timeout); '
    + 'raise steps.processChunk.memorySize (up to 1,769 MiB), or send smaller files',
  ]);
});

describe('a file of which text has to be made in one run', () => {
  const utf16 = (size: number) => endless(size, Buffer.from('\ufeffid,text\n', 'utf16le'), Buffer.from('1,abcdefgh\n', 'utf16le'));
  const array = (size: number) => endless(size, '[', '{"id":1,"text":"abcdefgh"},');

  test.each<[string, ByteSource, string, Partial<JobContract>, string]>([
    ['a JSON array above maxDecodedSize', array(100 * GB), 'large.json', {},
      'expected at most 34359738368 bytes of decoded text (maxDecodedSize), got a file of 100000000000 bytes, which holds at least 100000000000'],
    ['UTF-16 of which half is above it', utf16(70 * GB), 'large.csv', {}, 'got a file of 70000000000 bytes, which holds at least 35000000000'],
    ['what no function could read in its timeout', array(60 * GB), 'large.json',
      { input: { maxDecodedSizeBytes: 64 * 1024 * MIB }, capacity: { ...CAPACITY, planChunks: { memoryMebibytes: 3008, timeoutSeconds: 300 } } },
      'got one of 60000000000 bytes: PlanChunks has 5 min (timeout) and 3008 MiB (memorySize), and gets at most 150 MB a second from S3; raise steps.planChunks.timeout (up to 15 minutes), or send smaller files, or such'],
  ])('%s is refused before anything is read of it twice', async (_, source, name, contract, message) => {
    const { world, fileId, status } = await validated(source, contract, name);
    expect(status).toBe('REJECTED');
    expect(await world.job(fileId)).toMatchObject({ error_code: 'too_large', error_message: expect.stringContaining(message) });
  });

  test('that may take longer than the timeout is told, with what to set', async () => {
    const capacity = { ...CAPACITY, planChunks: { memoryMebibytes: 512, timeoutSeconds: 900 } };
    expect(await validated(array(20 * GB), { capacity }, 'large.json')).toMatchObject({
      status: 'VALID',
      warned: [expect.stringMatching(/^making text of a file of 20000000000 bytes takes about 31 min or more, in one run: PlanChunks has 15 min \(timeout\) and 512 MiB \(memorySize\); raise steps\.planChunks\.memorySize \(up to 1,769 MiB\), or send smaller files/)],
    });
    expect(await validated(array(0.5 * GB), { capacity }, 'large.json')).toMatchObject({ status: 'VALID', warned: [] });
  });

  test('is given up before the run is cut off, with what to set', async () => {
    const { world, fileId } = await validated(array(20 * GB), {}, 'large.json');
    const { open } = world.source;
    world.source.open = (pinned) => {
      const source = open(pinned);
      return { size: source.size, read: async (from, to) => { world.pass((to - from) / 10); return source.read(from, to); } };
    };
    await expect(planChunks({ fileId }, world.deps)).rejects.toThrow(/^expected to make text of the file in 855 s, got \d+ bytes of it in that time: send smaller files, or such as can be cut in place$/);
    expect(world.openUploads()).toEqual([]);
  });
});

test('a file that nothing tells where to cut is refused, and not given to one worker', async () => {
  const capacity = { ...CAPACITY, processChunk: { memoryMebibytes: 3008, timeoutSeconds: 60 } };
  const { world, fileId } = await validated(endless(20 * GB, '1,a\n', 'a'), { capacity, dialect: { header: false }, maxRecordSizeBytes: 1024 });
  expect(await planChunks({ fileId }, world.deps)).toMatchObject({ status: 'REJECTED' });
  expect(await world.job(fileId)).toMatchObject({
    error_code: 'too_large',
    error_message: 'expected a line end within 1024 bytes (maxRecordSize) where the file is to be cut, got none from byte 0 to byte 20000000000: '
      + 'ProcessChunk cannot read so much in 60 s (timeout). Declare the lineTerminator that the file has',
  });
});
