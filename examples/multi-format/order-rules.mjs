/**
 * What the business asks of an order beside its types.
 *
 * @type {import('cdk-csv-chunk-pipeline/transform').RecordTransformFunction<{
 *   order_id: string, customer_id: string, ordered_at: string, amount: string, currency: string,
 * }>}
 */
export default function orderRules(record, context) {
  // Orders of the test desk are no business.
  if (record.customer_id.startsWith('TEST-')) return null;
  const limit = LIMITS.get(record.currency);
  if (limit === undefined) return context.reject(`expected one of the currencies ${[...LIMITS.keys()].join(', ')}, got ${record.currency}`, 'currency');
  // An amount has two digits after its point: in cents it is exact.
  const cents = BigInt(record.amount.replace('.', ''));
  return { ...record, needs_review: cents > limit };
}

/** In cents; a larger order is looked at by a person. */
const LIMITS = new Map([['EUR', 10_000_00n], ['USD', 11_000_00n], ['GBP', 9_000_00n]]);
