import { Landing } from './landing';
import { describeOutputStore } from './output-store-contract';
import { describeSourceMover } from './source-mover-contract';
import { describeSourceStore } from './source-store-contract';
import { MemoryBucket, Versioning } from '../../simulation/memory-bucket';
import { MemoryOutputStore, MemorySourceMover, MemorySourceStore } from '../../simulation/memory-stores';

const START = Date.parse('2026-11-21T08:00:00.750Z');

function landingIn(bucket: MemoryBucket): Landing {
  return {
    bucket: bucket.name,
    isVersioned: bucket.versioning === 'Enabled',
    source: new MemorySourceStore([bucket]),
    mover: new MemorySourceMover([bucket]),
    put: async (key, body, attributes) => {
      const { versionId, etag, bytes, lastModified } = bucket.put(key, body, attributes);
      return {
        bucket: bucket.name,
        key,
        versionId: versionId === 'null' ? undefined : versionId,
        etag,
        sizeBytes: bytes.length,
        lastModified: lastModified.toISOString(),
      };
    },
    remove: async (key) => bucket.delete(key),
    read: async (key) => {
      const found = bucket.head(key);
      return found && { body: found.bytes, attributes: { contentType: found.contentType, metadata: found.metadata } };
    },
    lock: ({ key, versionId }) => bucket.lock(key, versionId),
  };
}

describe.each<Versioning>(['Unversioned', 'Enabled', 'Suspended'])('%s', (versioning) => {
  let now = START;
  const bucket = new MemoryBucket({ name: 'bucket', versioning, now: () => new Date(now) });
  const store = `memory, ${versioning}`;
  describeOutputStore(store, async () => ({ output: new MemoryOutputStore(bucket, 100_000), elapse: (milliseconds) => { now += milliseconds; } }));
  describeSourceStore(store, async () => landingIn(bucket));
  describeSourceMover(store, async () => landingIn(bucket));
});
