/**
 * What `OutputStore` and `SweptOutput` promise, as examples that S3's client and the memory store both have to pass. Each test uses keys
 * of its own, so all of them can share one bucket.
 */
import { buffer } from 'node:stream/consumers';
import { Difference, testUnless } from './differences';
import { SweptOutput } from '../../src/ports/output';
import { PendingUpload } from '../../src/ports/pending-upload';

export interface OpenedOutput {
  readonly output: SweptOutput;
  /** Lets time pass, where the store has a clock of its own. */
  readonly elapse?: (milliseconds: number) => void;
}

const MIB = 1024 * 1024;
const HOUR = 3_600_000;
/** More than S3 lists on one page. */
const MANY = 1_005;
const TEXT = { contentType: 'text/plain' };

let folders = 0;

/** @param open called once, before the first test */
export function describeOutputStore(store: string, open: () => Promise<OpenedOutput>, differences: readonly Difference[] = []): void {
  describe(`the output in ${store}`, () => {
    let output: SweptOutput;
    let elapse: OpenedOutput['elapse'];
    let folder: string;
    let key: string;
    beforeAll(async () => ({ output, elapse } = await open()));
    beforeEach(() => {
      folder = `output-${++folders}/`;
      key = `${folder}a b+50%ä.txt`;
    });

    const textOf = async (of: string): Promise<string> => (await buffer(output.read(of))).toString();
    const isThere = async (of: string): Promise<boolean> => await output.metadata(of) !== undefined;

    async function pending(prefix = folder): Promise<PendingUpload[]> {
      const found: PendingUpload[] = [];
      for await (const upload of output.pendingUploads(prefix)) found.push(upload);
      return found;
    }

    test('an object is there as it was put last', async () => {
      expect(await isThere(key)).toBe(false);
      await output.put(key, 'a\u00e4\u{1F600} first', TEXT.contentType);
      expect(await textOf(key)).toBe('a\u00e4\u{1F600} first');
      await output.put(key, Buffer.from('second'), TEXT.contentType);
      expect(await textOf(key)).toBe('second');
      expect(await output.metadata(key)).toEqual({});
    });

    test('JSON is read as it was put', async () => {
      await output.put(key, '{"text":"ä","list":[1]}', 'application/json');
      expect(await output.getJson(key)).toEqual({ text: 'ä', list: [1] });
    });

    test('what is not there is told by its key', async () => {
      await expect(output.getJson(key)).rejects.toThrow(`expected an object ${key}`);
      await expect(textOf(key)).rejects.toThrow(`expected an object ${key}`);
      await expect(output.pin(key)).rejects.toThrow(`expected an object ${key}`);
    });

    test('the bytes belong to the store', async () => {
      const bytes = Buffer.from('first');
      await output.put(key, bytes, TEXT.contentType);
      bytes.fill(0);
      (await output.ranges(key, 5).read(0, 5)).fill(0);
      expect(await textOf(key)).toBe('first');
    });

    test('a range is what lies between its ends', async () => {
      await output.put(key, '0123456789', TEXT.contentType);
      const ranges = output.ranges(key, 10);
      expect(ranges.size).toBe(10);
      expect(Buffer.from(await ranges.read(3, 7)).toString()).toBe('3456');
      expect(Buffer.from(await ranges.read(0, 10)).toString()).toBe('0123456789');
      expect(Buffer.from(await ranges.read(4, 4)).toString()).toBe('');
      await expect(output.ranges(`${folder}none`, 10).read(0, 1)).rejects.toThrow();
    });

    test('an object is pinned by its bytes', async () => {
      const pinOf = async (body: string) => {
        await output.put(key, body, TEXT.contentType);
        return output.pin(key);
      };
      const first = await pinOf('first');
      expect(first).toMatchObject({ key, sizeBytes: 5, etag: expect.stringMatching(/^[0-9a-f]{32}$/), versionId: undefined });
      expect(new Date(first.lastModified).toISOString()).toBe(first.lastModified);
      expect((await pinOf('other')).etag).not.toBe(first.etag);
      expect((await pinOf('first')).etag).toBe(first.etag);
    });

    describe('an upload', () => {
      test('shows its object when it is completed, with its metadata', async () => {
        const uploadId = await output.openUpload(key, { ...TEXT, metadata: { 'job-id': 'f', 'attempt': '2' } });
        const part = await output.uploadPart(key, uploadId, 1, Buffer.from('one'));
        expect(part).toMatchObject({ number: 1, size: 3 });
        expect(await isThere(key)).toBe(false);
        expect(await output.completeUpload(key, uploadId, [part])).toBe(true);
        expect(await textOf(key)).toBe('one');
        expect(await output.metadata(key)).toEqual({ 'job-id': 'f', 'attempt': '2' });
      });

      test('joins its parts by their numbers, whichever came first, and the later of two with one number', async () => {
        const uploadId = await output.openUpload(key, TEXT);
        const last = await output.uploadPart(key, uploadId, 2, Buffer.from('end'));
        await output.uploadPart(key, uploadId, 1, Buffer.alloc(5 * MIB, 'x'));
        const first = await output.uploadPart(key, uploadId, 1, Buffer.alloc(5 * MIB, 'y'));
        expect(await output.completeUpload(key, uploadId, [first, last])).toBe(true);
        const text = await textOf(key);
        expect(text.length).toBe(5 * MIB + 3);
        expect([text[0], text.slice(-4)]).toEqual(['y', 'yend']);
      });

      test('has the ETag of its parts, not that of the object put at once', async () => {
        const uploadId = await output.openUpload(key, TEXT);
        await output.completeUpload(key, uploadId, [await output.uploadPart(key, uploadId, 1, Buffer.from('one'))]);
        expect((await output.pin(key)).etag).toMatch(/^[0-9a-f]{32}-1$/);
      });

      test('replaces an object, which is there until then', async () => {
        await output.put(key, 'before', TEXT.contentType);
        const uploadId = await output.openUpload(key, TEXT);
        const part = await output.uploadPart(key, uploadId, 1, Buffer.from('after'));
        expect(await textOf(key)).toBe('before');
        await output.completeUpload(key, uploadId, [part]);
        expect(await textOf(key)).toBe('after');
      });

      test('that is completed again is, for a while, and makes nothing anew', async () => {
        const uploadId = await output.openUpload(key, TEXT);
        const parts = [await output.uploadPart(key, uploadId, 1, Buffer.from('one'))];
        expect(await output.completeUpload(key, uploadId, parts)).toBe(true);
        expect(await output.completeUpload(key, uploadId, parts)).toBe(true);
        expect(await textOf(key)).toBe('one');
      });

      testUnless(differences, 'completesForEver')('that was completed long ago is none', async () => {
        const uploadId = await output.openUpload(key, TEXT);
        const parts = [await output.uploadPart(key, uploadId, 1, Buffer.from('one'))];
        await output.completeUpload(key, uploadId, parts);
        elapse!(HOUR);
        expect(await output.completeUpload(key, uploadId, parts)).toBe(false);
        expect(await textOf(key)).toBe('one');
      });

      test('that was aborted is none, and leaves nothing', async () => {
        const uploadId = await output.openUpload(key, TEXT);
        const parts = [await output.uploadPart(key, uploadId, 1, Buffer.from('one'))];
        await output.abortUpload(key, uploadId);
        await output.abortUpload(key, uploadId);
        expect(await output.completeUpload(key, uploadId, parts)).toBe(false);
        await expect(output.uploadPart(key, uploadId, 2, Buffer.from('two'))).rejects.toThrow();
        expect(await isThere(key)).toBe(false);
      });

      testUnless(differences, 'takesSmallParts')('does not complete with a part that is too small', async () => {
        const uploadId = await output.openUpload(key, TEXT);
        const parts = [await output.uploadPart(key, uploadId, 1, Buffer.from('one')), await output.uploadPart(key, uploadId, 2, Buffer.from('two'))];
        await expect(output.completeUpload(key, uploadId, parts)).rejects.toThrow('EntityTooSmall');
        expect(await isThere(key)).toBe(false);
      });
    });

    describe('pending uploads', () => {
      test('are those that are neither completed nor aborted, in the order of their keys', async () => {
        const [b, a, done, aborted] = await Promise.all(['b', 'a', 'done', 'aborted'].map(async (name) => output.openUpload(folder + name, TEXT)));
        await output.openUpload(`other-${folder}a`, TEXT);
        await output.completeUpload(`${folder}done`, done, [await output.uploadPart(`${folder}done`, done, 1, Buffer.from('x'))]);
        await output.abortUpload(`${folder}aborted`, aborted);
        expect((await pending()).map(({ key: of, uploadId }) => [of, uploadId])).toEqual([[`${folder}a`, a], [`${folder}b`, b]]);
        expect(await pending(`${folder}b`)).toHaveLength(1);
        expect(await pending(`${folder}none`)).toEqual([]);
      });

      test('tell when they were opened, and of one key there may be several', async () => {
        const ids = [await output.openUpload(key, TEXT), await output.openUpload(key, TEXT)];
        const found = await pending();
        expect(found.map(({ uploadId }) => uploadId).sort()).toEqual([...ids].sort());
        await output.put(`${folder}now`, 'x', TEXT.contentType);
        const now = Date.parse((await output.pin(`${folder}now`)).lastModified);
        for (const { startedAt } of found) expect(Math.abs(startedAt - now)).toBeLessThan(10_000);
      });

      test('are all of them, however many', async () => {
        const names = Array.from({ length: MANY }, (_, index) => folder + String(index).padStart(5, '0'));
        for (let from = 0; from < MANY; from += 50) {
          await Promise.all(names.slice(from, from + 50).map(async (name) => output.openUpload(name, TEXT)));
        }
        expect((await pending()).map(({ key: of }) => of)).toEqual(names);
      });
    });
  });
}
