/**
 * What docs/scale.md reckons with: list prices, on demand, without free tiers. A price that changes is changed here,
 * with the date.
 */
export const PRICED = { region: 'us-east-1', when: 'November 2026' } as const;

/** Dollars. From the price pages of S3, DynamoDB, Step Functions and Lambda (x86). */
export const PRICES = {
  s3Write: 0.005 / 1000,
  s3Read: 0.0004 / 1000,
  tableWrite: 0.625 / 1e6,
  tableRead: 0.125 / 1e6,
  transition: 0.025 / 1000,
  gbSecond: 0.0000166667,
  run: 0.2 / 1e6,
} as const;

/** As docs/scale.md says it. */
export function pricesTold(): string {
  const { s3Write, s3Read, tableWrite, tableRead, transition, gbSecond, run } = PRICES;
  const of = (price: number, count: number) => Number((price * count).toPrecision(6));
  return `list prices of ${PRICED.region} (on demand, no free tier; the price pages of S3, DynamoDB, Step Functions and Lambda in ${PRICED.when}: ${of(s3Write, 1000)} for 1,000 S3 writes, `
    + `${of(s3Read, 1000)} for 1,000 S3 reads, ${of(tableWrite, 1e6)} and ${of(tableRead, 1e6)} for a million table writes and reads, ${of(transition, 1000)} for 1,000 transitions, `
    + `${gbSecond} a GB-second, ${of(run, 1e6).toFixed(2)} for a million runs)`;
}
