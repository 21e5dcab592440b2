/** SHA-256 (FIPS 180-4), as far as keys need it: of one message that lies in memory, and its first 16 bytes. */

/** Section 4.2.2. */
const CONSTANTS = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);
const ROUNDS: usize = 64;
const WORD: usize = 4;
/** One word for each round. */
const SCHEDULE = memory.data(256, 4);

const MESSAGE_BLOCK: usize = 64;
const LENGTH_SIZE: usize = 8;
const PADDING_BEGIN: u8 = 0x80;

abstract class State {
  static a: u32 = 0;
  static b: u32 = 0;
  static c: u32 = 0;
  static d: u32 = 0;
  static e: u32 = 0;
  static f: u32 = 0;
  static g: u32 = 0;
  static h: u32 = 0;
}

/**
 * Writes the first 16 bytes of the hash of `[message, end)`, and the padding behind that: at most `HASH_PADDING` bytes.
 */
export function writeHash(message: usize, end: usize, to: usize): void {
  const length = end - message;
  const blocksEnd = message + ((length + 1 + LENGTH_SIZE + MESSAGE_BLOCK - 1) & ~(MESSAGE_BLOCK - 1));
  store<u8>(end, PADDING_BEGIN);
  memory.fill(end + 1, 0, blocksEnd - LENGTH_SIZE - end - 1);
  store<u64>(blocksEnd - LENGTH_SIZE, bswap<u64>((<u64>length) << 3));
  // Section 5.3.3.
  State.a = 0x6a09e667;
  State.b = 0xbb67ae85;
  State.c = 0x3c6ef372;
  State.d = 0xa54ff53a;
  State.e = 0x510e527f;
  State.f = 0x9b05688c;
  State.g = 0x1f83d9ab;
  State.h = 0x5be0cd19;
  for (let block = message; block < blocksEnd; block += MESSAGE_BLOCK) compress(block);
  store<u32>(to, bswap<u32>(State.a));
  store<u32>(to, bswap<u32>(State.b), 4);
  store<u32>(to, bswap<u32>(State.c), 8);
  store<u32>(to, bswap<u32>(State.d), 12);
}

/** Section 6.2.2. */
function compress(block: usize): void {
  for (let at: usize = 0; at < MESSAGE_BLOCK; at += WORD) store<u32>(SCHEDULE + at, bswap<u32>(load<u32>(block + at)));
  for (let at = SCHEDULE + MESSAGE_BLOCK; at < SCHEDULE + ROUNDS * WORD; at += WORD) {
    const early = load<u32>(at - 15 * WORD);
    const late = load<u32>(at - 2 * WORD);
    const sigma0 = rotr<u32>(early, 7) ^ rotr<u32>(early, 18) ^ (early >>> 3);
    const sigma1 = rotr<u32>(late, 17) ^ rotr<u32>(late, 19) ^ (late >>> 10);
    store<u32>(at, load<u32>(at - 16 * WORD) + sigma0 + load<u32>(at - 7 * WORD) + sigma1);
  }
  let a = State.a;
  let b = State.b;
  let c = State.c;
  let d = State.d;
  let e = State.e;
  let f = State.f;
  let g = State.g;
  let h = State.h;
  for (let at: usize = 0; at < ROUNDS * WORD; at += WORD) {
    const sum1 = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25);
    const first = h + sum1 + (g ^ (e & (f ^ g))) + load<u32>(CONSTANTS + at) + load<u32>(SCHEDULE + at);
    const sum0 = rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22);
    const second = sum0 + ((a & b) | (c & (a | b)));
    h = g;
    g = f;
    f = e;
    e = d + first;
    d = c;
    c = b;
    b = a;
    a = first + second;
  }
  State.a += a;
  State.b += b;
  State.c += c;
  State.d += d;
  State.e += e;
  State.f += f;
  State.g += g;
  State.h += h;
}
