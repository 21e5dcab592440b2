import { generatedFile } from './bench-file';
import { TRANSACTIONS_SCHEMA } from './transactions';
import { generateTransactions } from '../generate-transactions';

/** Transactions of which 30 % are bad, in six ways. */
export const badRecordsFile = generatedFile('bad-records', TRANSACTIONS_SCHEMA, 100,
  (sizeBytes) => generateTransactions({ sizeBytes, textAfterQuotes: false, badShare: 0.3, seed: 2 }));
