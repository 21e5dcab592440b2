import { CsvRecordReader } from './csv-record-reader';
import { JsonRecordReader } from './json-record-reader';
import { RecordReader } from './record-reader';
import { Format, RecordFormat } from '../format/format';

const READERS: Readonly<Record<RecordFormat, new (format: Format) => RecordReader>> = { csv: CsvRecordReader, json: JsonRecordReader };

export function createReader(format: Format): RecordReader {
  return new READERS[format.settings.recordFormat ?? 'csv'](format);
}
