import { MemorySource } from './support/memory-source';
import { CONTRACT, createdEvent, csv, World } from './support/world';
import { fileIdOf } from '../../src/steps/claim';
import { closeJob } from '../../src/steps/close-job';
import { finalizeJob } from '../../src/steps/finalize-job';
import { planChunks } from '../../src/steps/plan-chunks';
import { validateFile } from '../../src/steps/validate-file';

const FILE = csv(5);

describe('the id of a job', () => {
  const object = { key: 'incoming/a.csv', etag: 'e', lastModified: '2026-01-01T00:00:00.000Z' };

  test('is 32 hex digits, the same for the same version in any bucket', () => {
    expect(fileIdOf('P', { ...object, versionId: 'v' })).toMatch(/^[0-9a-f]{32}$/);
    expect(fileIdOf('P', { ...object, versionId: 'v' })).toBe(fileIdOf('P', { ...object, versionId: 'v', etag: 'other', lastModified: 'other' }));
  });

  test.each([
    ['pipeline', fileIdOf('Q', object)],
    ['key', fileIdOf('P', { ...object, key: 'incoming/b.csv' })],
    ['ETag', fileIdOf('P', { ...object, etag: 'f' })],
    ['time of change', fileIdOf('P', { ...object, lastModified: '2026-01-02T00:00:00.000Z' })],
    ['version', fileIdOf('P', { ...object, versionId: 'v' })],
  ])('differs with the %s', (_, id) => expect(id).not.toBe(fileIdOf('P', object)));
});

describe.each([['versions', true], ['no versions', false]])('in a bucket with %s', (_, versioned) => {
  const newWorld = () => new World(new MemorySource(versioned));

  test('claims the job with what is known about the object', async () => {
    const world = newWorld();
    const object = world.source.put('incoming/my file.csv', FILE);
    const output = await validateFile({ event: createdEvent(object), executionArn: 'arn-1' }, world.deps);
    expect(output).toEqual({ status: 'VALID', fileId: fileIdOf(CONTRACT.pipelineId, object) });
    expect(await world.job(output.fileId)).toMatchObject({
      status: 'PLANNING',
      file_name: 'my file.csv',
      bucket: 'landing',
      key: 'incoming/my file.csv',
      etag: object.etag,
      size_bytes: FILE.length,
      execution_arn: 'arn-1',
      schema_fingerprint: CONTRACT.fingerprint,
      ingest_date: '2026-11-21',
      run: 1,
    });
  });

  test('answers DUPLICATE to another execution, while the first one runs and after it', async () => {
    const world = newWorld();
    const event = createdEvent(world.source.put('incoming/a.csv', FILE));
    await validateFile({ event, executionArn: 'arn-1' }, world.deps);
    expect(await validateFile({ event, executionArn: 'arn-2' }, world.deps)).toMatchObject({ status: 'DUPLICATE' });

    const done = newWorld();
    const doneEvent = createdEvent(done.source.put('incoming/a.csv', FILE));
    await done.execute(doneEvent);
    const before = [...done.source.objects.keys()];
    // The object has been moved away by now.
    expect(await validateFile({ event: doneEvent, executionArn: 'late' }, done.deps)).toMatchObject({ status: 'DUPLICATE' });
    expect([...done.source.objects.keys()]).toEqual(before);
  });

  test('goes on when the same execution tries again', async () => {
    const world = newWorld();
    const event = createdEvent(world.source.put('incoming/a.csv', FILE));
    const first = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
    expect(await validateFile({ event, executionArn: 'arn-1' }, world.deps)).toEqual(first);
  });

  test('the same bytes sent again are another job', async () => {
    const world = newWorld();
    const first = await world.execute(createdEvent(world.source.put('incoming/a.csv', FILE)));
    const second = await world.execute(createdEvent(world.source.put('incoming/a.csv', FILE)));
    expect(second.status).toBe('SUCCEEDED');
    expect(second.fileId).not.toBe(first.fileId);
  });

  test('an object that is gone before its event is handled: the job fails and says so', async () => {
    const world = newWorld();
    const object = world.source.put('incoming/a.csv', FILE);
    world.source.remove(object.key);
    const ended = await world.execute(createdEvent(object));
    expect(ended).toMatchObject({ status: 'FAILED', errorCode: 'source_changed' });
    expect(await world.job(ended.fileId)).toMatchObject({
      status: 'FAILED', resumable: false, error_message: expect.stringMatching(/^expected object incoming\/a\.csv .*with ETag etag-1, got none: the object is gone$/),
    });
  });

  test('an object that is gone before the plan: the job fails and says so', async () => {
    const world = newWorld();
    const event = createdEvent(world.source.put('incoming/a.csv', csv(50)));
    const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
    world.source.remove('incoming/a.csv');
    expect(await planChunks({ fileId }, world.deps)).toEqual({ status: 'REJECTED', fileId });
    expect(await finalizeJob({ fileId }, world.deps)).toEqual({ status: 'FAILED', fileId });
    expect(await world.job(fileId)).toMatchObject({ status: 'FAILED', error_code: 'source_changed' });
  });
});

test('an object that was overwritten before its event is handled: its job fails, the newer object keeps its own', async () => {
  const world = new World(new MemorySource(false));
  const older = createdEvent(world.source.put('incoming/a.csv', FILE));
  const newer = createdEvent(world.source.put('incoming/a.csv', csv(7)));

  const failed = await world.execute(older);
  expect(failed).toMatchObject({ status: 'FAILED', errorCode: 'source_changed' });
  expect((await world.job(failed.fileId)).error_message).toMatch(/with ETag etag-1, got ETag etag-2$/);
  expect([...world.source.objects.keys()]).toEqual(['incoming/a.csv']);
  expect(await world.execute(newer)).toMatchObject({ status: 'SUCCEEDED' });
});

test('takes the version id null for what it is: a bucket without versions', async () => {
  const world = new World(new MemorySource(false));
  const event = createdEvent(world.source.put('incoming/a.csv', FILE));
  const withNull = { ...event, detail: { ...event.detail, object: { ...event.detail.object, 'version-id': 'null' } } };
  const { fileId } = await validateFile({ event: withNull, executionArn: 'arn-1' }, world.deps);
  expect((await world.job(fileId)).version_id).toBeUndefined();
});

test('ignores a directory marker', async () => {
  const world = new World();
  const event = createdEvent(world.source.put('incoming/2026/', ''));
  const output = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
  expect(output.status).toBe('IGNORED');
  expect(await world.jobs.job(output.fileId)).toBeUndefined();
});

describe('a resume', () => {
  test('of no job is refused', async () => {
    const world = new World();
    await expect(validateFile({ event: { resume: true, fileId: 'none' }, executionArn: 'arn-2' }, world.deps))
      .rejects.toThrow('expected a job none in the job table, got none');
  });

  test('of an open job is refused', async () => {
    const world = new World();
    const event = createdEvent(world.source.put('incoming/a.csv', FILE));
    const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
    await expect(validateFile({ event: { resume: true, fileId }, executionArn: 'arn-2' }, world.deps))
      .rejects.toThrow(`expected job ${fileId} to be FAILED and resumable, got PLANNING`);
  });

  test('of a job that was refused for its data is refused', async () => {
    const world = new World();
    const { fileId } = await world.execute(createdEvent(world.source.put('incoming/a.csv', 'id\n1\n')));
    await expect(validateFile({ event: { resume: true, fileId: fileId! }, executionArn: 'arn-2' }, world.deps))
      .rejects.toThrow(/got FAILED, not resumable: expected a header line/);
  });

  test('after its window is refused, for the open uploads may be gone', async () => {
    const world = new World(undefined, { resumeWindowSeconds: 0 });
    const event = createdEvent(world.source.put('incoming/a.csv', FILE));
    const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
    await closeJob({ executionArn: 'arn-1', error: { Error: 'Error', Cause: '{}' } }, world.deps);
    await expect(validateFile({ event: { resume: true, fileId }, executionArn: 'arn-2' }, world.deps))
      .rejects.toThrow(/^expected a resume of job .* until 2026-11-21T23:59:59\..*Z \(resumeWindow after its start\), got one at 2026-11-2.*: the parts/);
    expect(await world.job(fileId)).toMatchObject({ status: 'FAILED', resumable: true });
  });

  test('after its window goes forward where the job is committed', async () => {
    const world = new World(undefined, { resumeWindowSeconds: 0 });
    const event = createdEvent(world.source.put('incoming/a.csv', FILE));
    const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
    await closeJob({ executionArn: 'arn-1', error: { Error: 'Error', Cause: '{}' } }, world.deps);
    await world.output.putIfAbsent(`work/${fileId}/commit.json`, '{}');
    expect((await validateFile({ event: { resume: true, fileId }, executionArn: 'arn-2' }, world.deps)).status).toBe('VALID');
  });
});
