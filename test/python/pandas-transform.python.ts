/** The recipe for pandas in `docs/transforms.md`, as it stands there. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { ROOT } from '../../emulator/prerequisites';
import { ensureVenv } from '../../emulator/venv';

// The last version that Python 3.10 can run.
const PANDAS = 'pandas==2.3.3';

const [, recipe] = /^```python\n([^]*?)^```/m.exec(fs.readFileSync(path.join(ROOT, 'docs/transforms.md'), 'utf8'))!;

/** As Lambda does it: JSON in, JSON out, as text, because JSON.parse would round. */
function answer(records: string): string {
  const python = path.join(ensureVenv('pandas', [PANDAS]), 'python');
  const call = `${recipe}\nimport json, sys\nprint(json.dumps(handler(json.load(sys.stdin), None), ensure_ascii=False, separators=(",", ":")))\n`;
  return execFileSync(python, ['-c', call], { input: `{"records":[${records}]}`, encoding: 'utf8', timeout: 120_000 }).trim();
}

const EXACT = '{"id":9007199254740993,"visits":1,"rate":0.1,"amount":"1.50","is_new":true,"merchant":"Café","rescued":{"extra":"x"}}';
const MISSING = '{"id":1,"visits":null,"rate":null,"amount":null,"is_new":null,"merchant":null,"rescued":null}';

test.each([
  ['no value is missing', EXACT],
  ['one record misses values', `${EXACT},${MISSING}`],
  ['every record misses values', `${MISSING},${MISSING}`],
])('values come back as they came where %s', (_, records) => {
  expect(answer(records)).toBe(`{"records":[${records}]}`);
});

test('the step of the recipe is done', () => {
  expect(answer(EXACT.replace('Café', ' Café '))).toBe(`{"records":[${EXACT}]}`);
});
