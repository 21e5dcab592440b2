import { ENTRY_WORDS, KeyEntries } from './key-entry';

const DIGIT_BITS = 16;
const DIGIT_VALUES = 2 ** DIGIT_BITS;

/**
 * The order of the first `count` entries by their hashes; equal ones stay as they stand. Two passes of radix sort over
 * the first word leave almost nothing to the comparisons that follow.
 */
export function sortedOrder(entries: KeyEntries, count: number): Uint32Array {
  // Close together in memory, because they are read in random order.
  const firstWords = new Uint32Array(count);
  let order = new Uint32Array(count);
  for (let index = 0; index < count; index++) {
    firstWords[index] = entries.words[index * ENTRY_WORDS];
    order[index] = index;
  }
  let spare = new Uint32Array(count);
  for (const shift of [0, DIGIT_BITS]) {
    sortByDigit(firstWords, shift, order, spare);
    [order, spare] = [spare, order];
  }
  insertionSort(entries, order);
  return order;
}

/** Places the numbers of `order` into `sorted` by 16 bits of the words they stand for. */
function sortByDigit(words: Uint32Array, shift: number, order: Uint32Array, sorted: Uint32Array): void {
  const places = new Uint32Array(DIGIT_VALUES);
  for (const word of words) places[(word >>> shift) % DIGIT_VALUES]++;
  for (let digit = 0, next = 0; digit < DIGIT_VALUES; digit++) {
    const size = places[digit];
    places[digit] = next;
    next += size;
  }
  for (const index of order) sorted[places[(words[index] >>> shift) % DIGIT_VALUES]++] = index;
}

/**
 * Quick where entries are almost sorted: those that share their first word have, save for rare chances, the same hash.
 */
function insertionSort(entries: KeyEntries, order: Uint32Array): void {
  for (let index = 1; index < order.length; index++) {
    const entry = order[index];
    let to = index;
    while (to > 0 && entries.compare(order[to - 1], entries, entry) > 0) {
      order[to] = order[to - 1];
      to--;
    }
    order[to] = entry;
  }
}
