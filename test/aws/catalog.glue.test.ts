import { AlreadyExistsException, GlueClient } from '@aws-sdk/client-glue';
import { GlueCatalog } from '../../src/aws/catalog.glue';

/** The table, and what Glue was asked. @param answers in order; an error is thrown */
function catalogThatGets(...answers: object[]) {
  const asked: object[] = [];
  const glue = new GlueClient({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  glue.middlewareStack.add(() => async ({ input }) => {
    asked.push(input);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return { output: { ...answer, $metadata: {} }, response: {} } as never;
  }, { step: 'initialize', priority: 'high' });
  return { catalog: new GlueCatalog(glue, 'payments', 'transactions'), asked };
}

const TABLE = { DatabaseName: 'payments', TableName: 'transactions' };
const ID = { ingestDate: '2026-11-29', fileId: 'a' };
const PARTITION = {
  ...ID,
  location: 's3://bucket/output/ingest_date=2026-11-29/file_id=a/',
  storage: {
    columns: [{ name: 'id', type: 'bigint' }], inputFormat: 'in', outputFormat: 'out', serde: 'serde', serdeParameters: { escapeChar: '\u0001' },
  },
  parameters: { schema_fingerprint: 'f' },
};

test('a partition is what Glue asks for', async () => {
  const { catalog, asked } = catalogThatGets({});
  expect(await catalog.addPartition(PARTITION)).toBe(true);
  expect(asked).toEqual([{
    ...TABLE,
    PartitionInput: {
      Values: ['2026-11-29', 'a'],
      StorageDescriptor: {
        Columns: [{ Name: 'id', Type: 'bigint', Comment: undefined }],
        Location: PARTITION.location,
        InputFormat: 'in',
        OutputFormat: 'out',
        SerdeInfo: { SerializationLibrary: 'serde', Parameters: { escapeChar: '\u0001' } },
      },
      Parameters: { schema_fingerprint: 'f' },
    },
  }]);
});

test('one that is there already is no error; any other error is one', async () => {
  const there = new AlreadyExistsException({ message: 'there', $metadata: {} });
  expect(await catalogThatGets(there).catalog.addPartition(PARTITION)).toBe(false);
  await expect(catalogThatGets(new Error('denied')).catalog.addPartition(PARTITION)).rejects.toThrow('denied');
});

test('what Glue does not answer for counts as missing', async () => {
  const other = { ingestDate: '2026-11-29', fileId: 'b' };
  const { catalog } = catalogThatGets({ Partitions: [{ Values: ['2026-11-29', 'a'] }], UnprocessedKeys: [{ Values: ['2026-11-29', 'b'] }] });
  expect(await catalog.withoutPartition([ID, other])).toEqual([other]);
});

test('all partitions are read, page after page, with the names of their columns', async () => {
  const page = (fileId: string, NextToken?: string) => (
    { Partitions: [{ Values: ['2026-11-29', fileId], StorageDescriptor: { Columns: [{ Name: 'id' }, { Name: 'text' }] } }], NextToken }
  );
  const { catalog, asked } = catalogThatGets(page('a', 'more'), page('b'));
  const found: string[] = [];
  for await (const { fileId, columns } of catalog.partitions()) found.push(`${fileId}: ${columns.join(', ')}`);
  expect(found).toEqual(['a: id, text', 'b: id, text']);
  expect(asked).toMatchObject([TABLE, { ...TABLE, NextToken: 'more' }]);
});
