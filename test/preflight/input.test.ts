/** The command on every kind of file that the pipeline takes. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { commandInWorkspace, SCHEMA } from './workspace';
import { main } from '../../src/preflight/main';
import { Progress } from '../../src/preflight/progress';
import { run as runFile } from '../../src/preflight/run';
import { readOptions } from '../../src/preflight/run-options';
import { zipOf } from '../engine/staging/zip-file';

const { path, args, report, published, said, run } = commandInWorkspace();

const RECORDS = Array.from({ length: 20_000 }, (_, id) => ({ id, text: `Straße ${id}` }));
const CSV = ['id,text', ...RECORDS.map(({ id, text }) => `${id},${text}`), ''].join('\n');
const LINES = RECORDS.map((record) => `${JSON.stringify(record)}\n`).join('');

test.each<[string, string, string | Buffer, string[]]>([
  ['gzip', 'in.csv.gz', gzipSync(CSV), []],
  ['gzip that is declared', 'in', gzipSync(CSV), ['--compression', 'gzip']],
  ['gzip of several members', 'in.csv.gz', Buffer.concat([gzipSync(CSV.slice(0, 77_777)), gzipSync(CSV.slice(77_777))]), []],
  ['UTF-16', 'in.csv', Buffer.from(`\ufeff${CSV}`, 'utf16le'), []],
  ['UTF-16 that is declared', 'in.csv', Buffer.from(CSV, 'utf16le').swap16(), ['--encoding', 'utf-16be']],
  ['ISO-8859-1', 'in.csv', Buffer.from(CSV, 'latin1'), ['--encoding', 'iso-8859-1']],
  ['Windows-1250, by another label', 'in.csv', Buffer.from(CSV, 'latin1'), ['--encoding', 'CP1250']],
  ['a ZIP archive', 'in.csv.zip', zipOf({ name: 'export.txt', text: CSV }), []],
  ['a ZIP archive that is declared', 'in', zipOf({ name: 'a', text: LINES }), ['--compression', 'zip', '--input-format', 'jsonl']],
  ['TSV', 'in.tsv', CSV.replaceAll(',', '\t'), []],
  ['TSV that is declared', 'in.csv', CSV.replaceAll(',', '\t'), ['--input-format', 'tsv']],
  ['JSON Lines', 'in.jsonl', LINES, []],
  ['JSON Lines in gzip', 'in.ndjson.gz', gzipSync(LINES), []],
  ['a JSON array', 'in.json', JSON.stringify(RECORDS), []],
  ['a JSON array that is declared', 'in.txt', JSON.stringify(RECORDS, undefined, 2), ['--input-format', 'json']],
  ['objects one after the other', 'in.txt', RECORDS.map((record) => JSON.stringify(record)).join(''), ['--input-format', 'concatenated-json']],
])('publishes what is in a file of %s, the same at every chunk size', async (_, name, content, flags) => {
  for (const size of ['64KiB', '1GiB']) {
    expect(await run(name, content, '--chunk-size', size, ...flags)).toBe(0);
    expect(published().toString() === LINES).toBe(true);
    expect(report()).toMatchObject({ fileSize: Buffer.byteLength(content), recordsRead: 20_000, recordsWritten: 20_000 });
    expect(report().chunks.length).toBeGreaterThanOrEqual(size === '64KiB' ? 4 : 1);
  }
  expect(readdirSync(path('out')).sort()).toEqual(['output', 'quarantine', 'report.json']);
});

/** Runs the file. @returns what the progress was told: the steps, and the bytes read while the file is unpacked */
async function toldOf(name: string, content: string | Buffer): Promise<Array<string | number>> {
  const told: Array<string | number> = [];
  const progress: Progress = {
    step: (step) => told.push(step),
    unpacked: (bytesRead) => told.push(bytesRead),
    expect: () => undefined,
    chunk: () => undefined,
    end: () => undefined,
  };
  writeFileSync(path(name), content);
  await runFile(readOptions(args(name))!, progress);
  return told;
}

const MIB = 1024 * 1024;
const LONG = `[${'{"id":1,"text":"a"},'.repeat(300_000)}{"id":1,"text":"a"}]`;

test.each<[string, string, Buffer]>([
  ['gzip', 'in.json.gz', gzipSync(LONG, { level: 0 })],
  ['UTF-16, which only its mark tells', 'in.csv', Buffer.from(`\ufeffid,text\n${'1,a\n'.repeat(700_000)}`, 'utf16le')],
  ['a JSON array', 'in.json', Buffer.from(LONG)],
])('of %s is told how much of the file is read while it is unpacked', async (_, name, content) => {
  expect(content.length).toBeGreaterThan(4 * MIB);
  expect(content.length).toBeLessThan(8 * MIB);
  // The file's size may be told twice, because the padding after the gzip data is read, too.
  expect([...new Set(await toldOf(name, content))]).toEqual([
    'checking the file', 'finding the chunks', 'unpacking the file', 0, 4 * MIB, content.length, 'processing 1 chunk', 'publishing',
  ]);
});

test('a file that is cut in place is not said to be unpacked', async () => {
  expect(await toldOf('in.csv', CSV)).toEqual(['checking the file', 'finding the chunks', 'processing 1 chunk', 'publishing']);
});

test.each<[string, string, string | Buffer, string[], string, RegExp]>([
  ['gzip that is cut off', 'in.csv.gz', gzipSync(CSV).subarray(0, -1), [], 'bad_gzip', /^expected a complete gzip file/],
  ['gzip without its suffix', 'in.csv', gzipSync(CSV), [], 'not_text', /looks like gzip: name it \.gz or declare compression gzip$/],
  ['a ZIP archive of two files', 'in.zip', zipOf({ name: 'a.csv', text: CSV }, { name: 'b.csv', text: CSV }), [], 'bad_zip',
    /^expected a ZIP archive with one file, got several: "a.csv", "b.csv"$/],
  ['a page', 'in.csv', '<!DOCTYPE html>\n<title>Sign in</title>\n', [], 'not_text', /^expected a header line with the fields id,text; the file looks like HTML: /],
  ['a JSON array that does not end', 'in.json', '[{"id":1,"text":"a"}', [], 'bad_json', /^expected a comma or \] after the element, got the end/],
  ['more text than the limit', 'in.csv.gz', gzipSync(CSV), ['--max-decoded-size', '100KiB'], 'too_large', /^expected at most 102400 bytes/],
])('%s fails with a report', async (_, name, content, flags, code, message) => {
  expect(await run(name, content, ...flags)).toBe(1);
  expect(report()).toMatchObject({ status: 'FAILED', errorCode: code, errorMessage: expect.stringMatching(message), recordsRead: 0 });
  expect(readdirSync(path('out')).sort()).toEqual(['quarantine', 'report.json']);
});

test('a reject of a UTF-16 file speaks of UTF-16', async () => {
  expect(await run('in.csv', Buffer.from('\ufeffid,text\n1,\ud83d\n', 'utf16le'))).toBe(1);
  expect(readFileSync(path('out', 'quarantine', 'rejected.csv'), 'utf8')).toContain('a field must be valid UTF-16, this one has half a surrogate pair');
});

test.each<[string, string, string, object, object]>([
  ['a header in the third row, units below it', 'in.csv', `Report\n\n${CSV.replace('id,text\n', 'id,text\n[1],[1]\n')}`, { headerRows: [3], commentRows: [4] }, {}],
  ['a header of two rows', 'in.csv', CSV.replace('id,text', 'i,\nd,text'), { headerRows: [1, 2], headerJoin: '' }, {}],
  ['a preamble of any length', 'in.csv', `Report of\n"2024,\n\n${CSV}`, { headerSearchLines: 10 }, {}],
  ['columns of no name and of one name', 'in.csv', CSV.replaceAll('\n', ',,\n'), {}, { fieldsMatch: 'subset' }],
  ['sep= and tabs', 'in.csv', `sep=\t\n${CSV.replaceAll(',', '\t')}`, { delimiter: '\t' }, {}],
  ['a JSON array under a property', 'in.json', JSON.stringify({ count: 20_000, data: { rows: RECORDS }, next: null }), { property: 'data.rows' }, {}],
])('publishes what is in a file with %s', async (_, name, content, dialect, more) => {
  writeFileSync(path('dialect.json'), JSON.stringify(dialect));
  writeFileSync(path('schema.json'), JSON.stringify({ ...SCHEMA, ...more }));
  expect(await run(name, content, '--dialect', path('dialect.json'), '--chunk-size', '64KiB')).toBe(0);
  expect(published().toString() === LINES).toBe(true);
  expect(report()).toMatchObject({ recordsRead: 20_000, recordsWritten: 20_000 });
});

test.each<[object, string[], string]>([
  [{ headerRows: [1], header: false }, [], 'dialect.headerRows must be left out where header is false, got [1]'],
  [{ property: 'data' }, ['--input-format', 'csv'], 'dialect.property must be left out where inputFormat is csv: it is how JSON is written, got "data"'],
  [{ delimiter: ';' }, ['--input-format', 'json'], 'dialect.delimiter must be left out where inputFormat is json: it is how CSV and TSV are written, got ";"'],
])('the dialect %j is bad usage with %j', async (dialect, flags, message) => {
  writeFileSync(path('dialect.json'), JSON.stringify(dialect));
  expect(await run('in.csv', CSV, '--dialect', path('dialect.json'), ...flags)).toBe(2);
  expect(said.stderr).toContain(message);
});

test('a reject of another encoding speaks of it, and is one', async () => {
  expect(await run('in.csv', Buffer.from('id,text\n1,\x93\xfa\x96{\n2,\x93\n3,\x83\\\n', 'latin1'), '--encoding', 'sjis', '--max-rejected', '1')).toBe(0);
  expect(published().toString()).toBe('{"id":1,"text":"日本"}\n{"id":3,"text":"ソ"}\n');
  expect(readFileSync(path('out', 'quarantine', 'rejected.csv'), 'utf8')).toContain('a field must be valid Shift_JIS, this one has other bytes');
});

test('--help names the options, with their values', async () => {
  expect(await main(['--help'])).toBe(0);
  for (const text of ['--input-format', '--compression', '--encoding', '--max-decoded-size', 'jsonl', 'gzip', 'windows-1252', '32GiB']) expect(said.stdout).toContain(text);
});

test.each<[string[], RegExp]>([
  [['--input-format', 'xml'], /expected --input-format to be one of csv, tsv, jsonl, json, concatenated-json, got xml/],
  [['--compression', 'bzip2'], /expected --compression to be one of none, gzip, zstd, zip, got bzip2/],
  [['--encoding', 'latin1'], /expected --encoding to be one of utf-8, utf-16le, utf-16be, iso-8859-1, windows-1252, ibm866, .*, euc-kr, got latin1/],
  [['--max-decoded-size', '0'], /expected --max-decoded-size to be at least 1, got 0/],
  [['--max-decoded-size', '1TB'], /expected --max-decoded-size to be a number of bytes, KiB, MiB or GiB, got 1TB/],
  [['--max-decoded-size', '65GiB'], /maxDecodedSize must be a whole number from 1 to 68719476736, got 69793218560/],
  [['--input-format', 'json', '--encoding', 'iso-8859-1'], /encoding must be utf-8, utf-16le or utf-16be where inputFormat is JSON \(RFC 8259\)/],
])('%j is bad usage: exit status 2, nothing written', async (flags, message) => {
  expect(await run('in.csv', CSV, ...flags)).toBe(2);
  expect(said.stderr).toMatch(message);
  expect(existsSync(path('out'))).toBe(false);
});
