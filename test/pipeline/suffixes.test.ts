import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SuffixCaseName } from '../../src/contract/file-keys';
import { checkSuffixes, keyPatterns } from '../../src/pipeline/suffixes';

/** As EventBridge does, for patterns with one `*` each. */
function matches(pattern: object[], key: string): boolean {
  return pattern.some((one) => {
    const [kind, text] = Object.entries(one)[0] as [string, string];
    if (kind === 'prefix') return key.startsWith(text);
    const [head, tail] = text.split('*');
    return key.length >= head.length + tail.length && key.startsWith(head) && key.endsWith(tail);
  });
}

/** How many rules a key starts. */
function matching(suffixes: string[], key: string, suffixCase: SuffixCaseName = 'any'): number {
  return keyPatterns('incoming/', checkSuffixes(suffixes, suffixCase), suffixCase).filter((pattern) => matches(pattern, key)).length;
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
  expect(matching(['.csv', '.tsv'], key)).toBe(starts ? 1 : 0);
});

test('a key starts one job, also when several suffixes take it', () => {
  for (const key of ['incoming/a.csv', 'incoming/a.CSV', 'incoming/a.bank.csv']) {
    expect(matching(['.csv', '.CSV', 'csv', '.bank.csv'], key)).toBe(1);
  }
});

test('gzip files start jobs beside plain ones, in any case', () => {
  for (const key of ['incoming/a.csv', 'incoming/a.csv.gz', 'incoming/a.Csv.GZ']) {
    expect(matching(['.csv', '.csv.gz'], key)).toBe(1);
    expect(matching(['.csv', '.gz'], key)).toBe(1);
  }
});

test('without suffixes every key under the prefix starts a job', () => {
  expect(keyPatterns('incoming/', [], 'any')).toEqual([[{ prefix: 'incoming/' }]]);
});

// EventBridge refuses a rule above a complexity of about 10. Counted by its own evaluator (event-ruler): 4 of `*.csv`
// make 8, 8 of them 16; 2 of `*.csv.gz` make 6, 4 of them 12.
test.each([
  ['.csv', 2, 4],
  ['.jsonl', 8, 4],
  ['.csv.gz', 16, 2],
  ['_1', 1, 1],
])('the spellings of %s take %i rules of %i', (suffix, ruleCount, spellings) => {
  const patterns = keyPatterns('incoming/', [suffix], 'any');
  expect(patterns).toHaveLength(ruleCount);
  for (const pattern of patterns) expect(pattern).toHaveLength(spellings);
});

describe('as they are written', () => {
  test.each([
    [['.csv', '.json'], 1],
    [['.csv', '.json', '.tsv', '.CSV'], 1],
    [['.csv', '.json', '.tsv', '.CSV', '.txt'], 2],
    // 3 and 2 are 5; 3 more would be 8.
    [['.csv.gz', '.csv', '.json.gz'], 1],
    [['.csv.gz', '.csv', '.json.gz', '.json'], 2],
    [[], 1],
  ])('%j take %i rules', (suffixes, ruleCount) => {
    expect(keyPatterns('incoming/', checkSuffixes(suffixes, 'exact'), 'exact')).toHaveLength(ruleCount);
  });

  test.each([
    ['incoming/a.csv', 1],
    ['incoming/a.json', 1],
    ['incoming/a.CSV', 0],
    ['incoming/a.Json', 0],
    ['incoming/a.csv.json', 1],
    ['processed/a.csv', 0],
  ])('%s matches %i of them', (key, rules) => {
    expect(matching(['.csv', '.json'], key, 'exact')).toBe(rules);
  });

  test('two spellings of one suffix are two suffixes, and what another one takes is left out', () => {
    expect(checkSuffixes(['.csv', '.CSV', '.bank.csv', '.csv'], 'exact')).toEqual(['.csv', '.CSV']);
  });
});

test('in any case .csv and .json take 6 rules, and rules are shared where there is room', () => {
  expect(keyPatterns('incoming/', ['.csv', '.json'], 'any')).toHaveLength(6);
  // Two spellings each.
  expect(keyPatterns('incoming/', ['.a1', '.b2'], 'any')).toHaveLength(1);
});

/** The table of docs/intake.md: suffixes, rules in any case, rules as they are written. */
const DOCUMENTED = readFileSync(join(__dirname, '..', '..', 'docs', 'intake.md'), 'utf8').split('\n')
  .map((line) => /^\| (`\.[^|]+|none: every file) \| ([^|]+) \| (\d+) \|$/.exec(line))
  .filter((row) => row !== null)
  .map(([, suffixes, any, exact]) => [[...suffixes.matchAll(/`([^`]+)`/g)].map(([, suffix]) => suffix), any, Number(exact)] as const);

test('the docs tell how many rules suffixes take', () => {
  expect(DOCUMENTED).toHaveLength(7);
  for (const [suffixes, any, exact] of DOCUMENTED) {
    const countRules = (suffixCase: SuffixCaseName) => keyPatterns('incoming/', checkSuffixes([...suffixes], suffixCase), suffixCase).length;
    expect([suffixes, countRules('exact')]).toEqual([suffixes, exact]);
    if (any.startsWith('refused')) expect(() => countRules('any')).toThrow('suffixes must need at most 32 event rules');
    else expect([suffixes, countRules('any')]).toEqual([suffixes, Number(any)]);
  }
});

test('a suffix that acts on a terminal is told as an escape', () => {
  expect(() => checkSuffixes(['.csv\u001b[2J\u009b\u202e*'], 'any')).toThrow('none of * \\ /, got ".csv\\u001b[2J\\u009b\\u202e*"');
});
