import { outputFormat } from './output-run';
import { METADATA_COLUMNS } from '../../../src/spec/output-settings';

/** A column of each type that a record can have. */
export const SAMPLE = outputFormat([
  { name: 'text' },
  { name: 'integer', type: 'integer' },
  { name: 'number', type: 'number' },
  { name: 'small', type: 'decimal', precision: 9, scale: 2 },
  { name: 'medium', type: 'decimal', precision: 18, scale: 0 },
  { name: 'large', type: 'decimal', scale: 10 },
  { name: 'boolean', type: 'boolean' },
  { name: 'date', type: 'date' },
  { name: 'datetime', type: 'datetime' },
], { format: 'parquet', metadataColumns: METADATA_COLUMNS }, { header: false });

/** The extremes of each type, values that a double or a millisecond would not hold, and no values at all. */
const RECORDS = [
  'plain,0,0,0,0,0,true,1970-01-01,1970-01-01T00:00:00Z',
  '"東京 😀, ""x""\n\0\t\\",9223372036854775807,0.1,9999999.99,999999999999999999,9999999999999999999999999999.9999999999,false,9999-12-31,9999-12-31T23:59:59.999999Z',
  '"",-9223372036854775808,-1.7976931348623157e308,-9999999.99,-999999999999999999,-9999999999999999999999999999.9999999999,true,0001-01-01,0001-01-01T00:00:00Z',
  'x,9007199254740993,5e-324,-0.01,-1,-0.0000000001,false,1969-12-31,1969-12-31T23:59:59.999999Z',
  ',,,,,,,,',
  'y,-1,1e22,0.05,10,12345678901234567890.5,true,2024-02-29,2024-02-29T12:34:56.000001Z',
].map((record) => record + '\n');

export const SAMPLE_CONTENT = RECORDS.join('');
/** Byte offset of each record. */
export const SAMPLE_OFFSETS = RECORDS.map((_, index) => Buffer.byteLength(RECORDS.slice(0, index).join('')));
