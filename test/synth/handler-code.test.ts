import * as fs from 'fs';
import * as path from 'path';
import { Stack } from 'aws-cdk-lib';
import { CsvChunkPipeline } from '../../src';
import { jsonFile, stageHandler } from '../../src/synth/handler-code';
import { newApp, SCHEMA, synthesize } from '../synthesize';

const CONTRACT = { pipelineId: 'Stack/Pipeline', fingerprint: 'abc' };
const FILES = { 'contract.json': jsonFile(CONTRACT) };

// The module itself: `import * as fs` is a view of it.
const made = jest.spyOn(jest.requireActual<typeof fs>('fs'), 'mkdtempSync');

/** The directories that were made for handlers, and whether they are still there. */
function staged(): boolean[] {
  return made.mock.results.map(({ value }) => String(value)).filter((name) => path.basename(name).startsWith('csv-chunk-pipeline-')).map(fs.existsSync);
}

test('files lie beside the bundle', () => {
  const { directory } = stageHandler('plan-chunks', FILES);
  expect(fs.readdirSync(directory).sort()).toEqual(['contract.json', 'index.js']);
  expect(JSON.parse(fs.readFileSync(path.join(directory, 'contract.json'), 'utf8'))).toEqual(CONTRACT);
  fs.rmSync(directory, { recursive: true });
});

test('Lambda can read the code, whatever the umask of the one who deploys', () => {
  const before = process.umask(0o077);
  const { directory } = stageHandler('plan-chunks', FILES);
  process.umask(before);
  const mode = (name: string) => (fs.statSync(path.join(directory, name)).mode & 0o777).toString(8); // eslint-disable-line no-bitwise
  expect([mode('.'), mode('index.js'), mode('contract.json')]).toEqual(['755', '644', '644']);
  fs.rmSync(directory, { recursive: true });
});

test('the hash is that of the contents', () => {
  const hash = (contract: object) => {
    const { directory, hash: hashed } = stageHandler('plan-chunks', { 'contract.json': jsonFile(contract) });
    fs.rmSync(directory, { recursive: true });
    return hashed;
  };
  expect(hash(CONTRACT)).toBe(hash({ ...CONTRACT }));
  expect(hash(CONTRACT)).not.toBe(hash({ ...CONTRACT, fingerprint: 'abd' }));
});

test('fails when the handlers are not bundled, and says what to do', () => {
  expect(() => stageHandler('no-such-step', FILES)).toThrow(
    /^expected the bundled handler at .*assets.no-such-step.index\.js, found none: run "npx projen bundle" in a checkout$/);
});

test('synth leaves nothing behind', () => {
  synthesize();
  expect(staged()).toEqual(Array(7).fill(false));
});

test('without asset staging the code stays where the template says it is', () => {
  const stack = new Stack(newApp({ 'aws:cdk:disable-asset-staging': true }), 'Stack');
  new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
  expect(staged()).toEqual(Array(7).fill(true));
  made.mock.results.forEach(({ value }) => fs.rmSync(String(value), { recursive: true }));
});
