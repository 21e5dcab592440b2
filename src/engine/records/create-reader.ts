import { CsvRecordReader } from './csv-record-reader';
import { JsonRecordReader } from './json-record-reader';
import { RecordReader } from './record-reader';
import { Format } from '../format/format';

export function createReader(format: Format): RecordReader {
  return format.settings.recordFormat === 'json' ? new JsonRecordReader(format) : new CsvRecordReader(format);
}
