/** The samples of modules, checked by TypeScript with the types that the package ships. */
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import * as ts from 'typescript';

const ROOT = path.join(__dirname, '..', '..');
const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'transform-types-')));
const installed = path.join(directory, 'node_modules', 'cdk-csv-chunk-pipeline');

beforeAll(() => {
  fs.mkdirSync(installed, { recursive: true });
  for (const file of ['package.json', 'transform.d.ts']) fs.copyFileSync(path.join(ROOT, file), path.join(installed, file));
});
afterAll(() => fs.rmSync(directory, { recursive: true }));

/** How a user's editor finds a package's types: each is one that a `jsconfig.json` may ask for. */
const RESOLUTIONS: Record<string, ts.CompilerOptions> = {
  nodenext: { module: ts.ModuleKind.NodeNext },
  bundler: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
};

/** Without the types of browsers, which would cost seconds. */
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023, lib: ['lib.es2023.d.ts'], types: [], skipDefaultLibCheck: true, allowJs: true, checkJs: true, strict: true, noEmit: true,
};

function faultsOf(name: string, content: string, resolution: ts.CompilerOptions): string[] {
  const file = path.join(directory, name);
  fs.writeFileSync(file, content);
  const program = ts.createProgram([file], { ...OPTIONS, ...resolution });
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

/** The first block of JavaScript, without what leads its lines in a comment. */
function sampleIn(file: string): string {
  const [, sample] = /```js\n([^]*?)```/.exec(fs.readFileSync(path.join(ROOT, file), 'utf8').replace(/^ +\* ?/gm, '')) ?? [];
  if (sample === undefined) throw new Error(`expected a block of JavaScript in ${file}, found none`);
  return sample;
}

describe.each(Object.keys(RESOLUTIONS))('with the module resolution %s', (resolution) => {
  const options = RESOLUTIONS[resolution];
  const TYPE = "/** @type {import('cdk-csv-chunk-pipeline/transform').RecordTransformFunction} */";

  test('the sample of the documentation has no fault', () => {
    expect(faultsOf('sample.mjs', sampleIn('docs/transforms.md'), options)).toEqual([]);
  });

  test('the sample of RecordTransform.fromModule has no fault, given the same type', () => {
    const [type] = /^\/\*\* @type .*$/m.exec(sampleIn('docs/transforms.md')) ?? [];
    const sample = sampleIn('src/options/record-transform.ts').replace('export default', `${type}\n$&`);
    expect(faultsOf('docstring.mjs', sample, options)).toEqual([]);
  });

  test('a decimal that is compared with a number is a fault', () => {
    const sample = sampleIn('docs/transforms.md').replace('Number(record.amount)', 'record.amount');
    expect(faultsOf('compares.mjs', sample, options)).toEqual(["Operator '>' cannot be applied to types 'string' and 'number'."]);
  });

  test('a reject without a message is a fault', () => {
    const sample = `${TYPE}\nexport default (record, context) => context.reject();\n`;
    expect(faultsOf('rejects.mjs', sample, options)).toEqual(['Expected 1-2 arguments, but got 0.']);
  });

  test('a CommonJS module that answers asynchronously has no fault', () => {
    expect(faultsOf('async.cjs', `${TYPE}\nmodule.exports = async (record) => ({ ...record, id: 1 });\n`, options)).toEqual([]);
  });
});
