import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { CsvChunkPipeline, CsvChunkPipelineProps, TableSchema } from '../../src';
import { newStack, SCHEMA } from '../synthesize';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'unchecked-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));

function orders(): TableSchema {
  const file = path.join(directory, 'orders.json');
  const foreignKeys = [{ fields: 'customer', reference: { resource: 'customers', fields: 'id' } }];
  fs.writeFileSync(file, JSON.stringify({ fields: [{ name: 'id' }, { name: 'customer' }], foreignKeys, keywords: ['orders'] }));
  return TableSchema.fromFile(file);
}

function warnings(props: CsvChunkPipelineProps): string[] {
  const stack = newStack();
  new CsvChunkPipeline(stack, 'Pipeline', props);
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));
}

test('what a schema asks for and no record is checked for is warned of', () => {
  expect(warnings({ schema: orders() })).toEqual([
    expect.stringMatching(/^The schema asks for what no record is checked for \(foreignKeys: customer in customers \(id\)\)\. .*strictSchema/),
  ]);
  expect(warnings({ schema: SCHEMA, strictSchema: true })).toEqual([]);
});

test('with strictSchema it is an error', () => {
  expect(() => warnings({ schema: orders(), strictSchema: true }))
    .toThrow('schema must ask for nothing that no record is checked for, because strictSchema is true, got ["foreignKeys: customer in customers (id)"]');
});
