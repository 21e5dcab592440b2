import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobReport } from '../../src/handlers/report';

const ROOT = join(__dirname, '..', '..');
const directory = mkdtempSync(join(tmpdir(), 'preflight-transform-'));
const path = (...names: string[]) => join(directory, ...names);

// The command in a process of its own: jest has no ES modules.
beforeAll(() => {
  execFileSync(join('node_modules', '.bin', 'esbuild'), [
    'src/preflight/main.ts', '--bundle', '--platform=node', '--target=node20', '--main-fields=module,main',
    `--outfile=${path('assets', 'preflight', 'index.js')}`, '--log-level=error',
  ], { cwd: ROOT });
  execFileSync('mkdir', ['-p', path('bin')]);
  writeFileSync(path('bin', 'csv-chunk-pipeline'), readFileSync(join(ROOT, 'bin', 'csv-chunk-pipeline')));
  writeFileSync(path('schema.json'), JSON.stringify({ fields: [{ name: 'id', type: 'integer' }, { name: 'text' }] }));
  writeFileSync(path('output.json'), JSON.stringify({ fields: [{ name: 'length', type: 'integer' }] }));
  writeFileSync(path('in.csv'), 'id,text\n' + Array.from({ length: 20_000 }, (_, index) => `${index},text ${index}\n`).join(''));
});
afterAll(() => rmSync(directory, { recursive: true }));

function run(module: string, ...flags: string[]) {
  const args = ['run', path('in.csv'), '--schema', path('schema.json'), '--out', path('out'), '--transform', path(module), '--chunk-size', '64KiB', ...flags];
  const { status, stdout, stderr } = spawnSync(process.execPath, [path('bin', 'csv-chunk-pipeline'), ...args], { encoding: 'utf8' });
  const report = status === 2 ? undefined : JSON.parse(readFileSync(path('out', 'report.json'), 'utf8')) as JobReport;
  return { status, stdout, stderr, report };
}

test.each([['1'], ['3']])('a module goes over the records, in %s thread(s)', (concurrency) => {
  writeFileSync(path('even.mjs'), 'export default (record, { reject }) => record.id % 2 === 1 ? null : record.id === 10 ? reject("ten") : record;');
  const { status, stdout, report } = run('even.mjs', '--concurrency', concurrency, '--max-rejected', '1');
  expect(status).toBe(0);
  expect(stdout).toContain('published 9999\nquarantined 1\nfiltered 10000\n');
  const counts = { recordsRead: 20_000, recordsWritten: 9999, recordsRejected: 1, recordsFiltered: 10_000 };
  expect(report).toMatchObject({ ...counts, rejectsByCode: { transform: 1 } });
  const lines = readFileSync(path('out', 'output', 'part-00000.jsonl'), 'utf8').split('\n');
  expect(lines.slice(4, 6)).toEqual(['{"id":8,"text":"text 8"}', '{"id":12,"text":"text 12"}']);
});

test('an output schema is that of the published records', () => {
  writeFileSync(path('length.cjs'), 'module.exports = ({ text }) => ({ length: text.length });');
  expect(run('length.cjs', '--output-schema', path('output.json')).status).toBe(0);
  expect(readFileSync(path('out', 'output', 'part-00000.jsonl'), 'utf8').split('\n')[0]).toBe('{"length":6}');
});

test('an output schema that gives up the keys is refused, as at synth', () => {
  writeFileSync(path('keyed.json'), JSON.stringify({ fields: [{ name: 'id', type: 'integer' }, { name: 'text' }], primaryKey: 'id' }));
  writeFileSync(path('length.cjs'), 'module.exports = ({ text }) => ({ length: text.length });');
  const { status, stderr } = run('length.cjs', '--output-schema', path('output.json'), '--schema', path('keyed.json'));
  expect(status).toBe(2);
  expect(stderr).toContain('transform.outputSchema must repeat the keys of schema (primaryKey id), which hold for what is published, got none');
});

test('a module without a function fails the job and says what it exports', () => {
  writeFileSync(path('none.cjs'), 'exports.transform = (record) => record;');
  const { status, report } = run('none.cjs');
  expect(status).toBe(1);
  expect(report).toMatchObject({
    errorCode: 'infrastructure',
    errorMessage: expect.stringMatching(/none\.cjs to export a function as its default or as module\.exports, got a value of type object and the exports transform$/),
  });
});

test('a module that is not there is bad usage', () => {
  const { status, stderr } = run('missing.mjs');
  expect(status).toBe(2);
  expect(stderr).toContain(`expected a file ${path('missing.mjs')}, found none`);
});
