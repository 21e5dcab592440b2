/** What the planner tells of stretches that it finds no place to cut in, however the file's size and the places lie. */
import { findChunks } from '../../../src/engine/boundaries/chunk-plan';
import { bytesSource, format } from '../support/engine-run';

const CHUNK = 1000;

async function told(text: string): Promise<{ uncut: Array<readonly [number, number]>; largest: number }> {
  const uncut: Array<readonly [number, number]> = [];
  const fmt = format(['a'], { header: false }, 64);
  const onUncut = (start: number, end: number) => { uncut.push([start, end]); };
  const options = { dataStart: 0, chunkSize: CHUNK, maxChunks: 100, concurrency: 3, onUncut };
  const chunks = await findChunks(bytesSource(text), fmt, options);
  return { uncut, largest: Math.max(...chunks.map(({ start, end }) => end - start)) };
}

const lines = (size: number) => 'abcdefg\n'.repeat(size / 8);
const none = (size: number) => 'x'.repeat(size);

test.each<[string, string, Array<readonly [number, number]>]>([
  ['lines', lines(4400), []],
  ['one chunk', none(900), []],
  ['lines, and a last place in the last of them', `${lines(2000)}abcdefg`, []],
  ['no line end, and an end between two places', none(1900), [[0, 1000], [0, 1900]]],
  ['no line end, and an end at a place', none(3000), [[0, 1000], [0, 2000], [0, 3000]]],
  ['no line end but the last byte', `${none(1900)}\n`, [[0, 1000], [0, 1901]]],
  ['a later part without', lines(1200) + none(1700), [[1008, 2000], [1008, 2900]]],
  ['a middle part without', lines(1200) + none(2300) + `\n${lines(1200)}`, [[1008, 2000], [1008, 3000], [1008, 4005]]],
])('%s', async (_, text, expected) => {
  const { uncut, largest } = await told(text);
  expect(uncut).toEqual(expected);
  // Nobody is told of less than what a worker gets.
  if (uncut.length > 0) expect(Math.max(...uncut.map(([start, end]) => end - start))).toBe(largest);
});
