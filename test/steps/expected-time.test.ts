/** Files of terabytes, of which the steps read what they really read: the bytes are made as they are asked for. */
import { CONTRACT as WORLD_CONTRACT, createdEvent, World } from './support/world';
import { JobCapacity, JobContract } from '../../src/contract/job-contract';
import { TransformContract } from '../../src/contract/transform-contract';
import { ByteSource } from '../../src/engine/io/byte-source';
import { finalizeJob } from '../../src/steps/finalize-job';
import { planChunks } from '../../src/steps/plan-chunks';
import { JobReport } from '../../src/steps/report';
import { validateFile } from '../../src/steps/validate-file';
import { zipOf } from '../engine/staging/zip-file';
import { bytesSource } from '../engine/support/engine-run';

const GB = 1e9;
const TB = 1e12;
const MIB = 1024 * 1024;

/** What the props' defaults come to. */
const CAPACITY: JobCapacity = {
  workflowTimeoutSeconds: 7200,
  maxConcurrency: 10,
  planChunks: { memoryMebibytes: 3008, timeoutSeconds: 900 },
  processChunk: { memoryMebibytes: 3008, timeoutSeconds: 900 },
  finalizeJob: { memoryMebibytes: 3008, timeoutSeconds: 900 },
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
    ['50 TB, with 1,000 workers and two days', 50 * TB, { capacity: { ...CAPACITY, maxConcurrency: 1000, workflowTimeoutSeconds: 172_800 } }],
    ['100 GB as Parquet', 100 * GB, { output: { format: 'parquet' } }],
    ['a petabyte, for the command, which nothing cuts off', 1000 * TB, { capacity: undefined }],
  ])('is enough for %s', async (_, size, contract) => {
    expect(await validated(csvOf(size), contract)).toMatchObject({ status: 'VALID', warned: [] });
  });

  test.each<[string, number, Partial<JobContract>, string]>([
    ['two terabytes', 2 * TB, {}, 'a file of 2000000000000 bytes takes about 2 h 52 min: 2 h 19 min for its 10000 chunks at 25 MB/s a worker, 10 at once (maxConcurrency 10), 34 min to copy it '
      + '(MoveSource). workflowTimeout is 2 h; raise workflowTimeout to at least 5 h 44 min, or maxConcurrency to 52. A job that runs out of time can be resumed, and goes on with the chunks that are not done'],
    ['0.3 terabytes as Parquet', 0.3 * TB, { output: { format: 'parquet' } }, 'takes about 71 min: 66 min for its 5723 chunks at 8 MB/s a worker'],
    ['0.3 terabytes with 512 MiB', 0.3 * TB, { capacity: { ...CAPACITY, processChunk: { memoryMebibytes: 512, timeoutSeconds: 900 } } }, 'at 7.2 MB/s a worker'],
  ])('is told to be too short for %s, and what to set', async (_, size, contract, message) => {
    const { world, status, warned } = await validated(csvOf(size), contract);
    expect({ status, warned }).toEqual({ status: 'VALID', warned: [expect.stringContaining(message)] });
    expect(world.warnings).toEqual([expect.stringContaining(message)]);
  });

  const HUNDRED = { ...CAPACITY, maxConcurrency: 100 };
  const LONG = { ...CAPACITY, maxConcurrency: 1000, workflowTimeoutSeconds: 86_400 };
  const { schema } = WORLD_CONTRACT;
  const transform: TransformContract = { kind: 'function', batchSize: 100 };
  const SLOW_MERGE = { ...HUNDRED, finalizeJob: { memoryMebibytes: 1024, timeoutSeconds: 900 } };

  /** What is told of what takes the time, and how little of it is enough where it does not. */
  test.each<[string, ByteSource, Partial<JobContract>, string, RegExp]>([
    ['gzip', csvOf(0.7 * TB), { output: { gzip: true } }, 'large.csv', / at 17\.6 MB\/s a worker \(reading and writing 25 MB\/s, gzip 60 MB\/s\), 10 at once \(maxConcurrency 10\).*maxConcurrency to 15\./],
    ['a transform', csvOf(0.3 * TB), { transform }, 'large.csv',
      / at 6 MB\/s a worker \(a transform 13 MB\/s, the exact path 20 MB\/s, reading and writing 25 MB\/s; what the transform's own code takes is not known\).*maxConcurrency to 16\./],
    ['JSON Lines', endless(0.5 * TB, '', '{"id":1,"text":"abcdefgh"}\n'), {}, 'large.jsonl', / at 11\.1 MB\/s a worker \(the exact path 20 MB\/s, reading and writing 25 MB\/s\)/],
    ['Windows-1252, of which many records take the exact path', csvOf(0.5 * TB), { input: { ...CONTRACT.input, encoding: 'windows-1252' } }, 'large.csv', / at 11\.1 MB\/s a worker \(the exact path /],
    ['a delimiter of several characters', endless(0.5 * TB, 'id||text\n', '1||abcdefg\n'), { dialect: { delimiter: '||' } }, 'large.csv', / at 11\.1 MB\/s a worker \(the exact path /],
    ['a key of each record: to make it, and to merge all', csvOf(0.2 * TB), { schema: { ...schema, primaryKey: 'id' }, capacity: HUNDRED }, 'large.csv',
      /takes about 2 h 56 min: 2 h 48 min to merge its 18181818182 keys \(FinalizeJob\)\. workflowTimeout is 2 h; raise workflowTimeout to at least 5 h 51 min\./],
    ['keys that are few to merge, and slow to make', endless(0.06 * TB, 'id,text\n', '1,abcdefgh\n'), { schema: { ...schema, uniqueKeys: [['id'], ['text']] }, capacity: { ...CAPACITY, maxConcurrency: 2, workflowTimeoutSeconds: 86_400 / 6 } }, 'large.csv',
      / for its 1145 chunks at 4\.5 MB\/s a worker \(keys 5\.5 MB\/s, reading and writing 25 MB\/s\), 2 at once \(maxConcurrency 2\), .* to merge its 10909090909 keys \(FinalizeJob\)\./],
    ['keys, and little memory to merge them with', csvOf(0.1 * TB), { schema: { ...schema, primaryKey: 'id' }, capacity: SLOW_MERGE }, 'large.csv',
      / to merge its 9090909091 keys \(FinalizeJob\)\. .* raise workflowTimeout to at least \S+ h \S+ min, or steps\.finalizeJob\.memorySize to 1769 MiB\./],
    ['the copy to processed/', csvOf(50 * TB), { capacity: LONG }, 'large.csv', /takes about 14 h 27 min: 34 min for its 10000 chunks .*, 13 h 54 min to copy it \(MoveSource\)\..* raise workflowTimeout to at least 28 h 54 min\. /],
    ['little memory of the workers', csvOf(0.5 * TB), { capacity: { ...CAPACITY, processChunk: { memoryMebibytes: 512, timeoutSeconds: 900 } } }, 'large.csv', /or steps\.processChunk\.memorySize to 1769 MiB\./],
  ])('is told to be too short because of %s', async (_, source, contract, name, message) => {
    const { status, warned } = await validated(source, contract, name);
    expect({ status, warned }).toEqual({ status: 'VALID', warned: [expect.stringMatching(message)] });
    const plain = await validated(csvOf(source.size), { capacity: { ...contract.capacity ?? CAPACITY, workflowTimeoutSeconds: 30 * 86_400 } });
    expect(plain.warned).toEqual([]);
  });

  test('is more than the events of an execution have room for, where 50 TB of short records have a key', async () => {
    const capacity = { ...CAPACITY, maxConcurrency: 1000, workflowTimeoutSeconds: 360 * 86_400 };
    const keyed = (timeoutSeconds: number) => ({ schema: { ...schema, primaryKey: 'id' }, capacity: { ...capacity, finalizeJob: { memoryMebibytes: 3008, timeoutSeconds } } });
    const message = /^merging the \d+ keys of a file of 50000000000000 bytes takes FinalizeJob about \d+ calls of half of 15 min \(timeout\): the events of an execution have room for 3500; send smaller files$/;
    expect((await validated(csvOf(50 * TB), keyed(900))).warned).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
    const small = (await validated(csvOf(2 * TB), keyed(60))).warned;
    expect(small).toEqual(expect.arrayContaining([expect.stringMatching(/half of 60 s .*; raise steps\.finalizeJob\.timeout \(up to 15 minutes\), or send smaller files$/)]));
    expect((await validated(csvOf(2 * TB), keyed(900))).warned).toEqual([]);
  });

  test('is held against the keys of the records as they are: larger records have fewer', async () => {
    const keyed = { schema: { ...schema, primaryKey: 'id' }, capacity: HUNDRED };
    const large = endless(0.2 * TB, 'id,text\n', `1,${'a'.repeat(2000)}\n`);
    expect(await validated(large, keyed)).toMatchObject({ status: 'VALID', warned: [] });
  });

  test('is not reckoned from a few records before one that is too long: of larger ones there may be any number', async () => {
    const half = `k,${'x'.repeat(500_000)}\n`;
    const long = `2,${'x'.repeat(1.5 * MIB)}\n`;
    const keyed = { schema: { ...schema, fields: [{ name: 'id', type: 'string' as const }, { name: 'text', type: 'string' as const }], primaryKey: 'id' } };
    expect(await validated(endless(20 * GB, `id,text\n1,a\n${long}`, half), keyed)).toMatchObject({ status: 'VALID', warned: [] });
    // From enough of them it is.
    const some = '1,a\n'.repeat(5000);
    expect((await validated(endless(100 * GB, `id,text\n${some}${long}`, half), keyed)).warned).toEqual([expect.stringContaining('to merge its 25000000000 keys')]);
  });

  test('is not reckoned from records that are broken: theirs are bytes without a key', async () => {
    const keyed = { schema: { ...schema, primaryKey: 'id' }, capacity: HUNDRED, maxRecordSizeBytes: 1024 };
    const large = endless(0.2 * TB, 'id,text\n', `1,a\n${`1,${'a'.repeat(1500)}\n`.repeat(9)}`);
    expect(await validated(large, keyed)).toMatchObject({ status: 'VALID', warned: [] });
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
      warned: [expect.stringMatching(/^making text of a file of 20000000000 bytes takes about 34 min at 10 MB\/s, in one run: PlanChunks has 15 min \(timeout\) and 512 MiB \(memorySize\); raise steps\.planChunks\.memorySize \(up to 1,769 MiB\), or send smaller files/)],
    });
    expect(await validated(array(0.5 * GB), { capacity }, 'large.json')).toMatchObject({ status: 'VALID', warned: [] });
  });

  test.each<[string, ByteSource, Partial<JobContract>, string, RegExp]>([
    ['UTF-16', utf16(60 * GB), {}, 'large.csv', /takes about 30 min at 33\.6 MB\/s, in one run/],
    ['a single-byte encoding', csvOf(30 * GB), { input: { ...CONTRACT.input, encoding: 'windows-1251' } }, 'large.csv', /takes about 16 min at 32\.4 MB\/s, in one run/],
    ['an encoding of several bytes a character', csvOf(30 * GB), { input: { ...CONTRACT.input, encoding: 'shift_jis' } }, 'large.csv', /takes about 21 min at 24\.6 MB\/s, in one run/],
    ['a JSON array', array(30 * GB), {}, 'large.json', /takes about 15 min at 34\.7 MB\/s, in one run/],
  ])('takes its own time: %s', async (_, source, contract, name, message) => {
    const { status, warned } = await validated(source, contract, name);
    expect({ status, warned: warned[0] }).toEqual({ status: 'VALID', warned: expect.stringMatching(message) });
  });

  describe('is as large as a ZIP archive says, before anything of it is inflated', () => {
    // So long that its beginning is not all of it.
    const FILE = { name: 'a.csv', text: `id,text\n${'1,abcdefgh\n'.repeat(400_000)}` };
    const zip = (size: number) => bytesSource(zipOf({ ...FILE, size }));
    const GIB = 1024 * MIB;

    test('one that says more than maxDecodedSize is refused', async () => {
      const { world, fileId, status } = await validated(zip(3 * GB), { input: { maxDecodedSizeBytes: GIB } }, 'large.csv.zip');
      expect(status).toBe('REJECTED');
      expect(await world.job(fileId)).toMatchObject({
        error_code: 'too_large',
        error_message: expect.stringMatching(/^expected at most 1073741824 bytes of decoded text \(maxDecodedSize\), got a ZIP archive of \d+ bytes, which says that it holds 3000000000$/),
      });
    });

    test('the time for one is told by what it says', async () => {
      const capacity = { ...CAPACITY, planChunks: { memoryMebibytes: 512, timeoutSeconds: 300 } };
      expect(await validated(zip(4 * GB), { capacity }, 'large.csv.zip')).toMatchObject({
        status: 'VALID',
        warned: [expect.stringMatching(/^making text of a file of \d+ bytes, which says that it holds 4000000000, takes about 7 min at 10 MB\/s, in one run: /)],
      });
    });

    test('one of UTF-16 may hold twice as many bytes as the text has', async () => {
      const utf16Zip = (size: number) => bytesSource(zipOf({ name: 'a.csv', text: Buffer.from(`\ufeff${FILE.text}`, 'utf16le'), size }));
      expect(await validated(utf16Zip(1.5 * GIB), { input: { maxDecodedSizeBytes: GIB } }, 'large.csv.zip')).toMatchObject({ status: 'VALID' });
      expect(await validated(utf16Zip(2.5 * GIB), { input: { maxDecodedSizeBytes: GIB } }, 'large.csv.zip')).toMatchObject({ status: 'REJECTED' });
    });

    test('one that says too little is counted all the same', async () => {
      const { world, fileId, status } = await validated(zip(1 * MIB), { input: { maxDecodedSizeBytes: 2 * MIB } }, 'large.csv.zip');
      expect(status).toBe('VALID');
      expect(await planChunks({ fileId }, world.deps)).toMatchObject({ status: 'REJECTED' });
      expect(await world.job(fileId)).toMatchObject({ error_code: 'bad_zip', error_message: expect.stringMatching(/^expected 1048576 bytes in the ZIP archive, .*, got more$/) });
    });
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

describe('a file that nothing tells where to cut is refused, and not given to one worker', () => {
  const noHeader = { dialect: { header: false } };
  const none = (size: number) => endless(size, '', 'a');
  const BEGINNING = 'expected a line end within 1048576 bytes (maxRecordSize) where the file of 60000000000 bytes is to be cut, got none from byte 0 to byte 22544384000: ProcessChunk gets '
    + 'through 22500000000 bytes in 15 min (timeout) at 25 MB/s. ';
  const CSV = 'Declare the lineTerminator that the file has; where that is so, send records that are shorter';
  const JSON_LINES = 'Send an object a line; where that is so, send records that are shorter';

  /** Counts what is read. */
  function counted(source: ByteSource): { readonly source: ByteSource; readonly bytesRead: () => number } {
    let bytesRead = 0;
    return {
      bytesRead: () => bytesRead,
      source: { size: source.size, read: async (from, to) => { bytesRead += to - from; return source.read(from, to); } },
    };
  }

  test.each<[string, ByteSource, Partial<JobContract>, string]>([
    ['without any line end', none(60 * GB), noHeader, CSV],
    ['of a header and nothing else that ends', endless(60 * GB, 'id,text\n', 'a'), {}, CSV],
    ['of a few records and then one that does not end', endless(60 * GB, '1,a\n2,b\n', 'a'), noHeader, CSV],
    ['of JSON Lines', endless(60 * GB, '{"text":"', 'a'), { input: { ...CONTRACT.input, inputFormat: 'jsonl' } }, JSON_LINES],
  ])('%s: by ValidateFile, of its first gigabytes', async (_, large, contract, remedy) => {
    const { source, bytesRead } = counted(large);
    const { world, fileId, status } = await validated(source, contract);
    expect(status).toBe('REJECTED');
    expect(await world.job(fileId)).toMatchObject({ error_code: 'too_large', error_message: BEGINNING + remedy });
    expect(bytesRead()).toBeLessThan(GB);
  });

  test('of which a later part has none: by PlanChunks, which does not look at the rest', async () => {
    const lines = 10 * GB;
    const { source, bytesRead } = counted({
      size: 10 * TB,
      read: async (from, to) => Buffer.concat([Buffer.alloc(Math.max(0, Math.min(lines, to) - from), '1,abcdefgh\n'), Buffer.alloc(to - Math.max(from, Math.min(lines, to)), 'a')]),
    });
    const { world, fileId, status } = await validated(source, noHeader);
    expect(status).toBe('VALID');
    expect(await planChunks({ fileId }, world.deps)).toMatchObject({ status: 'REJECTED' });
    const { error_code: code, error_message: message } = await world.job(fileId);
    expect({ code, message }).toEqual({ code: 'too_large', message: expect.stringMatching(/where the file of 10000000000000 bytes is to be cut, got none from byte 9\d{9} to byte 3\d{10}: ProcessChunk/) });
    expect(bytesRead()).toBeLessThan(0.1 * GB);
  });

  test('the more a worker gets through, the more may be in one piece', async () => {
    expect(await validated(none(20 * GB), noHeader)).toMatchObject({ status: 'VALID' });
    const capacity = { ...CAPACITY, processChunk: { memoryMebibytes: 512, timeoutSeconds: 300 } };
    const { world, fileId, status } = await validated(none(20 * GB), { ...noHeader, capacity });
    expect(status).toBe('REJECTED');
    expect((await world.job(fileId)).error_message).toMatch(/ProcessChunk gets through 2170717919 bytes in 5 min \(timeout\) at 7\.2 MB\/s\..*raise steps\.processChunk\.timeout \(up to 15 minutes\) and steps\.processChunk\.memorySize \(up to 1,769 MiB\), or send/);
  });

  const MINUTE = { ...noHeader, capacity: { ...CAPACITY, processChunk: { memoryMebibytes: 1769, timeoutSeconds: 60 } }, chunkSizeBytes: 1024 * MIB };

  test('also where it ends between two of the places, in the last piece', async () => {
    const { world, fileId, status } = await validated(none(2.1 * GB), MINUTE);
    expect(status).toBe('REJECTED');
    expect(await world.job(fileId)).toMatchObject({
      error_code: 'too_large',
      error_message: expect.stringMatching(/of 2100000000 bytes is to be cut, got none from byte 0 to byte 2100000000: ProcessChunk gets through 1500000000 bytes in 60 s \(timeout\) at 25 MB\/s\./),
    });
  });

  test('and where the last piece begins far from the first one: by PlanChunks', async () => {
    const lines = 4 * GB;
    const source: ByteSource = {
      size: 4.8 * GB,
      read: async (from, to) => Buffer.concat([Buffer.alloc(Math.max(0, Math.min(lines, to) - from), '1,abcdefgh\n'), Buffer.alloc(to - Math.max(from, Math.min(lines, to)), 'a')]),
    };
    const { world, fileId, status } = await validated(source, MINUTE);
    expect(status).toBe('VALID');
    expect(await planChunks({ fileId }, world.deps)).toMatchObject({ status: 'REJECTED' });
    expect((await world.job(fileId)).error_message).toMatch(/got none from byte 32212\d{5} to byte 4800000000: /);
  });

  test('what a worker gets through in its time is left to it, to the end of the file', async () => {
    const { world, fileId, status } = await validated(none(1.4 * GB), MINUTE);
    expect(status).toBe('VALID');
    expect(await planChunks({ fileId }, world.deps)).toMatchObject({ status: 'PLANNED' });
  });

  test('records that are too long, and end, are for ProcessChunk to reject, however large the file is', async () => {
    const { world, fileId, status } = await validated(endless(100 * GB, '', `${'a'.repeat(1500)}\n`), { ...noHeader, maxRecordSizeBytes: 1024 });
    expect(status).toBe('VALID');
    expect(await planChunks({ fileId }, world.deps)).toMatchObject({ status: 'PLANNED' });
  });

  test('the command, which nothing cuts off, reads it to its end', async () => {
    const { world, fileId, status } = await validated(none(30 * GB), { ...noHeader, capacity: undefined });
    expect(status).toBe('VALID');
    expect(await planChunks({ fileId }, world.deps)).toMatchObject({ status: 'PLANNED' });
  });

  test('where records may be so long that ValidateFile would have to read for long, PlanChunks does', async () => {
    const { source, bytesRead } = counted(none(60 * GB));
    const capacity = { ...CAPACITY, processChunk: { memoryMebibytes: 512, timeoutSeconds: 600 } };
    const { world, fileId, status } = await validated(source, { ...noHeader, capacity, maxRecordSizeBytes: 16 * MIB });
    expect({ status, few: bytesRead() < 0.1 * GB }).toEqual({ status: 'VALID', few: true });
    expect(await planChunks({ fileId }, world.deps)).toMatchObject({ status: 'REJECTED' });
  });
});
