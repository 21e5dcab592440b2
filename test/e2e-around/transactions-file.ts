/** Bank transactions as `pipelineWithOutputs` takes them. */
export interface TransactionsFile {
  readonly records: number;
  /** So many of them have no number as their amount. @default none */
  readonly badAmounts?: number;
  /** So many lack their last field. @default none */
  readonly shortRecords?: number;
}

export function csvOf({ records, badAmounts = 0, shortRecords = 0 }: TransactionsFile): string {
  const rows = Array.from({ length: records }, (_, index) => {
    const amount = index < badAmounts ? 'much' : `${index}.50`;
    const row = `t-${index},a-${index % 7},2026-01-02T03:04:05Z,${amount},EUR,merchant ${index},food`;
    return index >= badAmounts && index < badAmounts + shortRecords ? row.slice(0, row.lastIndexOf(',')) : row;
  });
  return ['transaction_id,account_id,transaction_date,amount,currency,merchant,category', ...rows, ''].join('\n');
}
