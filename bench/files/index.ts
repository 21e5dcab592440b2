import { badRecordsFile } from './bad-records';
import { BenchFile } from './bench-file';
import { flightsFile } from './flights';
import { nonAsciiFile } from './non-ascii';
import { quotedFile } from './quoted';
import { transactionsFile } from './transactions';
import { wideNumericFile } from './wide-numeric';

export const FILES: readonly BenchFile[] = [transactionsFile, wideNumericFile, quotedFile, nonAsciiFile, badRecordsFile, flightsFile];
