import { expectedInput, needsStaging, ResolvedInput } from '../../../src/engine/staging/resolved-input';
import { COMPRESSIONS, INPUT_FORMATS, InputSettings } from '../../../src/spec/input-settings';
import { TEXT_ENCODINGS } from '../../../src/spec/text-encodings';

const NOTHING: InputSettings = { maxDecodedSizeBytes: 1 };

describe('without a declaration the name tells the format and the compression', () => {
  test.each<[string, string, string]>([
    ['incoming/a.csv', 'csv', 'none'],
    ['incoming/a.CSV', 'csv', 'none'],
    ['a.tsv', 'tsv', 'none'],
    ['a.Tab', 'tsv', 'none'],
    ['a.jsonl', 'jsonl', 'none'],
    ['a.NDJSON', 'jsonl', 'none'],
    ['a.json', 'json', 'none'],
    ['a.csv.gz', 'csv', 'gzip'],
    ['a.TSV.GZ', 'tsv', 'gzip'],
    ['a.jsonl.gzip', 'jsonl', 'gzip'],
    ['a.json.gz', 'json', 'gzip'],
    ['a.gz', 'csv', 'gzip'],
    ['a.txt', 'csv', 'none'],
    ['a', 'csv', 'none'],
    ['json', 'csv', 'none'],
    ['a.json/b', 'csv', 'none'],
    ['a.jsonx', 'csv', 'none'],
    ['agz', 'csv', 'none'],
  ])('%s is %s, compression %s', (key, format, compression) => {
    expect(expectedInput(NOTHING, key)).toEqual({ format, compression, encoding: 'utf-8' });
  });
});

describe('a declaration counts, whatever the name', () => {
  test.each<[Partial<InputSettings>, string, Partial<ResolvedInput>]>([
    [{ inputFormat: 'jsonl' }, 'a.csv', { format: 'jsonl', compression: 'none' }],
    [{ inputFormat: 'csv' }, 'a.json.gz', { format: 'csv', compression: 'gzip' }],
    [{ compression: 'gzip' }, 'a.tsv', { format: 'tsv', compression: 'gzip' }],
    [{ compression: 'none' }, 'a.json.gz', { format: 'json', compression: 'none' }],
    [{ encoding: 'windows-1252' }, 'a.csv', { encoding: 'windows-1252' }],
    [{ encoding: 'utf-16be' }, 'a.json', { encoding: 'utf-16be' }],
  ])('%j of %s', (declared, key, expected) => {
    expect(expectedInput({ ...NOTHING, ...declared }, key)).toMatchObject(expected);
  });
});

test.each(['iso-8859-1', 'windows-1252', 'shift_jis', 'gb18030'] as const)('JSON beside CSV that is declared to be %s is UTF-8', (encoding) => {
  expect(expectedInput({ ...NOTHING, encoding }, 'a.jsonl').encoding).toBe('utf-8');
  expect(expectedInput({ ...NOTHING, encoding }, 'a.csv').encoding).toBe(encoding);
});

test('what can be cut in place is not staged, all else is', () => {
  const inPlace: string[] = [];
  for (const format of INPUT_FORMATS) {
    for (const compression of COMPRESSIONS) {
      for (const encoding of TEXT_ENCODINGS) {
        if (!needsStaging({ format, compression, encoding })) inPlace.push(`${format} ${compression} ${encoding}`);
      }
    }
  }
  expect(inPlace).toEqual(['csv', 'tsv', 'jsonl'].flatMap((format) =>
    ['utf-8', 'iso-8859-1', 'windows-1252'].map((encoding) => `${format} none ${encoding}`)));
});
