import { generatedFile, generateRecords } from './bench-file';
import { Field, Schema } from '../../src/spec/schema';
import { Random } from '../random';

const COUNTERS = 13;
const READINGS = 13;
const MONEYS = 13;

const columns = (count: number, prefix: string, field: Omit<Field, 'name'>): Field[] => Array.from(
  { length: count }, (_, index) => ({ name: `${prefix}_${String(index + 1).padStart(2, '0')}`, ...field }));

const SCHEMA: Schema = {
  fields: [
    { name: 'id', type: 'integer', constraints: { required: true, minimum: 1 } },
    ...columns(COUNTERS, 'count', { type: 'integer', constraints: { minimum: 0, maximum: 999_999 } }),
    ...columns(READINGS, 'reading', { type: 'number', constraints: { required: true } }),
    ...columns(MONEYS, 'amount', { type: 'decimal', precision: 12, scale: 2, constraints: { minimum: '-99999.99', maximum: '99999.99' } }),
  ],
};

function counter(random: Random): string {
  return random.chance(0.05) ? '' : String(random.below(10 ** (1 + random.below(6))));
}

function reading(random: Random): string {
  return `${random.chance(0.3) ? '-' : ''}${random.below(10 ** random.below(5))}.${random.digits(1 + random.below(6))}`;
}

function money(random: Random): string {
  return random.chance(0.05) ? '' : `${random.chance(0.1) ? '-' : ''}${random.below(100_000)}.${random.digits(2)}`;
}

const times = (count: number, make: (random: Random) => string, random: Random) => Array.from({ length: count }, () => make(random));

const FAULTS: ReadonlyArray<(fields: string[]) => void> = [
  (fields) => { fields[0] = ''; },
  (fields) => { fields[5] = '1000000'; },
  (fields) => { fields[20] = 'n/a'; },
  (fields) => { fields[30] = '100000.00'; },
  (fields) => { fields.pop(); },
];

/** 40 columns of integers, numbers and decimals, some of them empty, most with limits. */
export const wideNumericFile = generatedFile('wide-numeric', SCHEMA, 100, (sizeBytes) => {
  let id = 0;
  const record = (random: Random) => [
    String(++id), ...times(COUNTERS, counter, random), ...times(READINGS, reading, random), ...times(MONEYS, money, random),
  ];
  return generateRecords(SCHEMA, sizeBytes, record, FAULTS);
});
