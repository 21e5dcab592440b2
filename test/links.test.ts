import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const REPOSITORY = (JSON.parse(read('package.json')) as { repository: { url: string } }).repository.url.replace(/\.git$/, '');

/** Where the links of a Markdown file lead, those within code left out. */
function targetsOf(file: string): string[] {
  const text = read(file).replace(/^```[^]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)].map(([, inline, defined]) => inline ?? defined);
}

describe('README.md, which package registries show too', () => {
  const targets = targetsOf('README.md');

  test('no link is relative: PyPI would look for it on its own site', () => {
    expect(targets.filter((target) => !/^(?:https:\/\/|#)/.test(target))).toEqual([]);
  });

  test('each link into the repository leads to a file or folder that is there', () => {
    const own = targets.filter((target) => target.startsWith(REPOSITORY));
    expect(own.length).toBeGreaterThan(5);
    for (const target of own) {
      const [, kind, path] = /^\/(blob|tree)\/main\/([^#]+)/.exec(target.slice(REPOSITORY.length)) ?? [];
      expect({ target, isThere: existsSync(join(ROOT, path ?? 'no path')) }).toEqual({ target, isThere: true });
      expect({ target, kind }).toEqual({ target, kind: statSync(join(ROOT, path)).isDirectory() ? 'tree' : 'blob' });
    }
  });

  test('each label of a link is defined', () => {
    const text = read('README.md');
    const defined = new Set([...text.matchAll(/^\[([^\]]+)\]: /gm)].map(([, label]) => label));
    const used = [...text.replace(/^```[^]*?^```/gm, '').matchAll(/\[[^\]\n]+\]\[([^\]\n]+)\]/g)].map(([, label]) => label);
    expect(used.filter((label) => !defined.has(label))).toEqual([]);
  });
});

const others = ['CONTRIBUTING.md', ...readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
test.each(others)('each relative link of %s leads to a file that is there', (file) => {
  const relative = targetsOf(file).filter((target) => !/^(?:https?:\/\/|#)/.test(target));
  expect(relative.filter((target) => !existsSync(join(ROOT, dirname(file), target.split('#')[0])))).toEqual([]);
});
