import { keyPattern } from '../../src/pipeline/suffixes';

/** As EventBridge does, for patterns with one `*` each. */
function matches(pattern: object[], key: string): boolean {
  return pattern.some((one) => {
    const [kind, text] = Object.entries(one)[0] as [string, string];
    if (kind === 'prefix') return key.startsWith(text);
    const [head, tail] = text.split('*');
    return key.length >= head.length + tail.length && key.startsWith(head) && key.endsWith(tail);
  });
}

test.each([
  ['incoming/a.csv', true],
  ['incoming/A.CSV', true],
  ['incoming/a.Csv', true],
  ['incoming/deep/er/a b+%ü.cSV', true],
  ['incoming/.csv', true],
  ['incoming/a.csv.gz', false],
  ['incoming/a.txt', false],
  ['incoming/', false],
  ['incoming/dir.csv/', false],
  ['processed/a.csv', false],
  ['a/incoming/a.csv', false],
  ['INCOMING/a.csv', false],
])('%s starts a job: %s', (key, starts) => {
  expect(matches(keyPattern('incoming/', ['.csv', '.tsv']), key)).toBe(starts);
});

test('without suffixes every key under the prefix starts a job', () => {
  expect(keyPattern('incoming/', [])).toEqual([{ prefix: 'incoming/' }]);
});
