import { createReadStream } from 'node:fs';
import { parseStream } from 'fast-csv';
import { runSplitter } from './engine-run';

// Arrays, no header objects, large reads: the quickest way that fast-csv offers.
void runSplitter((input, record) => new Promise((resolve, reject) => {
  let header = true;
  parseStream(createReadStream(input, { highWaterMark: 1 << 20 }), { headers: false })
    .on('data', (fields: string[]) => {
      if (!header) record(fields);
      header = false;
    })
    .on('end', resolve)
    .on('error', reject);
}));
