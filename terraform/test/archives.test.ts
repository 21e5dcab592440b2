/** The code of the functions, as archives beside the configuration. */
import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { KEPT, resources, SETTINGS, synthesize } from './synthesized';
import { Deployment } from '../lib/deployment';

const synthesized = synthesize(KEPT);
const functions = Object.entries(resources(synthesized, 'aws_lambda_function'));

/** What Lambda unpacks: the mode and the text of each file. */
function unpack(archive: string): Record<string, { readonly mode: number; readonly text: string }> {
  const program = 'import json, sys, zipfile\nwith zipfile.ZipFile(sys.argv[1]) as z:\n'
    + ' print(json.dumps({i.filename: {"mode": i.external_attr >> 16 & 0o777, "text": z.read(i).decode()} for i in z.infolist()}))';
  const options = { encoding: 'utf8', timeout: 60_000, maxBuffer: 256 * 1024 * 1024 } as const;
  const { stdout, stderr } = spawnSync('python3', ['-c', program, path.join(synthesized.directory, archive)], options);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

test.each(functions)('the archive of %s holds the bundle and what it reads, for Lambda to read', (_, { filename, handler }) => {
  const files = unpack(filename);
  expect(handler).toBe('index.handler');
  expect(Object.keys(files)).toEqual(['contract.json', 'index.js']);
  for (const { mode } of Object.values(files)) expect(mode).toBe(0o644);
});

test('a file must have the columns transaction_id, customer_id, amount and timestamp; amounts are decimals, timestamps datetimes', () => {
  const [, { filename }] = functions.find(([name]) => name.includes('PlanChunks'))!;
  const { schema } = JSON.parse(unpack(filename)['contract.json'].text);
  expect(schema.fields).toMatchObject([
    { name: 'transaction_id', constraints: { required: true } },
    { name: 'customer_id', constraints: { required: true } },
    { name: 'amount', type: 'decimal', scale: 2, constraints: { required: true } },
    { name: 'timestamp', type: 'datetime', constraints: { required: true } },
  ]);
  expect(schema.fieldsMatch).toBe('subset');
});

test('the path of an archive tells its content, so that Terraform sees what has changed', () => {
  const other = synthesize(Deployment.fixed({ ...SETTINGS, environmentSuffix: 'other' }));
  const pathsOf = (one: typeof synthesized) => Object.values(resources(one, 'aws_lambda_function')).map(({ filename }) => filename);
  // The suffix is part of the pipeline's id, which each function reads in its contract.
  for (const file of pathsOf(synthesized)) {
    expect(file).toMatch(/^assets\/\w+\/[0-9a-f]{64}\/archive\.zip$/);
    expect(pathsOf(other)).not.toContain(file);
  }
  expect(pathsOf(synthesize(Deployment.fixed({ ...SETTINGS, failureEmails: [] })))).toEqual(pathsOf(synthesized));
});
