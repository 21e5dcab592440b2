import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { runSplitter } from './engine-run';

// The stream API with arrays; the line end is given, so that it need not be found. A record of the wrong length is a
// reject, not the end.
void runSplitter((input, record) => new Promise((resolve, reject) => {
  const parser = parse({ from: 2, relax_column_count: true, record_delimiter: '\n' });
  parser.on('readable', () => {
    let fields: string[] | null;
    while ((fields = parser.read() as string[] | null) !== null) record(fields);
  });
  parser.on('end', resolve).on('error', reject);
  createReadStream(input, { highWaterMark: 1 << 20 }).on('error', reject).pipe(parser);
}));
