import { fileKeysEnv, FileKeys, fileKeysOf, isFileKey } from '../../src/contract/file-keys';

const FILES: FileKeys = { sourceBucket: 'landing', incomingPrefix: 'incoming/', fileSuffixes: ['.csv', '.json'], suffixCase: 'any' };

test.each<[string, Partial<FileKeys>, boolean]>([
  ['incoming/a.csv', {}, true],
  ['incoming/a.CSV', {}, true],
  ['incoming/a.Json', {}, true],
  ['incoming/a.txt', {}, false],
  ['other/incoming/a.csv', {}, false],
  ['INCOMING/a.csv', {}, false],
  ['incoming/a.csv', { suffixCase: 'exact' }, true],
  ['incoming/a.CSV', { suffixCase: 'exact' }, false],
  ['incoming/a.CSV', { suffixCase: 'exact', fileSuffixes: ['.CSV'] }, true],
  ['incoming/a.csv', { suffixCase: 'exact', fileSuffixes: ['.CSV'] }, false],
  ['incoming/a', { fileSuffixes: [] }, true],
  ['other/a', { fileSuffixes: [] }, false],
])('%s, with %j: %s', (key, changes, isFile) => {
  expect(isFileKey(key, { ...FILES, ...changes })).toBe(isFile);
});

test('go through the environment and come out as they were', () => {
  for (const changes of [{}, { fileSuffixes: [], suffixCase: 'exact' as const }]) {
    expect(fileKeysOf(fileKeysEnv({ ...FILES, ...changes }))).toEqual({ ...FILES, ...changes });
  }
});
