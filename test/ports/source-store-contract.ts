/**
 * What `SourceStore` and `SweptSource` promise, as examples that S3's client and the memory store both have to pass, over buckets with
 * and without versions. Each test uses keys of its own, so all of them can share one bucket.
 */
import { Difference, testUnless } from './differences';
import { Landing } from './landing';
import { PinnedObject } from '../../src/ports/source';
import { SourceChangedError } from '../../src/ports/source-changed';

/** More than S3 lists on one page. */
const MANY = 1_005;

let folders = 0;

/** @param open called once, before the first test */
export function describeSourceStore(store: string, open: () => Promise<Landing>, differences: readonly Difference[] = []): void {
  describe(`the source in ${store}`, () => {
    let landing: Landing;
    let folder: string;
    let key: string;
    beforeAll(async () => { landing = await open(); });
    beforeEach(() => {
      folder = `incoming-${++folders}/`;
      key = `${folder}a b+50%ä.csv`;
    });

    const newest = async () => landing.source.head({ bucket: landing.bucket, key });
    const readAll = async (pin: PinnedObject) => Buffer.from(await landing.source.open(pin).read(0, pin.sizeBytes)).toString();

    async function listed(prefix = folder): Promise<PinnedObject[]> {
      const found: PinnedObject[] = [];
      for await (const object of landing.source.list(landing.bucket, prefix)) found.push(object);
      return found;
    }

    describe('head', () => {
      test('is the newest object; none where there is none, or it was deleted', async () => {
        expect(await newest()).toBeUndefined();
        await landing.put(key, 'first');
        const second = await landing.put(key, 'second');
        expect(await newest()).toEqual({ ...second, versionId: undefined, foundVersion: second.versionId });
        await landing.remove(key);
        expect(await newest()).toBeUndefined();
      });

      test('tells bytes by their ETag, and the time in seconds', async () => {
        const [first, other, again] = [await landing.put(key, 'first'), await landing.put(key, 'other'), await landing.put(key, 'first')];
        expect(other.etag).not.toBe(first.etag);
        expect(again.etag).toBe(first.etag);
        expect(again).toMatchObject({ bucket: landing.bucket, key, sizeBytes: 5 });
        expect(again.lastModified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
      });

      test('of a version is that one, whatever came after it', async () => {
        const first = await landing.put(key, 'first');
        await landing.put(key, 'second');
        await landing.remove(key);
        expect(await landing.source.head(first)).toEqual(landing.isVersioned ? { ...first, foundVersion: first.versionId } : undefined);
      });
    });

    describe('reads', () => {
      const withVersion = testUnless(differences, 'ignoresRangeOfVersion');

      test('are the pinned bytes', async () => {
        const pin = { ...await landing.put(key, '0123456789'), versionId: undefined };
        const source = landing.source.open(pin);
        expect(source.size).toBe(10);
        expect(Buffer.from(await source.read(3, 7)).toString()).toBe('3456');
        expect((await source.read(4, 4)).length).toBe(0);
        expect(await readAll(pin)).toBe('0123456789');
      });

      test('reject when the object is gone, or another one', async () => {
        const pin = { ...await landing.put(key, '0123456789'), versionId: undefined };
        await landing.put(key, '9876543210');
        await expect(readAll(pin)).rejects.toThrow(SourceChangedError);
        await landing.put(key, 'short');
        await expect(readAll(pin)).rejects.toThrow(SourceChangedError);
        await landing.remove(key);
        await expect(readAll(pin)).rejects.toThrow(SourceChangedError);
      });

      test('without a version do not tell the same bytes that came again', async () => {
        const pin = { ...await landing.put(key, '0123456789'), versionId: undefined };
        await landing.put(key, 'other');
        await landing.put(key, '0123456789');
        expect(await readAll(pin)).toBe('0123456789');
      });

      withVersion('of a version are that one\'s, whatever came after it', async () => {
        const pin = await landing.put(key, '0123456789');
        if (!landing.isVersioned) return expect(pin.versionId).toBeUndefined();
        await landing.put(key, '9876543210');
        expect(await readAll(pin)).toBe('0123456789');
        await landing.remove(key);
        expect(await readAll(pin)).toBe('0123456789');
        await landing.mover.delete(pin);
        await expect(readAll(pin)).rejects.toThrow(SourceChangedError);
      });
    });

    describe('a listing', () => {
      test('has the newest version of each key, as a job pins it, in the order of keys', async () => {
        await landing.put(`${folder}b`, 'old');
        const pins = [await landing.put(`${folder}ä`, 'x'), await landing.put(`${folder}a`, ''), await landing.put(`${folder}b`, 'new')];
        await landing.put(`other-${folder}a`, 'other');
        expect(await listed()).toEqual([pins[1], pins[2], pins[0]]);
        expect(await listed(`${folder}b`)).toEqual([pins[2]]);
        expect(await listed(`${folder}none`)).toEqual([]);
      });

      test('has no object that was deleted, and one that came again', async () => {
        await landing.put(`${folder}gone`, 'x');
        await landing.remove(`${folder}gone`);
        await landing.put(key, 'first');
        await landing.remove(key);
        const again = await landing.put(key, 'second');
        expect(await listed()).toEqual([again]);
      });

      test('has all of them, however many', async () => {
        const names = Array.from({ length: MANY }, (_, index) => folder + String(index).padStart(5, '0'));
        for (let from = 0; from < MANY; from += 50) await Promise.all(names.slice(from, from + 50).map(async (name) => landing.put(name, 'x')));
        const found = (await listed()).map((object) => object.key);
        expect(differences.includes('repeatsAtPageEnd') ? [...new Set(found)] : found).toEqual(names);
      });
    });
  });
}
