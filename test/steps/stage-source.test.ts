/**
 * Files that cannot be cut in place, through the whole flow: they come to what the same records as plain text come to.
 */
import { gzipSync } from 'node:zlib';
import { Crashes } from './support/crashes';
import { createdEvent, csv, Ended, World } from './support/world';
import { JobContract } from '../../src/contract/job-contract';
import { readPlan } from '../../src/steps/job-plan';
import { JobReport } from '../../src/steps/report';

const INPUT = { maxDecodedSizeBytes: 1024 * 1024 };

async function execute(key: string, file: string | Buffer, contract: Partial<JobContract> = {}, crashes = new Crashes()):
Promise<{ world: World; ended: Ended; rejected: string[] }> {
  const world = new World('Enabled', { maxRejectedRecords: 5, ...contract }, crashes);
  const ended = await world.execute(createdEvent(world.land(key, file)));
  const rejected = world.rejectedCsv(ended.fileId!)!.trimEnd().split('\n').slice(1);
  return { world, ended, rejected };
}

const stagedKeys = (world: World) => world.outputBucket.keys('work/').filter((key) => key.includes('/staged-'));

const RECORDS = Array.from({ length: 40 }, (_, id) => ({ id, text: `Zürich, 東京 😀 ${id}` }));
const TEXT = ['id,text', ...RECORDS.map(({ id, text }) => `${id},"${text}"`), ''].join('\r\n');
const PUBLISHED = RECORDS.map((record) => `${JSON.stringify(record)}\n`).join('');
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const LATIN_1 = TEXT.replaceAll('東京 😀', 'ÿ');

describe('publishes what is in', () => {
  test.each<[string, string, string | Buffer, Partial<JobContract['input']>, string?]>([
    ['a gzip file', 'a.csv.gz', gzipSync(TEXT), {}],
    ['a gzip file of several members', 'a.csv.gz', Buffer.concat([gzipSync(TEXT.slice(0, 333)), gzipSync(TEXT.slice(333))]), {}],
    ['a gzip file that is declared', 'a.csv', gzipSync(TEXT), { compression: 'gzip' }],
    ['UTF-16, by its mark', 'a.csv', utf16(`\ufeff${TEXT}`), {}],
    ['UTF-16, big-endian, by its mark', 'a.csv', utf16(`\ufeff${TEXT}`).swap16(), {}],
    ['UTF-16 that is declared', 'a.csv', utf16(TEXT), { encoding: 'utf-16le' }],
    ['UTF-16 in gzip', 'a.csv.gz', gzipSync(utf16(`\ufeff${TEXT}`)), {}],
    ['TSV', 'a.tsv', TEXT.replace('id,', 'id\t').replaceAll(',"', '\t"'), {}],
    ['TSV in gzip', 'a.tsv.gz', gzipSync(TEXT.replace('id,', 'id\t').replaceAll(',"', '\t"')), {}],
    ['JSON Lines', 'a.jsonl', PUBLISHED, {}],
    ['JSON Lines in gzip', 'a.ndjson.gz', gzipSync(PUBLISHED), {}],
    ['a JSON array', 'a.json', JSON.stringify(RECORDS), {}],
    ['a JSON array, indented', 'a.json', JSON.stringify(RECORDS, undefined, 2), {}],
    ['a JSON array that is declared', 'a.csv', JSON.stringify(RECORDS), { inputFormat: 'json' }],
    ['JSON objects one after the other', 'a.csv', RECORDS.map((record) => JSON.stringify(record)).join(''), { inputFormat: 'concatenated-json' }],
    ['JSON objects one after the other, indented, in gzip', 'a.json.gz', gzipSync(RECORDS.map((record) => JSON.stringify(record, undefined, 2)).join('\n')),
      { inputFormat: 'concatenated-json' }],
    ['a JSON array as UTF-16 in gzip', 'a.json.gz', gzipSync(utf16(`\ufeff${JSON.stringify(RECORDS, undefined, 1)}`)), {}],
    ['ISO-8859-1 in gzip', 'a.csv.gz', gzipSync(Buffer.from(LATIN_1, 'latin1')), { encoding: 'iso-8859-1' }, PUBLISHED.replaceAll('東京 😀', 'ÿ')],
  ])('%s', async (_, name, file, input, published = PUBLISHED) => {
    const { world, ended, rejected } = await execute(`incoming/${name}`, file, { input: { ...INPUT, ...input } });
    expect(ended).toMatchObject({ status: 'SUCCEEDED', errorCode: '' });
    expect(world.published()).toBe(published);
    expect(rejected).toEqual([]);
    // The file itself goes to processed/, not what was made of it.
    expect(world.landing.get(`processed/${ended.fileId}/${name}`).bytes.equals(Buffer.from(file))).toBe(true);
  });
});

test.each<[string, string | Buffer, string]>([
  ['on one line', JSON.stringify({ meta: { data: 1 }, data: RECORDS, next: null }), 'data'],
  ['of several lines', JSON.stringify({ meta: { data: 1 }, data: RECORDS, next: [] }, undefined, 2), 'data'],
  ['in another object, as UTF-16', utf16(`\ufeff${JSON.stringify({ response: { items: RECORDS, count: 40 } })}`), 'response.items'],
  ['behind more than is looked at', JSON.stringify({ meta: 'x'.repeat(200_000), data: RECORDS }), 'data'],
])('publishes the array under a property %s', async (_, file, property) => {
  for (const content of [Buffer.from(file), gzipSync(file)]) {
    const name = content[0] === 0x1f ? 'a.json.gz' : 'a.json';
    const { world, ended, rejected } = await execute(`incoming/${name}`, content, { dialect: { property } });
    expect({ ...ended, rejected, published: world.published() }).toMatchObject({ status: 'SUCCEEDED', rejected: [], published: PUBLISHED });
  }
});

test.each<[string, string, RegExp]>([
  ['that is not there', JSON.stringify({ rows: RECORDS, count: 40 }), /^expected an array under "data" \(property\), got an object with the keys "rows", "count"$/],
  ['that is not there, further than is looked at', JSON.stringify({ rows: 'x'.repeat(200_000) }), /got an object with the keys "rows"$/],
  ['of an array', JSON.stringify(RECORDS), /^expected an object with the property "data", .*: where the file is the array, leave property out$/],
])('a property %s fails the job', async (_, file, message) => {
  const { world, ended } = await execute('incoming/a.json', file, { dialect: { property: 'data' } });
  expect(ended).toMatchObject({ status: 'FAILED', errorCode: 'bad_json' });
  expect(await world.job(ended.fileId)).toMatchObject({ error_message: expect.stringMatching(message) });
  expect(world.openUploads()).toEqual([]);
});

test.each<[string, Partial<JobContract>, string]>([
  ['in a row that is declared, with units below', { dialect: { headerRows: [3], commentRows: [4] } }, '"Report\n2024"\n\nid,text\n[1],[1]\n'],
  ['of two rows', { dialect: { headerRows: [1, 2], headerJoin: '' } }, 'i,te\nd,xt\n'],
  ['that is searched', { dialect: { headerSearchLines: 10 } }, 'Report\nid\n\nid,text\n'],
  ['behind sep=', {}, 'sep=,\nid,text\n'],
])('a header %s is found in the file and in the text that is staged of it, by every step', async (_, contract, head) => {
  const text = `${head}${TEXT.slice(TEXT.indexOf('0,'))}`;
  for (const [name, file] of [['a.csv', text], ['a.csv.gz', gzipSync(text)], ['a.csv', utf16(`\ufeff${text}`)]] as const) {
    const { world, ended, rejected } = await execute(`incoming/${name}`, file, contract);
    expect({ ...ended, rejected, published: world.published() }).toMatchObject({ status: 'SUCCEEDED', rejected: [], published: PUBLISHED });
    const { chunks, textSize, fileSize } = await world.output.getJson<JobReport>(`reports/file_id=${ended.fileId}.json`);
    expect(chunks.length).toBeGreaterThan(5);
    expect(chunks.at(-1)!.end).toBe(textSize ?? fileSize);
  }
});

test('the report has the size of the file, and that of the text which its chunks cover', async () => {
  const file = gzipSync(TEXT);
  const { world, ended } = await execute('incoming/a.csv.gz', file);
  const report = await world.output.getJson<JobReport>(`reports/file_id=${ended.fileId}.json`);
  expect(report).toMatchObject({ fileSize: file.length, textSize: Buffer.byteLength(TEXT) });
  expect(report.chunks.length).toBeGreaterThan(5);
  expect(report.chunks.at(-1)!.end).toBe(report.textSize);

  const plain = await execute('incoming/a.csv', TEXT);
  expect(await plain.world.output.getJson(`reports/file_id=${plain.ended.fileId}.json`)).not.toHaveProperty('textSize');
});

test('what can be cut in place is not staged', async () => {
  for (const [key, file] of [['a.csv', TEXT], ['a.jsonl', PUBLISHED]]) {
    const { world } = await execute(`incoming/${key}`, file);
    expect(stagedKeys(world)).toEqual([]);
  }
});

describe('a rejected record', () => {
  test('of a gzip file has the line and the offset of the text', async () => {
    const text = csv(30, [25]);
    const { rejected } = await execute('incoming/a.csv.gz', gzipSync(text));
    expect(rejected).toEqual([expect.stringMatching(new RegExp(`^27,${text.indexOf('none,record 25')},type,id,.*,"none,record 25"$`))]);
  });

  test('of a JSON array has the number of the element as its line, and the offset of the array', async () => {
    const elements = RECORDS.map((record) => JSON.stringify(record));
    elements[2] = '{"id":"x",\n "text":"a"}';
    elements[9] = '17';
    const file = `[\n${elements.join(',\n')}\n]`;
    const { world, rejected } = await execute('incoming/a.json', file);
    const offset = (text: string) => Buffer.byteLength(file.slice(0, file.indexOf(text)));
    expect(rejected.map((row) => row.split(',').slice(0, 3))).toEqual([
      ['3', String(offset('{"id":"x"')), 'type'],
      ['10', String(offset('17,')), 'type'],
    ]);
    expect(world.published().split('\n').length).toBe(39);
  });

  test.each([
    ['half a surrogate pair', utf16('\ufeffid,text\n1,a\n2,b\ud83dc\n3,d\n'), '3'],
    ['half a code unit at the end', Buffer.concat([utf16('\ufeffid,text\n1,a\n2,b\n'), Buffer.from('x')]), '4'],
  ])('for %s is the only one', async (_, file, line) => {
    const { world, ended, rejected } = await execute('incoming/a.csv', file);
    expect(ended.status).toBe('SUCCEEDED');
    expect(rejected).toEqual([expect.stringMatching(new RegExp(`^${line},\\d+,encoding,.*,base64,`))]);
    expect(world.published().split('\n').length).toBe(3);
  });
});

test('an empty array is published as a file without a record', async () => {
  const { world, ended } = await execute('incoming/a.json', ' [ ] ');
  expect(ended.status).toBe('SUCCEEDED');
  expect(await world.job(ended.fileId)).toMatchObject({ records_read: 0, records_written: 0 });
});

describe('a file that cannot be staged fails its job, and leaves no upload', () => {
  const LONG = csv(9_000);
  const large = { input: { maxDecodedSizeBytes: 100_000 } };
  test.each<[string, string, string | Buffer, Partial<JobContract>, string, RegExp]>([
    ['text by the name of gzip', 'a.csv.gz', TEXT, {}, 'bad_gzip', /^expected a gzip file /],
    ['gzip by the name of text', 'a.csv', gzipSync(TEXT), {}, 'not_text', /^expected UTF-8 text, the file looks like gzip: /],
    ['gzip that is cut off', 'a.csv.gz', gzipSync(TEXT).subarray(0, -9), {}, 'bad_gzip', /^expected a complete gzip file, it ends at byte /],
    ['gzip that is cut off far from its beginning', 'a.csv.gz', gzipSync(LONG, { level: 0 }).subarray(0, -9), {}, 'bad_gzip', /^expected a complete gzip/],
    ['gzip with another header inside', 'a.csv.gz', gzipSync('id,name\n1,a\n'), {}, 'header_mismatch', /^expected a header line /],
    ['gzip of nothing', 'a.csv.gz', gzipSync(''), {}, 'empty_file', /^expected a header line /],
    ['gzip of gzip', 'a.csv.gz', gzipSync(gzipSync(TEXT)), {}, 'not_text', /^expected UTF-8 text, what is in the gzip file looks like gzip: it is compressed twice, have it compressed once$/],
    ['gzip above the limit', 'a.csv.gz', gzipSync(LONG), large, 'too_large', /^expected at most 100000 bytes of decoded text \(maxDecodedSize\), got more$/],
    ['UTF-16 above the limit', 'a.csv', utf16(`\ufeff${LONG}`), large, 'too_large', /^expected at most 100000 bytes/],
    ['a JSON array above the limit', 'a.json', `[${'{"id":1,"text":"a"},'.repeat(9_000)}{}]`, large, 'too_large', /^expected at most 100000 bytes/],
    ['JSON Lines by the name of an array', 'a.json', PUBLISHED, {}, 'bad_json', /got \{ at byte 0: the file looks like JSON Lines/],
    ['a JSON array that does not end', 'a.json', `[${'{"id":1,"text":"a"},'.repeat(9_000)}`, {}, 'bad_json', /^expected an element after the comma, got the end of the text/],
  ])('%s', async (_, name, file, contract, code, message) => {
    const { world, ended } = await execute(`incoming/${name}`, file, { chunkSizeBytes: 64 * 1024, ...contract });
    expect(ended).toMatchObject({ status: 'FAILED', errorCode: code });
    expect(await world.job(ended.fileId)).toMatchObject({ status: 'FAILED', resumable: false, error_code: code, error_message: expect.stringMatching(message) });
    expect(world.landing.keys()).toEqual([`failed/${ended.fileId}/${name}`, `failed/${ended.fileId}/${name}.report.json`]);
    expect(world.openUploads()).toEqual([]);
    expect(world.outputBucket.keys('')).toEqual([`quarantine/file_id=${ended.fileId}/rejected.csv`, `reports/file_id=${ended.fileId}.json`]);
  });

  test('a large file is refused after its upload has begun: the upload is aborted', async () => {
    const file = gzipSync(csv(1_500_000));
    const aborted = jest.fn();
    const world = new World('Enabled', { chunkSizeBytes: 1024 ** 3, input: { maxDecodedSizeBytes: 25_000_000 } });
    const abort = world.output.abortUpload.bind(world.output);
    world.output.abortUpload = async (key, uploadId) => { aborted(key); await abort(key, uploadId); };
    const ended = await world.execute(createdEvent(world.land('incoming/a.csv.gz', file)));
    expect(ended).toMatchObject({ status: 'FAILED', errorCode: 'too_large' });
    expect(aborted.mock.calls).toEqual([[expect.stringMatching(/^work\/[0-9a-f]{32}\/staged-/)]]);
    expect(world.openUploads()).toEqual([]);
    expect(stagedKeys(world)).toEqual([]);
  });
});

test('a staged text that is lost in mid-job is no verdict on the file: the source stays, and the job can be resumed', async () => {
  const world = new World();
  const put = world.output.put.bind(world.output);
  world.output.put = async (key, ...content) => {
    await put(key, ...content);
    // The plan is made of it; the workers come too late.
    if (key.includes('/manifest-')) stagedKeys(world).forEach((staged) => world.outputBucket.expire(staged));
  };
  await expect(world.execute(createdEvent(world.land('incoming/a.csv.gz', gzipSync(csv(20)))))).resolves.toMatchObject({ status: 'FAILED' });
  expect(world.landing.keys()).toEqual(['incoming/a.csv.gz']);
});

describe('a crash at any call of the steps', () => {
  const FILE = gzipSync(csv(20, [12]));

  test.each(['before', 'after'] as const)('%s its effect is made good by the retry', async (effect) => {
    const undisturbed = new Crashes();
    const { world: expected } = await execute('incoming/a.csv.gz', FILE, {}, undisturbed);
    for (let call = 0; call < undisturbed.calls; call++) {
      const { world, ended, rejected } = await execute('incoming/a.csv.gz', FILE, {}, new Crashes(call, effect));
      expect({ call, status: ended.status, published: world.published(), rejected: rejected.length })
        .toEqual({ call, status: 'SUCCEEDED', published: expected.published(), rejected: 1 });
    }
  });

  test('each try stages under a key of its own, and the plan names the one that counts', async () => {
    // The first try crashes when it writes the plan.
    const world = new World('Enabled', { maxRejectedRecords: 1 });
    let puts = 0;
    const put = world.output.put.bind(world.output);
    world.output.put = async (key, ...content) => {
      if (key.includes('/plan-') && puts++ === 0) throw new Error('connection reset');
      await put(key, ...content);
    };
    const ended = await world.execute(createdEvent(world.land('incoming/a.csv.gz', FILE)));
    expect(ended.status).toBe('SUCCEEDED');
    const staged = stagedKeys(world);
    expect(staged.length).toBe(2);
    const plan = await readPlan(world.output, await world.job(ended.fileId));
    expect(staged).toContain(plan.source.key);
  });
});
