import { generatedFile } from './bench-file';
import { Schema } from '../../src/spec/schema';
import { CURRENCIES } from '../currencies';
import { generateTransactions } from '../generate-transactions';

export const TRANSACTIONS_SCHEMA: Schema = {
  fields: [
    { name: 'transaction_id', type: 'string', constraints: { required: true, pattern: 'TX[0-9A-Z]{10}' } },
    { name: 'account_id', type: 'string', constraints: { required: true, pattern: 'ACC[0-9]{8}' } },
    { name: 'transaction_date', type: 'datetime', formats: ['default', '%Y-%m-%d %H:%M:%S', '%m/%d/%Y %H:%M'], constraints: { required: true } },
    { name: 'amount', type: 'decimal', precision: 18, scale: 2, constraints: { required: true } },
    { name: 'currency', type: 'string', constraints: { required: true, enum: CURRENCIES } },
    { name: 'merchant', type: 'string', constraints: { required: true, minLength: 1, maxLength: 100 } },
    { name: 'category', type: 'string', constraints: { maxLength: 32 } },
  ],
};

/** Bank transactions: 20 % of the merchants quoted, three formats of timestamps, one record in a thousand bad. */
export const transactionsFile = generatedFile('transactions', TRANSACTIONS_SCHEMA, 200,
  // Text after a closing quote makes fast-csv and csv-parse give up.
  (sizeBytes) => generateTransactions({ sizeBytes, textAfterQuotes: false }));
