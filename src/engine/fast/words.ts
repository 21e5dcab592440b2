import { Image } from './image';
import {
  HASH_FACTOR_HIGH, HASH_FACTOR_LOW, HASH_ROTATION, WORD_LENGTH, WORD_LONGEST, WORD_OUTPUT, WORD_OUTPUT_LENGTH, WORD_OUTPUT_LONGEST, WORD_SHIFT,
  WORD_SIZE, WORD_SLOT_MASK, WORD_SLOTS, WORD_TEXT,
} from './layout';

// Words hold no control characters: line ends would have to be counted, and NUL marks the end of the input.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f]/;

/** @param outputs what each word is in the output */
export function wordsFit(outputs: ReadonlyMap<string, string>): boolean {
  return outputs.size > 0 && [...outputs].every(([text, output]) => !CONTROL.test(text)
    && Buffer.byteLength(text) <= WORD_LONGEST && Buffer.byteLength(output) <= WORD_OUTPUT_LONGEST);
}

/**
 * Slots for each word: so many that most words lie where their hash says, because searching on costs more than the
 * memory.
 */
const SLOTS_PER_WORD = 8;

/** Places the hash table that assembly/word.ts looks up. Some of its slots are empty, so that a search ends. */
export function placeWords(image: Image, op: number, outputs: ReadonlyMap<string, string>): void {
  const slotBits = Math.ceil(Math.log2(outputs.size * SLOTS_PER_WORD));
  const slotCount = 2 ** slotBits;
  const slots = new Array<number>(slotCount).fill(0);
  const address = image.allocate(outputs.size * WORD_SIZE);
  [...outputs].forEach(([text, output], index) => {
    const word = address + index * WORD_SIZE;
    const bytes = Buffer.alloc(WORD_LENGTH);
    const length = bytes.utf8Write(text);
    image.copy(word + WORD_TEXT, bytes);
    image.word(word + WORD_LENGTH, length);
    image.word(word + WORD_OUTPUT_LENGTH, Buffer.byteLength(output));
    image.copy(word + WORD_OUTPUT, Buffer.from(output));
    let slot = Number(hash(bytes) >> BigInt(64 - slotBits));
    while (slots[slot] !== 0) slot = (slot + 1) % slotCount;
    slots[slot] = word;
  });
  const slotsAddress = image.allocate(slotCount * 4);
  image.words(slotsAddress, slots);
  image.word(op + WORD_SLOTS, slotsAddress);
  image.word(op + WORD_SHIFT, 64 - slotBits);
  image.word(op + WORD_SLOT_MASK, slotCount - 1);
}

/** The 64-bit hash of assembly/word.ts. @param bytes 32 of them, zeros behind the text */
function hash(bytes: Buffer): bigint {
  const folded = (half: number) => bytes.readBigUInt64LE(half * 8) ^ bytes.readBigUInt64LE(16 + half * 8);
  const rotation = BigInt(HASH_ROTATION);
  const rotated = (folded(1) << rotation) | (folded(1) >> (64n - rotation));
  const factor = (BigInt(HASH_FACTOR_HIGH) << 32n) | BigInt(HASH_FACTOR_LOW);
  return BigInt.asUintN(64, BigInt.asUintN(64, folded(0) ^ rotated) * factor);
}
