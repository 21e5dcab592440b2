import { generatedFile, generateRecords, quoted } from './bench-file';
import { Schema } from '../../src/spec/schema';
import { Random } from '../random';

const SCHEMA: Schema = {
  fields: [
    { name: 'review_id', type: 'string', constraints: { required: true, pattern: 'R[0-9]{9}' } },
    { name: 'written_on', type: 'date', constraints: { required: true, minimum: '2000-01-01' } },
    { name: 'product', type: 'string', constraints: { required: true, minLength: 1, maxLength: 80 } },
    { name: 'rating', type: 'integer', constraints: { required: true, minimum: 1, maximum: 5 } },
    { name: 'price', type: 'decimal', precision: 10, scale: 2 },
    { name: 'title', type: 'string', constraints: { required: true, maxLength: 200 } },
    { name: 'body', type: 'string', constraints: { required: true, maxLength: 2000 } },
    { name: 'author', type: 'string', constraints: { maxLength: 60 } },
  ],
};

const PRODUCTS = ['Monitor 27" Pro', 'Desk, oak', 'Chair "Aeron"', 'Lamp', 'Keyboard, ISO layout', 'Mug 12 oz'];
const WORDS = ['the', 'quick', 'delivery', 'was', 'good', 'but', 'not', 'great', 'quality', 'and', 'I', 'would', 'buy', 'this', 'again', 'screen', 'works', 'fine', 'after', 'two', 'weeks'];
const ASIDES = ['"as advertised"', 'well, almost', '5" longer than said', 'really, really good', '"never again"'];
const AUTHORS = ['Smith, John', 'Ann "Annie" Lee', 'Miller', 'O\'Neil, Pat', 'Garcia, M.'];

function sentence(random: Random, longest: number): string {
  const words = Array.from({ length: 3 + random.below(longest) }, () => random.chance(0.06) ? random.pick(ASIDES) : random.pick(WORDS));
  return words.join(' ') + '.';
}

function body(random: Random): string {
  return Array.from({ length: 1 + random.below(4) }, () => sentence(random, 20)).join(random.chance(0.2) ? '\n' : ' ');
}

function record(random: Random): string[] {
  const date = `${2010 + random.below(15)}-${String(1 + random.below(12)).padStart(2, '0')}-${String(1 + random.below(28)).padStart(2, '0')}`;
  return [
    `R${random.digits(9)}`, date, random.pick(PRODUCTS), String(1 + random.below(5)), `${random.below(1000)}.${random.digits(2)}`,
    sentence(random, 6), body(random), random.pick(AUTHORS),
  ].map(quoted);
}

const FAULTS: ReadonlyArray<(fields: string[]) => void> = [
  (fields) => { fields[0] = quoted('R12'); },
  (fields) => { fields[1] = quoted('2024-02-30'); },
  (fields) => { fields[3] = quoted('6'); },
  (fields) => { fields[4] = quoted('free'); },
  (fields) => { fields.pop(); },
];

/** Reviews as some programs export them: every field in quotes; delimiters, quotes and line ends within. */
export const quotedFile = generatedFile('quoted', SCHEMA, 100, (sizeBytes) => generateRecords(SCHEMA, sizeBytes, record, FAULTS));
