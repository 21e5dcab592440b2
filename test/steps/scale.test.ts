import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countsTable, Scale, scaleOf, SIZES } from '../../bench/scale';

test('docs/scale.md says what the steps ask of S3 and the job table for a file of each size', async () => {
  const page = readFileSync(join(__dirname, '../../docs/scale.md'), 'utf8');
  const scales: Scale[] = [];
  for (const size of Object.values(SIZES)) scales.push(await scaleOf(size));
  expect(page).toContain(countsTable(scales));
}, 240_000);
