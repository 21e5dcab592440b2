/**
 * Writes THIRD-PARTY-LICENSES: the licence of every package of which something is in the bundles, by what esbuild says
 * of them (`--metafile`). The last step of `npx projen bundle`. The file goes into the package, and not into git: the
 * bundles do so too.
 */
const { readdirSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const METAFILES = path.join(ROOT, '.local', 'metafiles');
const TARGET = path.join(ROOT, 'THIRD-PARTY-LICENSES');
const RULE = '-'.repeat(100);

/** Its library is compiled into the fast path, which no metafile tells. */
const COMPILED_IN = ['node_modules/assemblyscript'];

/** The texts of licences whose packages come without one. */
const STANDARD_TEXTS = {
  'Apache-2.0': readText('LICENSE'),
  'MIT-0': 'MIT No Attribution, https://spdx.org/licenses/MIT-0.html',
};

function readText(file) {
  return readFileSync(path.join(ROOT, file), 'utf8').replaceAll('\r\n', '\n').trim();
}

/** The folders of the packages that the bundles take something from; one package may be there in two versions. */
function bundledPackages() {
  const inputs = readdirSync(METAFILES).flatMap((file) => {
    const { outputs } = JSON.parse(readFileSync(path.join(METAFILES, file), 'utf8'));
    return Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  });
  const folders = inputs.map((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]).filter((folder) => folder !== undefined);
  return [...new Set([...folders, ...COMPILED_IN])];
}

function readPackage(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(ROOT, folder, 'package.json'), 'utf8'));
  const files = readdirSync(path.join(ROOT, folder)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file)).sort();
  const text = files.length === 0
    ? STANDARD_TEXTS[license]
    : files.map((file) => readText(path.join(folder, file))).join('\n\n');
  if (text === undefined) throw new Error(`expected a licence file in ${folder} (${license}), found none`);
  return { title: `${name} ${version} (${license})`, text };
}

/** Packages with one text share it: those of an SDK are many. */
function render(packages) {
  const titlesOfText = new Map();
  for (const { title, text } of packages.sort((a, b) => a.title < b.title ? -1 : 1)) {
    titlesOfText.set(text, [...titlesOfText.get(text) ?? [], title]);
  }
  const sections = [...titlesOfText].map(([text, titles]) => `${RULE}\n${titles.join('\n')}\n\n${text}`);
  return ['The code in assets/ holds parts of these packages, under their own licences.', ...sections].join('\n\n') + '\n';
}

writeFileSync(TARGET, render(bundledPackages().map(readPackage)));
