/** Source maps are to be had for the handlers, beside the bundles and in neither function nor package. */
import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';

const ROOT = path.join(__dirname, '..');
const HANDLERS = fs.readdirSync(path.join(ROOT, 'src', 'handlers')).map((file) => file.replace('.handler.ts', ''));
const bundleOf = (handler: string) => path.join('assets', handler, 'index.js');

/** As V8 writes a place in a file. */
function placeOf(text: string, code: string): string {
  const lines = code.slice(0, code.indexOf(text)).split('\n');
  return `/var/task/index.js:${lines.length}:${lines.at(-1)!.length + 1}`;
}

test.each(HANDLERS)('a place in %s is found in the sources', (handler) => {
  const code = fs.readFileSync(path.join(ROOT, bundleOf(handler)), 'utf8');
  expect(code).not.toContain('sourceMappingURL');
  const [text, source] = ['expected the environment variables', 'src/aws/read-env.ts'];
  expect(code).toContain(text);
  const stack = `Error: no\n    at async a (${placeOf(text, code)})\n    at node:internal/main:1:2\n`;
  const read = execFileSync('node', ['scripts/source-position.js', `${bundleOf(handler)}.map`], { cwd: ROOT, input: stack, encoding: 'utf8' });
  const line = fs.readFileSync(path.join(ROOT, source), 'utf8').split('\n').findIndex((one) => one.includes(text)) + 1;
  expect(read).toMatch(new RegExp(`^Error: no\n    at async a \\(${source}:${line}:\\d+\\)\n    at node:internal/main:1:2\n$`));
});

test('the package holds the bundles, and no source map', () => {
  const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], { cwd: ROOT, encoding: 'utf8' })) as [{ files: Array<{ path: string }> }];
  const names = files.map((file) => file.path);
  expect(names).toEqual(expect.arrayContaining(HANDLERS.map(bundleOf)));
  expect(names.filter((name) => name.endsWith('.map'))).toEqual([]);
});
