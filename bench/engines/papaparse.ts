import { createReadStream } from 'node:fs';
import Papa from 'papaparse';
import { runSplitter } from './engine-run';

// Records by the chunk, not one call each; delimiter and line end are given, so that they need not be guessed.
void runSplitter((input, record) => new Promise((resolve, reject) => {
  let header = true;
  const stream = createReadStream(input, { highWaterMark: 1 << 20, encoding: 'utf8' });
  Papa.parse<string[]>(stream, {
    delimiter: ',',
    newline: '\n',
    skipEmptyLines: true,
    chunk: ({ data }) => {
      for (const fields of data) {
        if (!header) record(fields);
        header = false;
      }
    },
    complete: () => resolve(),
    error: reject,
  });
}));
