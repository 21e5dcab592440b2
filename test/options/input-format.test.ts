import { Size } from 'aws-cdk-lib';
import { CsvDialect, FileCompression, InputFormat, JsonDialect, TextEncoding } from '../../src';
import { COMPRESSIONS, DEFAULT_MAX_DECODED_SIZE, INPUT_FORMATS } from '../../src/spec/input-settings';
import { TEXT_ENCODINGS } from '../../src/spec/text-encodings';

const DECLARED = { 'csv': InputFormat.csv, 'tsv': InputFormat.tsv, 'jsonl': InputFormat.jsonLines, 'json': InputFormat.jsonArray, 'concatenated-json': InputFormat.concatenatedJson };

test.each(Object.entries(DECLARED))('%s is declared for all files, with the same settings', (inputFormat, declare) => {
  expect(declare()._input).toEqual({ inputFormat, maxDecodedSizeBytes: DEFAULT_MAX_DECODED_SIZE });
  expect(declare({ compression: FileCompression.NONE, encoding: TextEncoding.UTF_16LE, maxDecodedSize: Size.mebibytes(1) })._input)
    .toEqual({ inputFormat, compression: 'none', encoding: 'utf-16le', maxDecodedSizeBytes: 1024 ** 2 });
});

test('by the suffix: no format is declared, and the dialect is that of CSV and TSV', () => {
  const byDefault = InputFormat.bySuffix();
  expect([byDefault._input, byDefault._dialect]).toEqual([{ maxDecodedSizeBytes: DEFAULT_MAX_DECODED_SIZE }, {}]);
  expect(InputFormat.bySuffix({ dialect: CsvDialect.fromOptions({ delimiter: ';' }) })._dialect).toEqual({ delimiter: ';' });
});

test('JSON has a dialect of its own', () => {
  const dialect = JsonDialect.fromOptions({ property: 'data' });
  expect(InputFormat.jsonArray({ dialect })._dialect).toEqual({ property: 'data' });
  expect(InputFormat.bySuffix({ dialect: CsvDialect.fromOptions({ delimiter: ';' }), jsonDialect: dialect })._dialect).toEqual({ delimiter: ';', property: 'data' });
  expect(() => JsonDialect.fromOptions({ property: '' })).toThrow('dialect.property must be a name of 1 to 1000 characters, got ""');
  expect(() => InputFormat.jsonArray({ dialect: CsvDialect.fromOptions({}) as unknown as JsonDialect })).toThrow('dialect must be');
});

test('every word of the spec can be said', () => {
  expect(Object.keys(DECLARED)).toEqual([...INPUT_FORMATS]);
  expect(Object.values(FileCompression)).toEqual([...COMPRESSIONS]);
  expect(Object.values(TextEncoding)).toEqual([...TEXT_ENCODINGS]);
});

test.each([
  [() => InputFormat.csv({ maxDecodedSize: Size.kibibytes(1023) }), 'maxDecodedSize must be at least 1 MiB, got 1023 KiB'],
  [() => InputFormat.csv({ maxDecodedSize: Size.gibibytes(65) }), 'maxDecodedSize must be at most 64 GiB, got 65 GiB'],
  [() => InputFormat.jsonArray({ encoding: TextEncoding.WINDOWS_1252 }),
    'encoding must be utf-8, utf-16le or utf-16be where inputFormat is JSON (RFC 8259), got "windows-1252"'],
])('fails when an option is not possible: %s', (declare, message) => {
  expect(declare).toThrow(new Error(message));
});
