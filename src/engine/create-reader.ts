import { CsvRecordReader } from './csv-record-reader';
import { Format } from './format';
import { RecordReader } from './record-reader';

export function createReader(format: Format): RecordReader {
  return new CsvRecordReader(format);
}
