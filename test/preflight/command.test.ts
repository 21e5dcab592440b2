import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { BIN, commandInWorkspace, SCHEMA } from './workspace';
import { FastPath } from '../../src/engine/fast/fast-path';
import { main } from '../../src/preflight/main';

const { path, args: argsFor, build, report, parts, published, rejected, said, run: runOn } = commandInWorkspace();

function csv(records: number, bad: readonly number[] = []): string {
  return 'id,text\n' + Array.from({ length: records }, (_, index) => `${bad.includes(index) ? 'x' : index},"record\n${index}, of many"\n`).join('');
}

const run = async (content: string | Buffer, ...flags: string[]) => runOn('in.csv', content, ...flags);

test('publishes the same bytes at every chunk size, and the report counts them', async () => {
  const content = csv(20_000);
  const outputs = [];
  for (const size of ['64KiB', '200 KiB', '1GiB']) {
    expect(await run(content, '--chunk-size', size)).toBe(0);
    outputs.push(published().toString());
    expect(report()).toMatchObject({
      status: 'SUCCEEDED',
      fileSize: Buffer.byteLength(content),
      recordsRead: 20_000,
      recordsWritten: 20_000,
      recordsRejected: 0,
      blankLines: 0,
      rejectsByCode: {},
      rejectsByColumn: {},
      seconds: expect.any(Number),
    });
  }
  expect(outputs[1] === outputs[0] && outputs[2] === outputs[0]).toBe(true);
  expect(outputs[0].split('\n')[1]).toBe('{"id":1,"text":"record\\n1, of many"}');
});

test('a failure names rejected.csv where it lies', async () => {
  expect(await run(csv(10, [3]))).toBe(1);
  expect(existsSync(path('out', 'quarantine', 'rejected.csv'))).toBe(true);
  expect(report().errorMessage).toMatch(/ All of them are in quarantine\/rejected\.csv$/);
  expect(said.stderr).toContain('All of them are in quarantine/rejected.csv\n');
});

test('the report\'s chunks cover the file', async () => {
  await run(csv(20_000), '--chunk-size', '64KiB', '--concurrency', '3');
  const { chunks, fileSize } = report();
  expect(chunks.length).toBeGreaterThan(5);
  expect(parts().length).toBe(chunks.length);
  expect(chunks.map(({ start }) => start)).toEqual([0, ...chunks.slice(0, -1).map(({ end }) => end)]);
  expect(chunks.at(-1)!.end).toBe(fileSize);
  expect(chunks.every(({ boundary }) => boundary === 'exact' || boundary === 'guess')).toBe(true);
});

describe('CSV_FAST_PATH', () => {
  afterEach(() => { delete process.env.CSV_FAST_PATH; });

  test('off: the same bytes, and no fast path', async () => {
    const content = csv(1000, [3]);
    expect(await run(content, '--max-rejected', '1')).toBe(0);
    const before = published();
    process.env.CSV_FAST_PATH = 'off';
    const open = jest.spyOn(FastPath, 'open');
    expect(await run(content, '--max-rejected', '1')).toBe(0);
    expect(open).not.toHaveBeenCalled();
    expect(published().equals(before)).toBe(true);
  });

  test('another word is bad usage', async () => {
    process.env.CSV_FAST_PATH = 'no';
    expect(await run(csv(10))).toBe(2);
    expect(said.stderr).toContain('expected the environment variable CSV_FAST_PATH to be on or off, got "no"');
  });
});

test('leaves nothing else in the folder', async () => {
  await run(csv(10, [3]), '--max-rejected', '10%');
  expect(readdirSync(path('out')).sort()).toEqual(['output', 'quarantine', 'report.json']);
  expect(parts()).toEqual(['part-00000.jsonl']);
  expect(readdirSync(path('out', 'quarantine'))).toEqual(['rejected.csv']);
  expect(said.stdout).toMatch(/^records read 10\npublished 9\nquarantined 1\n/);
});

test('a failed job exits with 1, publishes nothing and takes the parts of an earlier run away', async () => {
  expect(await run(csv(10))).toBe(0);
  writeFileSync(path('out', 'output', 'notes.txt'), 'mine');
  expect(await run(csv(10, [3]))).toBe(1);
  expect(parts()).toEqual(['notes.txt']);
  expect(report()).toMatchObject({ status: 'FAILED', errorCode: 'too_many_rejects', recordsRead: 10, recordsWritten: 9, recordsRejected: 1 });
  expect(rejected()).toMatch(/\n8,\d+,type,id,.*,utf-8,"x,""record\n3, of many"""\n$/);
  expect(said.stderr).toMatch(/nothing is published \(too_many_rejects\): expected at most 0 rejected records, got 1 of 10/);
});

test('a limit does not bless a file of which nothing is left to publish, unless that is allowed', async () => {
  const glued = '{"id":1}'.repeat(1000);
  expect(await run(glued, '--input-format', 'jsonl', '--max-rejected', '1')).toBe(1);
  expect(report()).toMatchObject({ status: 'FAILED', errorCode: 'nothing_to_publish', recordsRead: 1, recordsRejected: 1 });
  expect(said.stderr).toContain('nothing is published (nothing_to_publish): expected a record to publish, got none: 1 rejected');
  expect(await run(glued, '--input-format', 'jsonl', '--max-rejected', '1', '--allow-empty')).toBe(0);
  expect(report()).toMatchObject({ status: 'SUCCEEDED', recordsWritten: 0 });
});

test.each([
  ['an empty file', '', 'empty_file'],
  ['a file without a header', '1,a\n', 'header_mismatch'],
  ['a file that is not text', Buffer.from('PK\x03\x04'), 'not_text'],
])('%s fails with a report', async (_, content, code) => {
  expect(await run(content)).toBe(1);
  expect(report()).toMatchObject({ status: 'FAILED', errorCode: code, recordsRead: 0, chunks: [] });
  expect(readdirSync(path('out')).sort()).toEqual(['quarantine', 'report.json']);
});

test('a machine that fails leaves a report and no parts', async () => {
  expect(await run(csv(10))).toBe(0);
  jest.spyOn(FastPath, 'open').mockImplementation(() => { throw new Error('no memory'); });
  expect(await run(csv(10))).toBe(1);
  expect(report()).toMatchObject({ status: 'FAILED', errorCode: 'infrastructure', errorMessage: 'Error: no memory' });
  expect(readdirSync(path('out')).sort()).toEqual(['report.json']);
});

test('reads a dialect', async () => {
  writeFileSync(path('dialect.json'), JSON.stringify({ delimiter: ';', header: false }));
  expect(await run('1;a,b\n', '--dialect', path('dialect.json'))).toBe(0);
  expect(published().toString()).toBe('{"id":1,"text":"a,b"}\n');
});

test('--help exits with 0 and names every option', async () => {
  expect(await main(['--help'])).toBe(0);
  for (const option of ['schema', 'dialect', 'transform', 'output-schema', 'transform-timeout', 'chunk-size', 'concurrency', 'max-rejected', 'max-record-size', 'format', 'out']) expect(said.stdout).toContain(`--${option}`);
});

test('a dialect that cannot be used is bad usage', async () => {
  writeFileSync(path('dialect.json'), JSON.stringify({ delimiter: '\0' }));
  expect(await run('1\0a\n', '--dialect', path('dialect.json'))).toBe(2);
  expect(said.stderr).toContain('dialect.delimiter must be one or more characters, none of them a line end, NUL or U+FEFF, got "\\u0000"');
});

describe('bad usage exits with 2, writes nothing and says what was expected', () => {
  const FILE = '/dev/null';
  test.each([
    ['no command', [], /expected the command run, got none/],
    ['another command', ['walk', FILE], /expected the command run, got walk/],
    ['no file', ['run'], /expected a FILE/],
    ['a file that is not there', ['run', '/no/such/file'], /expected a file \/no\/such\/file, found none/],
    ['a directory', ['run', tmpdir()], /it is a directory/],
    ['an unknown option', ['run', 'IN', '--speed', '9'], /--speed/],
    ['no schema', ['run', 'IN', '--out', 'OUT'], /expected --schema, got none/],
    ['no output folder', ['run', 'IN', '--schema', 'SCHEMA'], /expected --out, got none/],
    ['a schema that is not there', ['run', 'IN', '--schema', '/no/such/schema', '--out', 'OUT'], /expected --schema to name a file that can be read/],
    ['a schema that is not JSON', ['run', 'IN', '--schema', 'IN', '--out', 'OUT'], /expected --schema to name a JSON file/],
    ['another format', ['run', 'IN', '--schema', 'SCHEMA', '--out', 'OUT', '--format', 'xlsx'], /expected --format to be one of jsonl, csv, parquet, got xlsx/],
    ['gzip around Parquet', ['run', 'IN', '--schema', 'SCHEMA', '--out', 'OUT', '--format', 'parquet', '--gzip'], /expected --gzip with --format jsonl or csv, got parquet/],
    ['a CSV flag for JSON Lines', ['run', 'IN', '--schema', 'SCHEMA', '--out', 'OUT', '--formula-safe'], /expected --formula-safe with --format csv, got jsonl/],
    ['another metadata column', ['run', 'IN', '--schema', 'SCHEMA', '--out', 'OUT', '--metadata', '_job_id,line'], /expected --metadata to be one of _job_id, .*, got line/],
    ['small chunks', ['run', 'IN', '--schema', 'SCHEMA', '--out', 'OUT', '--chunk-size', '63KiB'], /expected --chunk-size to be at least 64KiB, got 63KiB/],
    ['a size without sense', ['run', 'IN', '--schema', 'SCHEMA', '--out', 'OUT', '--chunk-size', '1 MB'], /a number of bytes, KiB, MiB or GiB, got 1 MB/],
    ['no concurrency', ['run', 'IN', '--schema', 'SCHEMA', '--out', 'OUT', '--concurrency', '0'], /--concurrency to be a whole number of at least 1, got 0/],
    ['a share above 100 %', ['run', 'IN', '--schema', 'SCHEMA', '--out', 'OUT', '--max-rejected', '101%'], /0% to 100%, got 101%/],
  ])('%s', async (_, args, message) => {
    writeFileSync(path('in.csv'), csv(1));
    const named: Record<string, string> = { IN: path('in.csv'), SCHEMA: path('schema.json'), OUT: path('out') };
    expect(await main(args.map((arg) => named[arg] ?? arg))).toBe(2);
    expect(said.stderr).toMatch(message);
    expect(existsSync(path('out'))).toBe(false);
  });

  test.each([
    ['rejected.csv of an earlier run as FILE', ['quarantine', 'rejected.csv'], 'FILE'],
    ['a published part as FILE', ['output', 'part-00000.jsonl'], 'FILE'],
    ['the report as FILE', ['report.json'], 'FILE'],
    ['the report as schema', ['report.json'], '--schema'],
    ['the report as dialect', ['report.json'], '--dialect'],
  ])('%s, which the run would take away', async (_, names, option) => {
    const owned = path('out', ...names);
    const link = path('link');
    for (const folder of ['output', 'quarantine']) mkdirSync(path('out', folder), { recursive: true });
    writeFileSync(owned, option === '--schema' ? JSON.stringify(SCHEMA) : '{}');
    symlinkSync(owned, link);
    for (const file of [owned, link]) {
      writeFileSync(path('in.csv'), csv(1));
      const inputs: Record<string, string> = { 'FILE': path('in.csv'), '--schema': path('schema.json'), [option]: file };
      const dialect = inputs['--dialect'] === undefined ? [] : ['--dialect', inputs['--dialect']];
      expect(await main(['run', inputs.FILE, '--schema', inputs['--schema'], ...dialect, '--out', path('out')])).toBe(2);
      expect(said.stderr).toContain(`expected ${option} to lie outside of the results in ${path('out')}, which the run replaces, got ${file}`);
      expect(existsSync(owned)).toBe(true);
    }
  });

  test('an output folder that is a file', async () => {
    writeFileSync(path('out'), '');
    expect(await run(csv(1))).toBe(2);
    expect(said.stderr).toMatch(/expected --out to name a folder that can be written/);
  });

  test.each([
    ['a schema without fields', { fields: [] }],
    ['two fields of one name', { fields: [{ name: 'a' }, { name: 'a' }] }],
    ['an unknown type', { fields: [{ name: 'a', type: 'money' }] }],
    ['a pattern that is none', { fields: [{ name: 'a', constraints: { pattern: '(' } }] }],
    ['no schema at all', []],
  ])('%s', async (_, schema) => {
    writeFileSync(path('schema.json'), JSON.stringify(schema));
    expect(await run(csv(1))).toBe(2);
    expect(said.stderr).toMatch(/^csv-chunk-pipeline: /);
    expect(existsSync(path('out'))).toBe(false);
  });
});

describe('bin/csv-chunk-pipeline', () => {
  test('is executable, and says what to do when the bundle is missing', () => {
    expect((statSync(BIN).mode % 0o1000).toString(8)).toMatch(/^7/);
    mkdirSync(path('bin'));
    writeFileSync(path('bin', 'csv-chunk-pipeline'), readFileSync(BIN));
    const { status, stderr: message } = spawnSync(process.execPath, [path('bin', 'csv-chunk-pipeline'), '--help'], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(message).toMatch(/run npm run build first/);
  });

  test('runs the bundle', () => {
    const command = build();
    writeFileSync(path('in.csv'), csv(3));
    expect(spawnSync(process.execPath, [command, ...argsFor('in.csv')], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    expect(published().toString().split('\n').length).toBe(4);
  });

  test('a run that waits for what never comes is no success', () => {
    for (const folder of ['bin', 'assets/preflight']) mkdirSync(path(folder), { recursive: true });
    writeFileSync(path('bin', 'csv-chunk-pipeline'), readFileSync(BIN));
    writeFileSync(path('assets', 'preflight', 'index.js'), 'exports.main = () => new Promise(() => {});');
    const { status, stderr: message } = spawnSync(process.execPath, [path('bin', 'csv-chunk-pipeline')], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(message).toMatch(/has stopped before its end, nothing is published/);
  });

  test('several threads come to what one comes to', () => {
    const command = build();
    writeFileSync(path('in.csv'), csv(20_000, [7, 19_000]));
    const outcomes = ['1', '2', '5'].map((threads) => {
      const args = argsFor('in.csv', '--chunk-size', '64KiB', '--max-rejected', '2', '--concurrency', threads);
      expect(spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
      const { recordsRead, recordsWritten, rejectsByCode, chunks } = report();
      return { output: published().toString(), rejectedRows: rejected(), recordsRead, recordsWritten, rejectsByCode, chunks };
    });
    expect(outcomes[0]).toMatchObject({ recordsRead: 20_000, recordsWritten: 19_998, rejectsByCode: { type: 2 } });
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(outcomes[2]).toEqual(outcomes[0]);
  });
});

test('a thread that cannot start fails the job, and nothing is published', async () => {
  writeFileSync(path('in.csv'), csv(20_000));
  writeFileSync(path('thread.js'), 'throw new Error("no memory");');
  expect(await main(argsFor('in.csv', '--chunk-size', '64KiB', '--concurrency', '2'), path('thread.js'))).toBe(1);
  expect(report()).toMatchObject({ status: 'FAILED', errorCode: 'infrastructure', errorMessage: expect.stringContaining('no memory') });
  expect(parts()).toEqual([]);
});

test('keys hold across chunks and threads: the same records at every chunk size, each duplicate with where the first one is', async () => {
  writeFileSync(path('schema.json'), JSON.stringify({ ...SCHEMA, primaryKey: 'id' }));
  // Every hundredth record has the same key as the record 50 before it.
  const rows = Array.from({ length: 20_000 }, (_, index) => `${index % 100 === 99 ? index - 50 : index},"record\n${index}"\n`);
  const content = 'id,text\n' + rows.join('');
  const outputs = [];
  for (const size of ['64KiB', '1GiB']) {
    expect(await run(content, '--chunk-size', size, '--concurrency', '2', '--max-rejected', '1%')).toBe(0);
    expect(report()).toMatchObject({ recordsRead: 20_000, recordsWritten: 19_800, recordsRejected: 200 });
    expect(report()).toMatchObject({ rejectsByCode: { unique: 200 }, rejectsByColumn: { id: 200 } });
    outputs.push([published().toString(), rejected()]);
  }
  expect(outputs[1]).toEqual(outputs[0]);
  const [, [, quarantine]] = outputs;
  expect(quarantine.split('\n')[1]).toBe(`${2 + 2 * 99},${content.indexOf('49,"record\n99"')},unique,id,`
    + `"must be unique (primaryKey id), the first one is on line ${2 + 2 * 49} (byte ${content.indexOf('49,"record\n49"')})",utf-8,"49,""record`);
});

test('a schema may begin with a byte order mark', async () => {
  writeFileSync(path('schema.json'), '\ufeff' + readFileSync(path('schema.json'), 'utf8'));
  expect(await runOn('in.csv', 'id,text\n1,a\n')).toBe(0);
});
