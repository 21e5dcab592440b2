const LF = 0x0a;

/**
 * Lines of UTF-8 text without their LF, as many at a time as each piece ends: a turn of the event loop for each of millions of
 * lines would take longer than all else. (Node's readline also splits at U+2028 and U+2029, which JSON strings may hold.)
 */
export async function* splitLines(pieces: AsyncIterable<Uint8Array>): AsyncIterable<readonly string[]> {
  let rest: Uint8Array[] = [];
  for await (const piece of pieces) {
    const end = piece.lastIndexOf(LF);
    if (end >= 0) {
      yield Buffer.concat([...rest, piece.subarray(0, end)]).toString('utf8').split('\n');
      rest = [];
    }
    if (end + 1 < piece.length) rest.push(piece.subarray(end + 1));
  }
  if (rest.length > 0) yield [Buffer.concat(rest).toString('utf8')];
}
