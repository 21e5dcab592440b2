import { FileCompression, OutputFormat, MetadataColumn } from '../../src';
import { METADATA_COLUMNS, OUTPUT_FORMATS } from '../../src/spec/output-settings';

test('every word of the spec can be said', () => {
  const formats = [OutputFormat.jsonLines(), OutputFormat.csv(), OutputFormat.parquet()];
  expect(formats.map(({ _descriptor: { format } }) => format)).toEqual([...OUTPUT_FORMATS]);
  expect(Object.values(MetadataColumn).sort()).toEqual([...METADATA_COLUMNS].sort());
});

test('fails when the compression is none of part files', () => {
  expect(() => OutputFormat.csv({ compression: 'zip' as FileCompression })).toThrow(new Error('compression must be one of none, gzip, got "zip"'));
});

test('gzip is an option of the text formats', () => {
  const gzip = { compression: FileCompression.GZIP };
  expect([OutputFormat.jsonLines(gzip), OutputFormat.csv(gzip)].map(({ _descriptor }) => _descriptor.gzip)).toEqual([true, true]);
});
