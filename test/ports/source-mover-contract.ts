/**
 * What `SourceMover` promises, as examples that S3's client and the memory store both have to pass, over buckets with
 * and without versions. Each test uses keys of its own, so all of them can share one bucket.
 */
import { Difference, testUnless } from './differences';
import { Landing } from './landing';
import { PendingUpload } from '../../src/ports/pending-upload';
import { PinnedObject } from '../../src/ports/source';

const MIB = 1024 * 1024;
const ATTRIBUTES = { contentType: 'text/csv', metadata: { sender: 'bank' } };

let folders = 0;

/** @param open called once, before the first test */
export function describeSourceMover(store: string, open: () => Promise<Landing>, differences: readonly Difference[] = []): void {
  describe(`the mover in ${store}`, () => {
    let landing: Landing;
    let key: string;
    let toKey: string;
    beforeAll(async () => { landing = await open(); });
    beforeEach(() => {
      key = `moved-${++folders}/a b+50%ä.csv`;
      toKey = `processed-${folders}/a b+50%ä.csv`;
    });

    const textOf = async (of: string) => (await landing.read(of))?.body.toString();

    async function pending(): Promise<PendingUpload[]> {
      const found: PendingUpload[] = [];
      for await (const copy of landing.mover.pendingCopies(landing.bucket, `processed-${folders}/`)) found.push(copy);
      return found;
    }

    test('knows the object as the source store does', async () => {
      const pin = await landing.put(key, 'text');
      expect(await landing.mover.head(pin)).toMatchObject(pin);
      await landing.remove(key);
      expect(await landing.mover.head({ ...pin, versionId: undefined })).toBeUndefined();
    });

    test('puts a text beside the file', async () => {
      await landing.mover.putText(landing.bucket, `${toKey}.report.json`, '{"ä":1}', 'application/json');
      expect(await textOf(`${toKey}.report.json`)).toBe('{"ä":1}');
    });

    describe('a copy', () => {
      test('is the file with its attributes; the file stays', async () => {
        const pin = await landing.put(key, 'text', ATTRIBUTES);
        expect(await landing.mover.copy(pin, toKey)).toBe(true);
        expect(await landing.read(toKey)).toEqual({ body: Buffer.from('text'), attributes: ATTRIBUTES });
        expect(await landing.mover.copy(pin, toKey)).toBe(true);
        expect(await textOf(key)).toBe('text');
      });

      test('of the pinned object is none where that is gone, and takes no other', async () => {
        const pin = { ...await landing.put(key, 'text'), versionId: undefined };
        await landing.put(key, 'other');
        expect(await landing.mover.copy(pin, toKey)).toBe(false);
        await landing.remove(key);
        expect(await landing.mover.copy(pin, toKey)).toBe(false);
        expect(await textOf(toKey)).toBeUndefined();
      });

      test('of a version takes that one, whatever came after it', async () => {
        const pin = await landing.put(key, 'text');
        await landing.put(key, 'other');
        expect(await landing.mover.copy(pin, toKey)).toBe(landing.isVersioned);
        expect(await textOf(toKey)).toBe(landing.isVersioned ? 'text' : undefined);
      });
    });

    describe('a copy by parts', () => {
      const BODY = Buffer.concat([Buffer.alloc(5 * MIB, 'a'), Buffer.alloc(5 * MIB, 'b'), Buffer.from('the end')]);
      const PARTS = [
        { number: 1, start: 0, end: 5 * MIB }, { number: 2, start: 5 * MIB, end: 10 * MIB }, { number: 3, start: 10 * MIB, end: BODY.length },
      ];

      async function opened(body: string | Uint8Array = BODY): Promise<{ pin: PinnedObject; uploadId: string }> {
        const pin = await landing.put(key, body, ATTRIBUTES);
        return { pin, uploadId: (await landing.mover.openCopy(pin, toKey))! };
      }

      test('is the file with its attributes, once it is completed', async () => {
        const { pin, uploadId } = await opened();
        const parts = [];
        for (const part of PARTS) parts.push((await landing.mover.copyPart(pin, toKey, uploadId, part))!);
        expect(parts.map(({ number, size }) => [number, size])).toEqual([[1, 5 * MIB], [2, 5 * MIB], [3, 7]]);
        expect(await textOf(toKey)).toBeUndefined();
        expect(await landing.mover.completeCopy(landing.bucket, toKey, uploadId, parts)).toBe(true);
        const copied = (await landing.read(toKey))!;
        expect(copied.body.equals(BODY)).toBe(true);
        expect(copied.attributes).toEqual(ATTRIBUTES);
        expect(await pending()).toEqual([]);
      });

      test('goes on where it stood: its parts are known, in their order', async () => {
        const { pin, uploadId } = await opened();
        expect(await landing.mover.copiedParts(landing.bucket, toKey, uploadId)).toEqual([]);
        const third = await landing.mover.copyPart(pin, toKey, uploadId, PARTS[2]);
        const first = await landing.mover.copyPart(pin, toKey, uploadId, PARTS[0]);
        expect(await landing.mover.copiedParts(landing.bucket, toKey, uploadId)).toEqual([first, third]);
        await landing.mover.copyPart(pin, toKey, uploadId, PARTS[1]);
        const parts = (await landing.mover.copiedParts(landing.bucket, toKey, uploadId))!;
        expect(await landing.mover.completeCopy(landing.bucket, toKey, uploadId, parts)).toBe(true);
        expect((await landing.read(toKey))!.body.equals(BODY)).toBe(true);
      });

      test('does not begin where the pinned object is gone', async () => {
        const pin = { ...await landing.put(key, 'text'), versionId: undefined };
        await landing.put(key, 'other');
        expect(await landing.mover.openCopy(pin, toKey)).toBeUndefined();
        await landing.remove(key);
        expect(await landing.mover.openCopy(pin, toKey)).toBeUndefined();
        expect(await pending()).toEqual([]);
      });

      test('takes no part of another object', async () => {
        const { pin, uploadId } = await opened('text');
        const unversioned = { ...pin, versionId: undefined };
        await landing.put(key, 'other');
        expect(await landing.mover.copyPart(unversioned, toKey, uploadId, { number: 1, start: 0, end: 4 })).toBeUndefined();
        const ofVersion = await landing.mover.copyPart(pin, toKey, uploadId, { number: 1, start: 0, end: 4 });
        expect(ofVersion?.size).toBe(landing.isVersioned ? 4 : undefined);
        await landing.remove(key);
        expect(await landing.mover.copyPart(unversioned, toKey, uploadId, { number: 1, start: 0, end: 4 })).toBeUndefined();
      });

      test('is pending until it is completed or aborted', async () => {
        const { uploadId } = await opened('text');
        expect(await pending()).toMatchObject([{ key: toKey, uploadId }]);
        await landing.mover.abortCopy(landing.bucket, toKey, uploadId);
        await landing.mover.abortCopy(landing.bucket, toKey, uploadId);
        expect(await pending()).toEqual([]);
      });

      test('that was aborted is none, which is not to say that the source is gone', async () => {
        const { pin, uploadId } = await opened('text');
        const part = (await landing.mover.copyPart(pin, toKey, uploadId, { number: 1, start: 0, end: 4 }))!;
        await landing.mover.abortCopy(landing.bucket, toKey, uploadId);
        expect(await landing.mover.copiedParts(landing.bucket, toKey, uploadId)).toBeUndefined();
        expect(await landing.mover.completeCopy(landing.bucket, toKey, uploadId, [part])).toBe(false);
        await expect(landing.mover.copyPart(pin, toKey, uploadId, { number: 1, start: 0, end: 4 })).rejects.toThrow();
        expect(await textOf(toKey)).toBeUndefined();
      });

      test('that was completed has no parts any more', async () => {
        const { pin, uploadId } = await opened('text');
        const part = (await landing.mover.copyPart(pin, toKey, uploadId, { number: 1, start: 0, end: 4 }))!;
        expect(await landing.mover.completeCopy(landing.bucket, toKey, uploadId, [part])).toBe(true);
        expect(await landing.mover.copiedParts(landing.bucket, toKey, uploadId)).toBeUndefined();
      });
    });

    describe('delete', () => {
      test('takes the pinned object away, and does nothing where it is gone', async () => {
        const pin = await landing.put(key, 'text');
        expect(await landing.mover.delete(pin)).toBe(true);
        expect(await textOf(key)).toBeUndefined();
        expect(await landing.mover.delete(pin)).toBe(true);
      });

      test('leaves a newer file of the key', async () => {
        const pin = await landing.put(key, 'text');
        await landing.put(key, 'newer');
        expect(await landing.mover.delete(pin)).toBe(true);
        expect(await textOf(key)).toBe('newer');
        expect(await landing.mover.head(pin)).toEqual(landing.isVersioned ? undefined : expect.objectContaining({ sizeBytes: 5 }));
      });

      test('of a version leaves the one before it, which is the newest then', async () => {
        await landing.put(key, 'older');
        const pin = await landing.put(key, 'text');
        expect(await landing.mover.delete(pin)).toBe(true);
        expect(await textOf(key)).toBe(landing.isVersioned ? 'older' : undefined);
      });

      test('without a version id takes the same bytes that came again: only their time tells them', async () => {
        const pin = { ...await landing.put(key, 'text'), versionId: undefined };
        await landing.put(key, 'text');
        expect(await landing.mover.delete(pin)).toBe(true);
        expect(await textOf(key)).toBeUndefined();
      });

      testUnless(differences, 'cannotLock')('tells that the store refuses', async () => {
        const pin = await landing.put(key, 'text');
        landing.lock!(pin);
        expect(await landing.mover.delete(pin)).toBe(false);
        expect(await textOf(key)).toBe('text');
        expect(await landing.mover.copy(pin, toKey)).toBe(true);
      });
    });
  });
}
