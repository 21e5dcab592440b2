import { inParallel } from '../../../src/engine/io/in-parallel';

const NUMBERS = Array.from({ length: 20 }, (_, index) => index);

async function* later(items: readonly number[]): AsyncIterable<number> {
  for (const item of items) {
    await Promise.resolve();
    yield item;
  }
}

describe.each([
  ['that are there', (items: readonly number[]) => items],
  ['that come one by one', later],
])('items %s', (_, from) => {
  test('are worked on once each, and at most so many at a time', async () => {
    const done: number[] = [];
    let running = 0;
    let most = 0;
    await inParallel(from(NUMBERS), 3, async (item) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => { setImmediate(resolve); });
      running--;
      done.push(item);
    });
    expect(done.sort((a, b) => a - b)).toEqual(NUMBERS);
    expect(most).toBe(3);
  });

  test('are not begun after a failure, what runs is awaited', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const working = inParallel(from(NUMBERS), 2, async (item) => {
      begun.push(item);
      if (item === 0) throw new Error('first');
      await new Promise((resolve) => { setImmediate(resolve); });
      ended.push(item);
    });
    await expect(working).rejects.toThrow('first');
    expect(begun.length).toBeLessThanOrEqual(2);
    expect(ended).toEqual(begun.filter((item) => item !== 0));
  });
});

test('where the items break off their error is told, and what was begun is awaited', async () => {
  async function* broken(): AsyncIterable<number> {
    yield 1;
    throw new Error('no more pages');
  }
  const ended: number[] = [];
  await expect(inParallel(broken(), 4, async (item) => {
    await new Promise((resolve) => { setImmediate(resolve); });
    ended.push(item);
  })).rejects.toThrow('no more pages');
  expect(ended).toEqual([1]);
});

test('none of none', async () => {
  await expect(inParallel(later([]), 4, async () => { throw new Error('called'); })).resolves.toBeUndefined();
});
