import { partContentType, partSuffix } from '../../src/engine/output/part-formats';
import { METADATA_COLUMNS, OutputSettings, checkOutputSettings } from '../../src/spec/output-settings';
import { Field } from '../../src/spec/schema';

const check = (output: object, fields: Field[] = [{ name: 'id' }], rescueColumn?: string) =>
  checkOutputSettings(output as OutputSettings, { fields, rescueColumn });

test.each([
  {},
  { format: 'jsonl', gzip: true },
  { format: 'csv', gzip: false, header: false, formulaSafe: true },
  { format: 'parquet', metadataColumns: METADATA_COLUMNS },
])('%j is possible', (output) => {
  expect(check(output)).toBe(output);
});

test.each<[object, Field[], string]>([
  [{ format: 'xml' }, [{ name: 'id' }], 'outputFormat.format must be one of jsonl, csv, parquet, got "xml"'],
  [{ zip: true }, [{ name: 'id' }], 'outputFormat.zip must be one of the known properties (format, gzip, header, formulaSafe, metadataColumns), got true'],
  [{ gzip: 'yes' }, [{ name: 'id' }], 'outputFormat.gzip must be true or false, got "yes"'],
  [{ format: 'parquet', gzip: true }, [{ name: 'id' }], 'outputFormat.gzip must be left out: it is for jsonl and csv, and the format is parquet, got true'],
  [{ header: false }, [{ name: 'id' }], 'outputFormat.header must be left out: it is for csv, and the format is jsonl, got false'],
  [{ metadataColumns: ['_line'] }, [{ name: 'id' }], 'metadataColumns[0] must be one of _job_id (MetadataColumn.JOB_ID), _source_key (MetadataColumn.SOURCE_KEY), _byte_offset (MetadataColumn.BYTE_OFFSET), '
    + '_ingestion_time (MetadataColumn.INGESTION_TIME), got "_line"'],
  [{ metadataColumns: ['_job_id', '_job_id'] }, [{ name: 'id' }], 'metadataColumns[1] must be listed once, got "_job_id"'],
  [{ metadataColumns: ['_job_id'] }, [{ name: '_job_id' }], 'metadataColumns[0] must differ from the names of the schema\'s columns, got "_job_id"'],
  [{ format: 'parquet' }, [{ name: 'id' }, { name: 'sum', type: 'decimal' }],
    'schema.fields[1].scale must be given for Parquet (field "sum"), whose decimals have a fixed one, got undefined'],
  [{ format: 'parquet' }, [{ name: 'sum', type: 'decimal', precision: 39, scale: 2 }], 'schema.fields[0].precision must be at most 38 for Parquet (field "sum"), got 39'],
  [{ format: 'parquet' }, [{ name: 'sum', type: 'decimal', precision: 4, scale: 5 }],
    'schema.fields[0].scale must be at most 4, the precision, for Parquet (field "sum"), got 5'],
])('%j with %j is not', (output, fields, message) => {
  expect(() => check(output, fields)).toThrow(new Error(message));
});

test('a metadata column is not the rescue column', () => {
  expect(() => check({ metadataColumns: ['_job_id'] }, [{ name: 'id' }], '_job_id')).toThrow(/must differ from the names of the schema's columns/);
});

test('a decimal needs no scale elsewhere', () => {
  expect(() => check({ format: 'csv' }, [{ name: 'sum', type: 'decimal' }])).not.toThrow();
});

test('keys and content types', () => {
  const outputs: OutputSettings[] = [
    { format: 'jsonl' }, { format: 'jsonl', gzip: true }, { format: 'csv' }, { format: 'csv', gzip: true }, { format: 'parquet' },
  ];
  expect(outputs.map((output) => [partSuffix(output), partContentType(output)])).toEqual([
    ['.jsonl', 'application/x-ndjson'],
    ['.jsonl.gz', 'application/gzip'],
    ['.csv', 'text/csv; charset=utf-8'],
    ['.csv.gz', 'application/gzip'],
    ['.parquet', 'application/vnd.apache.parquet'],
  ]);
  expect(partSuffix({})).toBe('.jsonl');
});
