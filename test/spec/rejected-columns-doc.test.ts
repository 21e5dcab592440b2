import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REJECTED_COLUMNS } from '../../src/spec/rejected-columns';

test('the docs have a row for each column of rejected.csv', () => {
  const doc = readFileSync(join(__dirname, '../../docs/output-files.md'), 'utf8');
  const section = doc.split(/^## /m).find((part) => part.startsWith('Rejected records'));
  expect([...section!.matchAll(/^\| `(\w+)` \|/gm)].map(([, column]) => column)).toEqual([...REJECTED_COLUMNS]);
});
