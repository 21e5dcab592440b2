/**
 * Runs `work` on each item, at most `limit` at a time. After a failure nothing more is started, and what runs is
 * awaited.
 */
export async function inParallel<T>(items: Iterable<T> | AsyncIterable<T>, limit: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const failures: unknown[] = [];
  const worker = async () => {
    try {
      for (let next = await queue.next(); next.done !== true && failures.length === 0; next = await queue.next()) await work(next.value);
    } catch (error) {
      failures.push(error);
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failures.length > 0) throw failures[0];
}
