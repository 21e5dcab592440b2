/** What somebody sends, or names, who means harm: what the command makes of each, and that nothing of it acts on a terminal. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { SCHEMA, workspace } from './workspace';
import { zipOf } from '../engine/staging/zip-file';

const { open, remove, build, path, report, parts, published } = workspace();
const MIB = 1024 * 1024;
let command: string;

beforeAll(() => {
  open();
  command = build();
});
afterAll(remove);
beforeEach(() => rmSync(path('out'), { recursive: true, force: true }));

interface Case {
  /** Default: `in.csv`. */
  readonly file?: string;
  /** Default: one good record. */
  readonly content?: string | Buffer;
  readonly schema?: object | string;
  readonly dialect?: object;
  readonly flags?: readonly string[];
  /** What happens to the file while it is read. */
  readonly meanwhile?: (file: string) => void;
  readonly status: 0 | 1 | 2;
  /** What is told, or of a file that is published, nothing. */
  readonly told?: RegExp;
  readonly code?: string;
  readonly report?: object;
}

const GOOD = 'id,text\n1,a\n';
const ACTS = '\x1b]0;owned\x07\x1b[2J\u009b31m\r\ncsv-chunk-pipeline: all is well\u202egnp.exe\u2028\x7f\u200b';
const SHOWN = /\\u001b\]0;owned\\u0007\\u001b\[2J\\u009b31m\\r\\ncsv-chunk-pipeline: all is well\\u202egnp\.exe\\u2028\\u007f\\u200b/;
/** Without a slash, line ends and NUL that no file's name has here. */
const NAME = '\x1b[2J\u009b31m\x07\r\ncsv-chunk-pipeline: all is well\u202egnp.csv';
const SHOWN_NAME = /\\u001b\[2J\\u009b31m\\u0007\\r\\ncsv-chunk-pipeline: all is well\\u202egnp\.csv/;
const schemaOf = (name: string, more: object = {}) => ({ fields: [{ name: 'id', type: 'integer' }, { name, ...more }] });
const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

const CASES: Record<string, Case> = {
  // What is printed.
  'a header that acts on a terminal': { content: `id,"${ACTS}"\n1,a\n`, status: 1, code: 'header_mismatch', told: SHOWN },
  'a header of marks, a million on one letter': { content: `id,a${'\u0301\u0316'.repeat(100_000)}\n1,a\n`, status: 1, code: 'header_mismatch' },
  'a header of one very long name': { content: `id,${'a'.repeat(900_000)}\n1,a\n`, status: 1, code: 'header_mismatch', told: /a…/ },
  'a value that acts on a terminal': { content: `id,text\n"${ACTS}",a\n`, status: 1, code: 'too_many_rejects', told: /\\u001b\]0;owned\\u0007/ },
  'a file\'s name that acts on a terminal, of a file that is not there': { file: `/nowhere/${NAME}`, status: 2, told: SHOWN_NAME },
  'a file\'s name that acts on a terminal': { file: NAME, content: '', status: 1, code: 'empty_file' },
  'a name of a schema that acts on a terminal': { schema: schemaOf(ACTS), status: 1, code: 'header_mismatch', told: SHOWN },
  'a type of a schema that acts on a terminal': { schema: schemaOf('text', { type: ACTS }), status: 2, told: /type must be one of .*got "\\u001b\]0;owned/ },
  'a property of a dialect that acts on a terminal': { dialect: { [ACTS]: 1 }, status: 2, told: SHOWN },
  'a schema that is no JSON, and acts on a terminal': { schema: ACTS, status: 2, told: /\\u001b/ },
  'an option that acts on a terminal': { flags: [`--${ACTS}`], status: 2, told: SHOWN },
  'a value of an option that acts on a terminal': { flags: ['--format', ACTS], status: 2, told: SHOWN },
  'what a schema asks for beside, of a name that acts on a terminal': {
    schema: schemaOf('text', { constraints: { [`x-${ACTS}`]: 1 } }), status: 0, told: SHOWN,
  },
  'an archive\'s file of a name that acts on a terminal': {
    file: 'in.zip', content: zipOf({ name: '\x1b]0;owned\x07', text: GOOD }, { name: 'b', text: GOOD }), status: 1, code: 'bad_zip', told: /"\\u001b\]0;owned\\u0007", "b"/,
  },
  'a key of JSON that acts on a terminal': {
    file: 'in.json', content: JSON.stringify({ [ACTS]: [] }), dialect: { property: 'data' }, status: 1, code: 'bad_json', told: /keys "\\u001b\]0;owned\\u0007/,
  },
  // Schemas and dialects.
  'a pattern of 100 KB': { schema: schemaOf('text', { constraints: { pattern: 'a'.repeat(100_000) } }), status: 2, told: /pattern must be at most 10000 characters \(a list of values is an enum\), got 100000$/m },
  'a pattern of 100 KB that is none': {
    schema: schemaOf('text', { constraints: { pattern: `(${'a'.repeat(100_000)}` } }), status: 2, told: /pattern must be at most 10000 characters \(a list of values is an enum\), got 100001$/m,
  },
  'a name of 100 KB': { schema: schemaOf('a'.repeat(100_000)), status: 1, code: 'header_mismatch', told: /a…/ },
  'a property of 100 KB': { dialect: { ['a'.repeat(100_000)]: 1 }, status: 2, told: /^csv-chunk-pipeline: dialect\.a{292}… must be one of the known/m },
  'an enum of values of 100 KB': {
    schema: schemaOf('text', { constraints: { enum: ['b'.repeat(100_000), 'c'.repeat(100_000)] } }), status: 1, code: 'too_many_rejects', told: /be one of "b{99}…, "c{99}…/,
  },
  'a schema that is nested 100,000 deep': { schema: `{"fields":${deep(100_000)}}`, status: 2 },
  'a schema that names what every object has': { schema: '{"fields":[{"name":"constructor"},{"name":"toString"}]}', content: 'constructor,toString\n1,a\n', status: 0 },
  // Bombs: small files that are large.
  'a bomb of gzip': { file: 'in.csv.gz', content: gzipSync('0'.repeat(20 * MIB)), flags: ['--max-decoded-size', '1MiB'], status: 1, code: 'too_large' },
  'a bomb of zip': { file: 'in.zip', content: zipOf({ name: 'a.csv', text: '0'.repeat(20 * MIB) }), flags: ['--max-decoded-size', '1MiB'], status: 1, code: 'too_large' },
  'a bomb of one field': { file: 'in.csv.gz', content: gzipSync(`id,text\n1,${'0'.repeat(20 * MIB)}\n`), status: 1, code: 'too_many_rejects', report: { rejectsByCode: { record_size: 1 } } },
  'gzip of which something else follows': { file: 'in.csv.gz', content: Buffer.concat([gzipSync(GOOD), Buffer.from('PK\x03\x04')]), status: 1, code: 'bad_gzip' },
  // Floods.
  'delimiters': { content: `id,text\n${','.repeat(2 * MIB)}\n`, status: 1, code: 'too_many_rejects', report: { recordsRejected: 1 } },
  'delimiters in the header': { content: `${','.repeat(900_000)}\n${GOOD}`, status: 1, code: 'header_mismatch' },
  'quotes': { content: `id,text\n${'"'.repeat(MIB)}\n`, status: 1, code: 'too_many_rejects' },
  'one quote': { content: `id,text\n1,"${'a\n'.repeat(20_000)}`, status: 1, code: 'too_many_rejects' },
  'line ends': { content: `id,text\n1,a\n${'\n'.repeat(2 * MIB)}`, status: 0 },
  'brackets': { file: 'in.json', content: '['.repeat(2 * MIB), status: 1, code: 'bad_json' },
  'brackets in a line': { file: 'in.jsonl', content: `{"id":1}\n${'['.repeat(900_000)}\n`, status: 1, code: 'too_many_rejects' },
  'objects in objects': { file: 'in.jsonl', content: `{"id":1,"text":"a","rest":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}\n`, status: 1, code: 'too_many_rejects' },
  'keys': { file: 'in.jsonl', content: `{${Array.from({ length: 60_000 }, (_, key) => `"k${key}":1`).join(',')}}\n`, status: 1, code: 'too_many_rejects' },
  'keys of one name': { file: 'in.jsonl', content: `{${'"id":1,'.repeat(60_000)}"text":"a"}\n`, status: 1, code: 'too_many_rejects' },
  'what every object has, as a key': { file: 'in.jsonl', content: '{"id":1,"text":"a","__proto__":{"toString":1},"constructor":1}\n', status: 1, code: 'too_many_rejects' },
  'digits': { content: `id,text\n${'9'.repeat(900_000)}x,a\n`, status: 1, code: 'too_many_rejects', told: /got "9{60}"… \(900001 UTF-16 units\)/ },
  // Bytes that are no text.
  'NUL bytes': { content: Buffer.alloc(MIB), status: 1, code: 'not_text' },
  'NUL bytes in a field': { content: 'id,text\n1,a\0b\n', status: 0 },
  'half characters': { file: 'in.csv', content: Buffer.from('\ufeffid,text\n1,\ud83d\n', 'utf16le'), status: 1, code: 'too_many_rejects' },
  'bytes that are no UTF-8': { content: Buffer.concat([Buffer.from('id,text\n1,'), Buffer.alloc(1000, 0xff), Buffer.from('\n')]), status: 1, code: 'too_many_rejects' },
  'an empty file': { content: '', status: 1, code: 'empty_file' },
};

async function run({ file = 'in.csv', content = GOOD, schema = SCHEMA, dialect, flags = [], meanwhile }: Case) {
  const input = file.startsWith('/') ? file : path(file);
  if (!file.startsWith('/')) writeFileSync(input, content);
  writeFileSync(path('schema.json'), typeof schema === 'string' ? schema : JSON.stringify(schema));
  const args = ['run', input, '--schema', path('schema.json'), '--out', path('out'), ...flags];
  if (dialect !== undefined) {
    writeFileSync(path('dialect.json'), JSON.stringify(dialect));
    args.push('--dialect', path('dialect.json'));
  }
  const child = spawn(process.execPath, [command, ...args], { timeout: 40_000 });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { said += text; });
  const ended = once(child, 'close');
  if (meanwhile !== undefined) {
    while (!isWriting()) await sleep(1);
    meanwhile(input);
  }
  const [status] = await ended;
  return { status, said };
}

/** Whether the first chunk is processed: the file is pinned by then. */
function isWriting(): boolean {
  const [folder] = existsSync(path('out')) ? readdirSync(path('out')).filter((name) => name.startsWith('.')) : [];
  return folder !== undefined && readdirSync(path('out', folder)).some((name) => name.startsWith('upload-'));
}

test('a schema that never ends', () => {
  const { status, stderr } = spawnSync(process.execPath, [command, 'run', __filename, '--schema', '/dev/zero', '--out', path('out')], { encoding: 'utf8' });
  expect(stderr).toContain('expected --schema to name a file that can be read, got /dev/zero: it has more than 67108864 bytes\n');
  expect(status).toBe(2);
});

test('a reader that has gone is no failure; a disk without room for what is printed is one', () => {
  writeFileSync(path('in.csv'), GOOD);
  writeFileSync(path('schema.json'), JSON.stringify(SCHEMA));
  const words = [process.execPath, command, 'run', path('in.csv'), '--schema', path('schema.json'), '--out', path('out')].map((word) => `'${word}'`).join(' ');
  const sh = (script: string) => spawnSync('bash', ['-c', script], { encoding: 'utf8', timeout: 60_000 });
  expect(sh(`${words} | true; exit \${PIPESTATUS[0]}`)).toMatchObject({ status: 0, stderr: '' });
  expect(sh(`${words} > /dev/full`)).toMatchObject({ status: 1, stderr: 'csv-chunk-pipeline: expected what is printed to be written, got ENOSPC: no space left on device, write\n' });
  expect(parts().length).toBe(1);
  expect(sh(`${words} > /dev/full 2>&1`)).toMatchObject({ status: 1, signal: null });
  expect(sh(`${words.replace('in.csv', 'no.csv')} 2> /dev/full`)).toMatchObject({ status: 2, signal: null });
});

/** Every line is one of ours, none of it acts, none is longer than a person reads. */
function expectHarmless(said: string): void {
  for (const line of said.split('\n')) {
    expect(line).toMatch(/^(?:[ -~…–]|\p{L}|\p{M})*$/u);
    expect(line.length).toBeLessThan(2100);
    expect(line).toMatch(/^(?:csv-chunk-pipeline: (?!all is well)|records read \d|published \d|quarantined \d|chunks \d|$)/);
  }
}

function expectNothingInHalves(status: number): void {
  const left = existsSync(path('out')) ? readdirSync(path('out')) : [];
  expect(left.filter((name) => name.startsWith('.'))).toEqual([]);
  if (status !== 0) expect(parts()).toEqual([]);
  if (status === 2) expect(left).toEqual([]);
}

test.each(Object.entries(CASES))('%s', async (_, given) => {
  const { status, said } = await run(given);
  expectHarmless(said);
  expect({ status, said }).toEqual({ status: given.status, said: expect.stringMatching(given.told ?? /./) });
  expectNothingInHalves(given.status);
  if (given.status === 1) expect(report()).toMatchObject({ status: 'FAILED', errorCode: given.code, ...given.report });
});

describe('a file that changes while it is read', () => {
  const LONG = 'id,text\n' + '1,a\n'.repeat(2_000_000);
  const OTHER = Buffer.from(LONG.replaceAll('a', 'b'));
  const changing = { file: 'changing.csv', content: LONG, flags: ['--chunk-size', '64KiB', '--concurrency', '1'] };
  afterEach(() => rmSync(path('changing.csv'), { recursive: true }));

  test.each<[string, (file: string) => void]>([
    ['it grows', (file) => appendFileSync(file, '2,b\n')],
    ['it is cut', (file) => truncateSync(file, 1000)],
    ['it is written anew', (file) => writeFileSync(file, OTHER)],
  ])('%s: nothing is published', async (_, meanwhile) => {
    const { status, said } = await run({ ...changing, meanwhile, status: 1 });
    expectHarmless(said);
    expect({ status, said }).toEqual({ status: 1, said: expect.stringContaining('nothing is published (source_changed)') });
    expectNothingInHalves(1);
  });

  test.each<[string, (file: string) => void]>([
    ['another file takes its place', (file) => { unlinkSync(file); writeFileSync(file, OTHER); }],
    ['a folder takes its place', (file) => { unlinkSync(file); mkdirSync(file); }],
  ])('%s: what is published is the file that was opened, whole', async (_, meanwhile) => {
    const { status, said } = await run({ ...changing, meanwhile, status: 0 });
    expectHarmless(said);
    expect({ status, said }).toEqual({ status: 0, said: expect.stringContaining('published 2000000\n') });
    expect(published().includes('"b"')).toBe(false);
  });
});
