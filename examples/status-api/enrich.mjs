/**
 * The enricher: what the ledger needs to know of a payment beside what the bank sends.
 *
 * @type {import('cdk-csv-chunk-pipeline/transform').RecordTransformFunction<{
 *   payment_id: string, account_id: string, paid_at: string, amount: string, currency: string, channel: string | null,
 * }>}
 */
export default function enrich(record) {
  return { ...record, direction: record.amount.startsWith('-') ? 'DEBIT' : 'CREDIT', channel_group: GROUPS.get(record.channel) ?? 'OTHER' };
}

const GROUPS = new Map([['web', 'ONLINE'], ['app', 'ONLINE'], ['branch', 'PERSONAL'], ['phone', 'PERSONAL'], ['file', 'BATCH']]);
