/**
 * The local disk. It does less than S3: parts are sent in order, an upload is completed once, and files are known by
 * their times; so the suites of the ports are not for it.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalOutputStore } from '../../src/preflight/local-output';
import { LocalSourceStore } from '../../src/preflight/local-source';

let directory: string;
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'local-stores-')); });
afterEach(() => rmSync(directory, { recursive: true }));

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test('uploads are pending until they are completed or aborted, for every thread of a run', async () => {
  const store = await LocalOutputStore.open(directory);
  expect(await all(store.pendingUploads(''))).toEqual([]);
  const [b, a, done, aborted] = await Promise.all(['b', 'a', 'done', 'aborted'].map(async (name) => store.openUpload(`output/${name}`, { contentType: 'text/plain' })));
  await store.uploadPart('output/done', done, 1, Buffer.from('x'));
  expect(await store.completeUpload('output/done', done)).toBe(true);
  await store.abortUpload('output/aborted', aborted);
  const pending = await all(new LocalOutputStore(store.folders).pendingUploads('output/'));
  expect(pending.map(({ key, uploadId }) => [key, uploadId])).toEqual([['output/a', a], ['output/b', b]]);
  expect(Math.abs(pending[0].startedAt - Date.now())).toBeLessThan(60_000);
  expect(await all(store.pendingUploads('output/b'))).toHaveLength(1);
});

test('the metadata of an upload is that of its object', async () => {
  const store = await LocalOutputStore.open(directory);
  const uploadId = await store.openUpload('output/x', { contentType: 'text/plain', metadata: { 'job-id': 'f' } });
  expect(await store.metadata('output/x')).toBeUndefined();
  await store.completeUpload('output/x', uploadId);
  expect(await store.metadata('output/x')).toEqual({ 'job-id': 'f' });
  expect(await store.completeUpload('output/x', uploadId)).toBe(false);
});

test('the files of a folder are listed by their names, as a job pins them', async () => {
  mkdirSync(join(directory, 'a-folder'));
  for (const name of ['b.csv', 'a.csv', 'c.json']) writeFileSync(join(directory, name), name);
  const store = new LocalSourceStore();
  const files = await all(store.list('local', `${directory}/`));
  expect(files.map(({ key }) => key)).toEqual(['a.csv', 'b.csv', 'c.json'].map((name) => join(directory, name)));
  expect(files[0]).toEqual(await store.head({ bucket: 'local', key: join(directory, 'a.csv') }));
  expect(await all(store.list('local', join(directory, 'b')))).toHaveLength(1);
});
