import { catalogStorageOf, columnsFault } from '../../src/contract/catalog-table';
import { metadataColumnsOf, OutputColumn } from '../../src/spec/output-columns';
import { METADATA_COLUMNS, OutputFormatName } from '../../src/spec/output-settings';
import { FIELD_TYPES } from '../../src/spec/schema';

const typesOf = (columns: readonly OutputColumn[], format: OutputFormatName) =>
  Object.fromEntries(catalogStorageOf({ format, columns }).columns.map(({ name, type }) => [name, type]));

const ALL: OutputColumn[] = FIELD_TYPES.map((type) => ({ name: type, type, ...type === 'decimal' ? { precision: 12, scale: 2 } : {} }));

const TEXTS = { string: 'string', yearmonth: 'string', duration: 'string', object: 'string', array: 'string', list: 'string', geopoint: 'string', geojson: 'string', any: 'string' };
const TYPED = { ...TEXTS, integer: 'bigint', number: 'double', decimal: 'decimal(12,2)', boolean: 'boolean', date: 'date', datetime: 'timestamp', year: 'int' };

test('JSON Lines are read by the OpenX SerDe, each type as Athena has it', () => {
  expect(catalogStorageOf({ format: 'jsonl', columns: [] })).toMatchObject({ serde: 'org.openx.data.jsonserde.JsonSerDe', serdeParameters: {} });
  expect(typesOf(ALL, 'jsonl')).toEqual({ ...TYPED, time: 'string' });
});

test('Parquet is read by Hive\'s SerDe; a time of day is the number that the file holds', () => {
  expect(catalogStorageOf({ format: 'parquet', columns: [] })).toMatchObject({ serde: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' });
  expect(typesOf(ALL, 'parquet')).toEqual({ ...TYPED, time: 'bigint' });
  expect(catalogStorageOf({ format: 'parquet', columns: [{ name: 'at', type: 'time' }] }).columns).toEqual([
    { name: 'at', type: 'bigint', comment: 'microseconds since midnight' },
  ]);
});

test('CSV is read by OpenCSVSerde, as texts; a backslash is no escape character', () => {
  expect(catalogStorageOf({ format: 'csv', columns: [] })).toMatchObject({
    serde: 'org.apache.hadoop.hive.serde2.OpenCSVSerde', serdeParameters: { separatorChar: ',', quoteChar: '"', escapeChar: '\u0001' },
  });
  expect(new Set(Object.values(typesOf(ALL, 'csv')))).toEqual(new Set(['string']));
});

test('metadata columns have their types', () => {
  expect(typesOf(metadataColumnsOf({ metadataColumns: METADATA_COLUMNS }), 'jsonl')).toEqual({
    _job_id: 'string', _source_key: 'string', _byte_offset: 'bigint', _ingestion_time: 'timestamp',
  });
});

test.each<[Partial<OutputColumn>, string]>([
  [{ scale: 2 }, 'decimal(38,2)'],
  [{ precision: 9, scale: 0 }, 'decimal(9,0)'],
  [{}, 'string'],
  [{ precision: 9 }, 'string'],
  [{ precision: 39, scale: 2 }, 'string'],
  [{ scale: 39 }, 'string'],
])('a decimal with %j is %s', (digits, type) => {
  expect(typesOf([{ name: 'v', type: 'decimal', ...digits }], 'jsonl')).toEqual({ v: type });
});

test('names are in lower case', () => {
  expect(catalogStorageOf({ format: 'jsonl', columns: [{ name: 'CustomerId', type: 'string' }] }).columns).toEqual([{ name: 'customerid', type: 'string' }]);
  expect(columnsFault(['customerid'], ['CustomerId'])).toBeUndefined();
});
