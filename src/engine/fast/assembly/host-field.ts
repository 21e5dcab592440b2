/** Fields whose type has no op: the module finds where their text ends, and the host converts it by the exact path. */
import { BLOCK, HOST_DOUBLED_QUOTES, HOST_NON_ASCII, HOST_QUOTED } from '../layout';
import { CR, LF } from './bytes';
import { Dialect, Run, SURPRISE } from './state';

/**
 * Writes what field `index` is in the output to `out`.
 *
 * @returns its length, or a negative number where there is none
 */
// @ts-ignore: a decorator of AssemblyScript
@external('env', 'convertField')
declare function convertField(index: i32, start: usize, end: usize, flags: i32, out: usize): i32;

/** @returns the end of the field's text */
export function readHostField(index: i32, start: usize, out: usize, quoted: bool): usize {
  let flags: i32 = quoted ? HOST_QUOTED : 0;
  const terminator: i32 = quoted ? Dialect.quote : Dialect.delimiter;
  const terminators = i8x16.splat(<i8>terminator);
  let at = start;
  let within = true;
  while (within) {
    const block = v128.load(at);
    // NUL marks the end of the input.
    const ends = v128.or(i8x16.eq(block, terminators), v128.or(i8x16.eq(block, i8x16.splat(<i8>LF)), i8x16.eq(block, i8x16.splat(0))));
    const special = i8x16.bitmask(ends);
    const plain: i32 = special ? ctz(special) : BLOCK;
    if (i8x16.bitmask(block) & ((1 << plain) - 1)) flags |= HOST_NON_ASCII;
    at += plain;
    if (special) {
      const byte: i32 = load<u8>(at);
      if (byte == terminator) {
        if (quoted && load<u8>(at, 1) == Dialect.quote) {
          flags |= HOST_DOUBLED_QUOTES;
          at += 2;
        } else {
          within = false;
        }
      } else if (byte == 0) {
        return SURPRISE;
      } else if (quoted) {
        Run.innerLines++;
        at++;
      } else {
        within = false;
        if (at > start && load<u8>(at - 1) == CR) at--;
      }
    }
  }
  if (flags & HOST_NON_ASCII) Run.nonAscii = true;
  const length = convertField(index, start, at, flags, out);
  if (length < 0) return SURPRISE;
  Run.out = out + length;
  return at;
}
