import { ENTRY_WORDS, KeyEntries } from './key-entry';

const DIGIT_VALUES = 65_536;
const DIGIT_BITS = 16;

/**
 * The order of the first `count` entries by their hashes; equal ones stay as they stand. Two passes of radix sort over the first
 * word leave almost nothing to the comparisons that follow.
 */
export function sortedOrder(entries: KeyEntries, count: number): Uint32Array {
  let order = Uint32Array.from({ length: count }, (_, index) => index);
  let spare = new Uint32Array(count);
  const starts = new Uint32Array(DIGIT_VALUES);
  for (const shift of [0, DIGIT_BITS]) {
    starts.fill(0);
    for (let index = 0; index < count; index++) starts[(entries.words[index * ENTRY_WORDS] >>> shift) % DIGIT_VALUES]++;
    for (let digit = 0, next = 0; digit < DIGIT_VALUES; digit++) {
      const size = starts[digit];
      starts[digit] = next;
      next += size;
    }
    for (let index = 0; index < count; index++) {
      spare[starts[(entries.words[order[index] * ENTRY_WORDS] >>> shift) % DIGIT_VALUES]++] = order[index];
    }
    [order, spare] = [spare, order];
  }
  insertionSort(entries, order);
  return order;
}

/** Quick on what is almost sorted: what shares its first word has, but for rare chances, the same hash. */
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
