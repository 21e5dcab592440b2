import { writeFileSync } from 'node:fs';
import { commandInWorkspace } from './workspace';

const { path, report, published, rejected, said, run } = commandInWorkspace();
const CONTENT = 'id,kind,since\n1,a-b,2024\n2,c,2023\n';

/** As publishers write them. */
const SCHEMA = {
  $schema: 'https://frictionlessdata.io/schemas/table-schema.json',
  keywords: ['things'],
  countryCode: 'FR',
  missingValues: [{ value: '', label: 'unknown' }],
  fields: [
    { name: 'id', type: 'integer', groupChar: '', constraints: { required: 'true', exclusiveMinimum: 0 } },
    { name: 'kind', exemple: 'a-b', constraints: { pattern: '^[a-z\\-]+\\Z' }, categories: [{ value: 'a-b', label: 'A to B' }, { value: 'c' }] },
    { name: 'since', type: 'date', format: 'fmt:%Y' },
  ],
  foreignKeys: [{ fields: 'kind', reference: { resource: 'kinds', fields: 'name' } }],
};

function write(schema: object): void {
  writeFileSync(path('schema.json'), JSON.stringify(schema));
}

test('a published schema is taken, and what is not checked is told and reported', async () => {
  write(SCHEMA);
  expect(await run('in.csv', CONTENT)).toBe(0);
  expect(published().toString()).toBe('{"id":1,"kind":"a-b","since":"2024-01-01"}\n{"id":2,"kind":"c","since":"2023-01-01"}\n');
  expect(report().notChecked).toEqual(['foreignKeys: kind in kinds (name)']);
  expect(said.stderr).toContain('csv-chunk-pipeline: the schema asks for what no record is checked for (foreignKeys: kind in kinds (name))\n');
});

test('it is enforced', async () => {
  write(SCHEMA);
  expect(await run('in.csv', `${CONTENT}0,c,2024\n3,d,2024\n4,c,24\n`, '--max-rejected', '3')).toBe(0);
  expect(rejected()).toContain('must be more than 0 (exclusiveMinimum)');
  expect(rejected()).toContain('must be one of ""a-b"", ""c"" (categories)');
  expect(report().rejectsByColumn).toEqual({ id: 1, kind: 1, since: 1 });
});

test('with --strict-schema it is bad usage', async () => {
  write(SCHEMA);
  expect(await run('in.csv', CONTENT, '--strict-schema')).toBe(2);
  expect(said.stderr).toContain('schema must ask for nothing that no record is checked for, because strictSchema is true, got ["foreignKeys: kind in kinds (name)"]');
  const { foreignKeys, ...checked } = SCHEMA;
  write(checked);
  expect(await run('in.csv', CONTENT, '--strict-schema')).toBe(0);
  expect(report()).not.toHaveProperty('notChecked');
});

test('a constraint that is misspelt is bad usage', async () => {
  write({ fields: [{ name: 'id', constraints: { requierd: true } }] });
  expect(await run('in.csv', CONTENT)).toBe(2);
  expect(said.stderr).toContain('schema.fields[0].constraints.requierd must be written as required, which is most likely meant and would not be checked, got true');
});
