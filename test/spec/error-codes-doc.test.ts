import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILE_ERROR_CODES, INTERRUPTION_CODES, LOSS_CODES, REJECT_CODES, VERDICT_CODES } from '../../src/spec/error-codes';

const doc = readFileSync(join(__dirname, '../../docs/error-codes.md'), 'utf8');

/** The first cell of each row of a section's table, without its backquotes. */
function codesOf(section: string): string[] {
  const text = doc.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? '';
  return [...text.matchAll(/^\| `(\w+)` \| .+ \| .+ \|$/gm)].map(([, code]) => code);
}

test.each([
  ['Rejected records', REJECT_CODES],
  ['Failed files', [...FILE_ERROR_CODES, ...VERDICT_CODES]],
  ['Interrupted jobs', INTERRUPTION_CODES],
  ['Lost jobs', LOSS_CODES],
])('%s: the table has a row for each code', (section, codes) => {
  expect(codesOf(section)).toEqual([...codes]);
});
