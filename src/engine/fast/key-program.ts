import { Image } from './image';
import { KEY_FIELD_COUNT, KEY_FIELDS, KEY_NUMBER, KEY_NUMBER_LENGTH, KEY_PLACE, KEY_SIZE, OP_SIZE } from './layout';
import { placeOf } from '../keys/key-entry';
import { UniqueKey } from '../keys/unique-key';

/** The module compares JSON texts: it cannot hash values of which two texts may be equal. */
export function canHash({ identities }: UniqueKey): boolean {
  return identities.every((identity) => identity === undefined);
}

/** Places what assembly/keys.ts reads. @returns where the first key lies */
export function placeKeys(image: Image, ops: number, keys: readonly UniqueKey[]): number {
  const first = image.allocate(keys.length * KEY_SIZE);
  keys.forEach(({ indices }, keyNumber) => {
    const key = first + keyNumber * KEY_SIZE;
    const fields = image.allocate(indices.length * Uint32Array.BYTES_PER_ELEMENT);
    image.words(fields, indices.map((index) => ops + index * OP_SIZE));
    image.word(key + KEY_FIELDS, fields);
    image.word(key + KEY_FIELD_COUNT, indices.length);
    image.double(key + KEY_PLACE, placeOf(keyNumber, 0));
    const number = Buffer.from(String(keyNumber));
    image.copy(key + KEY_NUMBER, number);
    image.word(key + KEY_NUMBER_LENGTH, number.length);
  });
  return first;
}
