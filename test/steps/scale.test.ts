import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pricesTold } from '../../bench/prices';
import { countsTable, dollarsTable, keysTable, Scale, scaleOf, SIZES } from '../../bench/scale';

const PAGE = readFileSync(join(__dirname, '../../docs/scale.md'), 'utf8');

describe('docs/scale.md', () => {
  const plain: Scale[] = [];
  const keyed: Scale[] = [];

  beforeAll(async () => {
    for (const size of Object.values(SIZES)) {
      plain.push(await scaleOf(size));
      keyed.push(await scaleOf(size, true));
    }
  }, 240_000);

  test('says what the steps ask of S3 and the job table for a file of each size', () => {
    expect(PAGE).toContain(countsTable(plain));
  });

  test('says what that costs, at the prices that it names', () => {
    expect(PAGE).toContain(dollarsTable(plain));
    expect(PAGE.replaceAll('\n', ' ')).toContain(pricesTold());
  });

  test('says what a primary key takes and costs', () => {
    expect(PAGE).toContain(keysTable(keyed, plain));
  });
});
