import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');
const DOCS = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const EXAMPLES = readdirSync(join(ROOT, 'examples')).map((name) => `examples/${name}/README.md`).filter((file) => existsSync(join(ROOT, file)));
const OTHERS = ['CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', ...DOCS, ...EXAMPLES];
const REPOSITORY = (JSON.parse(read('package.json')) as { repository: { url: string } }).repository.url.replace(/\.git$/, '');

const withoutBlocks = (text: string) => text.replace(/^```[^]*?^```/gm, '');
/** Within code nothing is a link. */
const proseOf = (file: string) => withoutBlocks(read(file)).replace(/`[^`\n]*`/g, '`code`');

/** Where the links of a Markdown file lead. */
function targetsOf(file: string): string[] {
  return [...proseOf(file).matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)].map(([, inline, defined]) => inline ?? defined);
}

/** The labels that links name, as `[text][label]` or as `[label]` alone. */
function labelsOf(file: string): string[] {
  const text = proseOf(file).replace(/^\[[^\]]+\]: .*/gm, '');
  return [...text.matchAll(/\[([^\]\n]+)\](?![[(])/g)].map(([, label]) => label);
}

function definitionsOf(file: string): Set<string> {
  return new Set([...proseOf(file).matchAll(/^\[([^\]]+)\]: /gm)].map(([, label]) => label));
}

/** What a `#fragment` may name in a Markdown file: the headings, spelled as GitHub does it, and what has an id. */
function anchorsOf(file: string): Set<string> {
  const text = withoutBlocks(read(file));
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^\p{L}\p{N}_ -]/gu, '').replace(/ /g, '-'));
  return new Set([...headings, ...[...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)]);
}

/** The file or folder of ours that a link of `from` leads to, from the root; undefined: it leads elsewhere. */
function pathOf(target: string, from: string): string | undefined {
  const [address] = target.split('#');
  if (address === '') return from;
  if (address.startsWith(REPOSITORY)) return /^\/(?:blob|tree)\/main\/(.+)/.exec(address.slice(REPOSITORY.length))?.[1];
  return /^https?:/.test(address) ? undefined : join(dirname(from), address);
}

describe.each(['README.md', ...OTHERS])('%s', (file) => {
  test('each label of a link is defined, and each that is defined is used', () => {
    expect(new Set(labelsOf(file))).toEqual(definitionsOf(file));
  });

  test('each link to a place within a page leads to a heading or an id that is there', () => {
    const fragments = targetsOf(file).filter((target) => target.includes('#')).map((target) => ({ target, path: pathOf(target, file) }));
    const lost = fragments.filter(({ target, path }) => path !== undefined && !anchorsOf(path).has(target.split('#')[1]));
    expect(lost).toEqual([]);
  });
});

describe('README.md, which package registries show too', () => {
  const targets = targetsOf('README.md');

  test('no link is relative: PyPI would look for it on its own site', () => {
    expect(targets.filter((target) => !/^(?:https:\/\/|#)/.test(target))).toEqual([]);
  });

  test('each link into the repository leads to a file or folder that is there', () => {
    const own = targets.filter((target) => target.startsWith(REPOSITORY));
    expect(own.length).toBeGreaterThan(5);
    for (const target of own) {
      const path = join(ROOT, pathOf(target, 'README.md') ?? 'no path');
      expect({ target, isThere: existsSync(path) }).toEqual({ target, isThere: true });
      expect(target).toContain(statSync(path).isDirectory() ? '/tree/' : '/blob/');
    }
  });
});

test.each(OTHERS)('each relative link of %s leads to a file that is there', (file) => {
  const relative = targetsOf(file).filter((target) => !/^(?:https?:\/\/|#)/.test(target));
  expect(relative.filter((target) => !existsSync(join(ROOT, pathOf(target, file)!)))).toEqual([]);
});
