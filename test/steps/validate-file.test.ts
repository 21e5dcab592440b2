import { CONTRACT, createdEvent, csv, VERSIONINGS, World } from './support/world';
import { fileIdOf } from '../../src/contract/file-id';
import { JobContract, JobPrefixes } from '../../src/contract/job-contract';
import { ChunkTask, ObjectCreatedEvent, ResumeRequest } from '../../src/contract/payloads';
import { PinnedObject } from '../../src/ports/source';
import { closeJob } from '../../src/steps/close-job';
import { finalizeJob } from '../../src/steps/finalize-job';
import { planChunks } from '../../src/steps/plan-chunks';
import { processChunk } from '../../src/steps/process-chunk';
import { validateFile } from '../../src/steps/validate-file';

const FILE = csv(5);
const ERROR = { Error: 'Error', Cause: '{"errorMessage":"out of memory"}' };

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

describe.each(VERSIONINGS)('in a bucket with %s', (_, versioning) => {
  const newWorld = () => new World(versioning);

  test('claims the job with what is known about the object', async () => {
    const world = newWorld();
    const object = world.land('incoming/my file.csv', FILE);
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
    const event = createdEvent(world.land('incoming/a.csv', FILE));
    await validateFile({ event, executionArn: 'arn-1' }, world.deps);
    expect(await validateFile({ event, executionArn: 'arn-2' }, world.deps)).toMatchObject({ status: 'DUPLICATE' });

    const done = newWorld();
    const doneEvent = createdEvent(done.land('incoming/a.csv', FILE));
    await done.execute(doneEvent);
    const before = done.landing.keys();
    // The object has been moved away by now.
    expect(await validateFile({ event: doneEvent, executionArn: 'late' }, done.deps)).toMatchObject({ status: 'DUPLICATE' });
    expect(done.landing.keys()).toEqual(before);
  });

  test('goes on when the same execution tries again', async () => {
    const world = newWorld();
    const event = createdEvent(world.land('incoming/a.csv', FILE));
    const first = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
    expect(await validateFile({ event, executionArn: 'arn-1' }, world.deps)).toEqual(first);
  });

  test('the same bytes sent again are another job', async () => {
    const world = newWorld();
    const first = await world.execute(createdEvent(world.land('incoming/a.csv', FILE)));
    world.pass(1000);
    const second = await world.execute(createdEvent(world.land('incoming/a.csv', FILE)));
    expect(second.status).toBe('SUCCEEDED');
    expect(second.fileId).not.toBe(first.fileId);
  });

  test('an object that is gone before its event is handled: the job fails and says so', async () => {
    const world = newWorld();
    const object = world.land('incoming/a.csv', FILE);
    world.landing.expire(object.key);
    const ended = await world.execute(createdEvent(object));
    expect(ended).toMatchObject({ status: 'FAILED', errorCode: 'source_changed' });
    expect(await world.job(ended.fileId)).toMatchObject({
      status: 'FAILED', resumable: false, error_message: expect.stringMatching(new RegExp(`^expected object incoming/a\\.csv .*with ETag ${object.etag}, got none: the object is gone$`)),
    });
  });

  test('an object that is gone before the plan: the job fails and says so', async () => {
    const world = newWorld();
    const event = createdEvent(world.land('incoming/a.csv', csv(50)));
    const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
    world.landing.expire('incoming/a.csv');
    expect(await planChunks({ fileId }, world.deps)).toEqual({ status: 'REJECTED', fileId });
    expect(await finalizeJob({ fileId }, world.deps)).toEqual({ status: 'FAILED', fileId });
    expect(await world.job(fileId)).toMatchObject({ status: 'FAILED', error_code: 'source_changed' });
  });
});

test('an object that was overwritten before its event is handled: its job fails, the newer object keeps its own', async () => {
  const world = new World('Unversioned');
  const older = createdEvent(world.land('incoming/a.csv', FILE));
  const newer = createdEvent(world.land('incoming/a.csv', csv(7)));

  const failed = await world.execute(older);
  expect(failed).toMatchObject({ status: 'FAILED', errorCode: 'source_changed' });
  expect((await world.job(failed.fileId)).error_message).toMatch(/with ETag ([0-9a-f]{32}), got ETag (?!\1)[0-9a-f]{32}$/);
  expect(world.landing.keys()).toEqual(['incoming/a.csv']);
  expect(await world.execute(newer)).toMatchObject({ status: 'SUCCEEDED' });
});

describe.each(VERSIONINGS)('a file under a key that another file takes, in a bucket with %s', (_, versioning) => {
  test('while its ValidateFile is tried again: each execution has the job of its own file', async () => {
    const world = new World(versioning);
    const event = createdEvent(world.land('incoming/a.csv', csv(5)));
    // Its answer is lost.
    const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
    world.pass(2000);
    const newer = createdEvent(world.land('incoming/a.csv', csv(7)));

    const again = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
    expect(again.fileId).toBe(fileId);
    expect((await world.allJobs()).map(({ file_id: id }) => id)).toEqual([fileId]);
    const second = await world.execute(newer);
    expect(second).toMatchObject({ status: 'SUCCEEDED' });
    expect(await world.job(second.fileId)).toMatchObject({ execution_arn: 'execution-1', records_read: 7 });
    expect((await world.allJobs()).map(({ file_id: id }) => id).sort()).toEqual([fileId, second.fileId!].sort());

    // A version is there for its job, whatever lies over it.
    const isThere = versioning === 'Enabled';
    expect(again.status).toBe(isThere ? 'VALID' : 'REJECTED');
    if (!isThere) await finalizeJob({ fileId }, world.deps);
    expect(await world.job(fileId)).toMatchObject(isThere ? { status: 'PLANNING' } : { status: 'FAILED', error_code: 'source_changed', resumable: false });
  });

  test('of whose event nothing but the key is known: a try again does not claim the other file as well', async () => {
    const world = new World(versioning);
    const { bucket, key } = world.land('incoming/a.csv', csv(5));
    const byHand: ObjectCreatedEvent = { detail: { bucket: { name: bucket }, object: { key } } };
    const { fileId } = await validateFile({ event: byHand, executionArn: 'arn-1' }, world.deps);
    world.pass(2000);
    const newer = createdEvent(world.land('incoming/a.csv', csv(7)));
    expect(await validateFile({ event: byHand, executionArn: 'arn-1' }, world.deps)).toEqual({ status: 'REJECTED', fileId });
    expect(await finalizeJob({ fileId }, world.deps)).toEqual({ status: 'FAILED', fileId });
    expect(await world.job(fileId)).toMatchObject({ error_code: 'source_changed' });
    const second = await world.execute(newer);
    expect(second).toMatchObject({ status: 'SUCCEEDED' });
    expect((await world.allJobs()).map(({ file_id: id }) => id).sort()).toEqual([fileId, second.fileId!].sort());
    expect(await world.job(second.fileId)).toMatchObject({ records_read: 7 });
  });
});

describe.each(VERSIONINGS)('a file that is started without its version, in a bucket with %s', (_, versioning) => {
  const withoutVersion = (object: PinnedObject) => createdEvent({ ...object, versionId: undefined });

  test.each([
    ['succeeded', csv(5), { status: 'DUPLICATE' }],
    ['failed', 'id\n1\n', { status: 'REFUSED', errorCode: 'StartRefused' }],
  ])('days after the sweep had it processed and moved away finds that job, which has %s', async (status, content, answer) => {
    const world = new World(versioning);
    const object = world.land('incoming/a.csv', content);
    world.pass(15 * 60_000);
    expect(await world.sweep()).toMatchObject({ started: 1 });
    const [{ fileId }] = await world.follow();
    expect(await world.job(fileId)).toMatchObject({ status: status.toUpperCase(), source_state: 'MOVED' });
    world.pass(5 * 86_400_000);
    expect(await validateFile({ event: withoutVersion(object), executionArn: 'arn-late' }, world.deps)).toMatchObject({ ...answer, fileId });
    expect((await world.allJobs()).map(({ file_id: id }) => id)).toEqual([fileId]);
    expect(world.announced.length).toBe(1);
  });

  test('by hand is the same job as by its event, whichever comes first', async () => {
    for (const isFirst of [true, false]) {
      const world = new World(versioning);
      const object = world.land('incoming/a.csv', FILE);
      const events = [withoutVersion(object), createdEvent(object)];
      const [first, second] = isFirst ? events : [...events].reverse();
      const { status, fileId } = await validateFile({ event: first, executionArn: 'arn-1' }, world.deps);
      expect([status, fileId]).toEqual(['VALID', fileIdOf(CONTRACT.pipelineId, object)]);
      expect(await validateFile({ event: second, executionArn: 'arn-2' }, world.deps)).toEqual({ status: 'DUPLICATE', fileId });
      expect((await world.allJobs()).length).toBe(1);
    }
  });

  test('after the same bytes were sent again finds the job of the last ones', async () => {
    const world = new World(versioning);
    const ids: Array<string | undefined> = [];
    let object: PinnedObject;
    for (let times = 0; times < 2; times++) {
      object = world.land('incoming/a.csv', FILE);
      ids.push((await world.execute(createdEvent(object))).fileId);
      world.pass(2000);
    }
    expect(await validateFile({ event: withoutVersion(object!), executionArn: 'arn-late' }, world.deps)).toEqual({ status: 'DUPLICATE', fileId: ids[1] });
    expect((await world.allJobs()).length).toBe(2);
  });
});

test('takes the version id null for what it is: a bucket without versions', async () => {
  const world = new World('Unversioned');
  const event = createdEvent(world.land('incoming/a.csv', FILE));
  const withNull = { ...event, detail: { ...event.detail, object: { ...event.detail.object, 'version-id': 'null' } } };
  const { fileId } = await validateFile({ event: withNull, executionArn: 'arn-1' }, world.deps);
  expect((await world.job(fileId)).version_id).toBeUndefined();
});

test('ignores a directory marker', async () => {
  const world = new World();
  const event = createdEvent(world.land('incoming/2026/', ''));
  const output = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
  expect(output.status).toBe('IGNORED');
  expect(await world.jobs.job(output.fileId)).toBeUndefined();
});

test('an event of a job that failed and can be resumed is refused, with how to resume it', async () => {
  const world = new World();
  const event = createdEvent(world.land('incoming/a.csv', FILE));
  const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
  await closeJob({ executionArn: 'arn-1', input: event, error: ERROR }, world.deps);
  const before = await world.job(fileId);
  expect(await validateFile({ event, executionArn: 'arn-2' }, world.deps)).toEqual({
    status: 'REFUSED',
    fileId,
    errorCode: 'StartRefused',
    errorMessage: `expected a file that has no job yet, got incoming/a.csv, whose job ${fileId} has failed (infrastructure: Error: out of memory): `
      + `to resume it start {"resume":true,"fileId":"${fileId}"}`,
  });
  expect(await world.job(fileId)).toEqual(before);
});

test.each(VERSIONINGS)('an event of a file that failed for its data is refused, with how to process it once more (%s)', async (_, versioning) => {
  const world = new World(versioning);
  const event = createdEvent(world.land('incoming/a.csv', 'id\n1\n'));
  const { fileId } = await world.execute(event);
  const output = await validateFile({ event, executionArn: 'arn-2' }, world.deps);
  expect(output).toMatchObject({ status: 'REFUSED', fileId, errorCode: 'StartRefused' });
  expect(output.errorMessage).toMatch(/^expected a file that has no job yet, got incoming\/a\.csv, whose job [0-9a-f]{32} has failed \(header_mismatch: expected a header line/);
  expect(output.errorMessage).toMatch(new RegExp(`\\) for good: upload the corrected file, or process this one once more with {"rerun":true,"fileId":"${fileId}"}$`));
  // The refused execution has ended as FAILED, and nothing comes of that.
  const ended = { detail: { executionArn: 'arn-2', status: 'FAILED' as const, input: JSON.stringify(event) } };
  expect(await closeJob(ended, world.deps)).toEqual({ status: 'NOTHING_TO_CLOSE', fileId });
  expect(world.announced.length).toBe(1);
});

test('an execution that was started with something else is refused', async () => {
  const world = new World();
  const output = await validateFile({ event: { resumed: true } as unknown as ResumeRequest, executionArn: 'arn-1' }, world.deps);
  expect(output).toMatchObject({ status: 'REFUSED', fileId: '', errorCode: 'StartRefused' });
  expect(output.errorMessage).toMatch(/^expected the execution to be started with an "Object Created" event of S3 .*, got {"resumed":true}$/);
});

describe('a resume', () => {
  const resume = async (world: World, fileId: string, run?: number) => validateFile({ event: { resume: true, fileId, run }, executionArn: 'arn-2' }, world.deps);

  async function interrupted(contract: Partial<JobContract> = {}) {
    const world = new World(undefined, contract);
    const event = createdEvent(world.land('incoming/a.csv', csv(20)));
    const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
    const close = async () => closeJob({ executionArn: 'arn-1', input: event, error: ERROR }, world.deps);
    return { world, event, fileId, close };
  }

  test('of no job is refused', async () => {
    expect(await resume(new World(), 'none'))
      .toEqual({ status: 'REFUSED', fileId: 'none', errorCode: 'StartRefused', errorMessage: 'expected a job none to resume, got none' });
  });

  test('of an open job is refused, and says who has it', async () => {
    const { world, fileId } = await interrupted();
    const before = await world.job(fileId);
    expect(await resume(world, fileId)).toMatchObject({
      status: 'REFUSED',
      errorMessage: `expected job ${fileId} to be FAILED and resumable, got PLANNING: execution arn-1 has it. `
        + 'If that has ended, the sweep closes the job, and it can be resumed then',
    });
    expect(await world.job(fileId)).toEqual(before);
  });

  test('of a job that was refused for its data is refused, and says how to process the file once more', async () => {
    const world = new World();
    const { fileId } = await world.execute(createdEvent(world.land('incoming/a.csv', 'id\n1\n')));
    const { status, errorMessage } = await resume(world, fileId!);
    expect(status).toBe('REFUSED');
    expect(errorMessage).toMatch(/to be FAILED and resumable, got FAILED for good \(header_mismatch: expected a header line/);
    expect(errorMessage).toMatch(new RegExp(`: to process its file once more start {"rerun":true,"fileId":"${fileId}"}$`));
  });

  test('of a job that succeeded is refused', async () => {
    const world = new World();
    const { fileId } = await world.execute(createdEvent(world.land('incoming/a.csv', FILE)));
    expect(await resume(world, fileId!)).toMatchObject({
      status: 'REFUSED',
      errorMessage: `expected job ${fileId} to be FAILED and resumable, got SUCCEEDED: to process its file once more start {"rerun":true,"fileId":"${fileId}"}`,
    });
  });

  test('that the pipeline has started for a run that is over does nothing', async () => {
    const { world, fileId, close } = await interrupted();
    await close();
    expect(await resume(world, fileId, 1)).toEqual({ status: 'VALID', fileId });
    const before = await world.job(fileId);
    expect(before.run).toBe(2);
    expect(await validateFile({ event: { resume: true, fileId, run: 1 }, executionArn: 'arn-3' }, world.deps)).toEqual({ status: 'DUPLICATE', fileId });
    expect(await world.job(fileId)).toEqual(before);
  });

  test('that the pipeline has started for a job that meanwhile ended does nothing', async () => {
    const world = new World();
    const { fileId } = await world.execute(createdEvent(world.land('incoming/a.csv', FILE)));
    expect(await resume(world, fileId!, 1)).toEqual({ status: 'DUPLICATE', fileId });
  });

  test('of two at once one goes on, and the other one says so', async () => {
    const { world, fileId, close } = await interrupted();
    await close();
    const both = await Promise.allSettled(['arn-2', 'arn-3'].map(async (executionArn) => validateFile({ event: { resume: true, fileId }, executionArn }, world.deps)));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await world.job(fileId)).toMatchObject({ status: 'PLANNING', run: 2 });
    // Its retry.
    expect(await validateFile({ event: { resume: true, fileId }, executionArn: 'arn-3' }, world.deps)).toMatchObject({ status: 'REFUSED' });
  });

  test('is done once by an execution that tries again', async () => {
    const { world, fileId, close } = await interrupted();
    await planChunks({ fileId }, world.deps);
    await close();
    const first = await resume(world, fileId);
    expect(first).toMatchObject({ status: 'RESUMED', manifestKey: expect.stringMatching(/manifest-2-0-/) });
    const second = await resume(world, fileId);
    expect(second.status).toBe('RESUMED');
    expect(await world.job(fileId)).toMatchObject({ status: 'PROCESSING', run: 2, manifest_key: second.manifestKey });
    expect(await world.output.getJson(second.manifestKey!)).toEqual(await world.output.getJson(first.manifestKey!));
  });

  describe('after its window, when open uploads and work files may be gone', () => {
    test('goes on with a job that was never planned: it has left nothing that could be gone', async () => {
      const { world, fileId, close } = await interrupted({ resumeWindowSeconds: 0 });
      await close();
      expect(await resume(world, fileId)).toEqual({ status: 'VALID', fileId });
      expect(await world.job(fileId)).toMatchObject({ status: 'PLANNING', run: 2 });
    });

    test.each([
      ['some chunks', 2, undefined],
      ['all chunks', undefined, undefined],
      ['all chunks, and were judged', undefined, 'put'],
    ] as const)('ends a job for good that has processed %s; its file can be processed once more', async (_, count, failing) => {
      const { world, fileId, close } = await interrupted({ resumeWindowSeconds: 3600, maxRejectedRecords: 5 });
      const { manifestKey } = await planChunks({ fileId }, world.deps);
      const tasks = await world.output.getJson<ChunkTask[]>(manifestKey!);
      for (const task of tasks.slice(0, count)) await processChunk(task, world.deps);
      if (failing !== undefined) {
        jest.spyOn(world.output, failing).mockRejectedValueOnce(new Error('slow down'));
        await expect(finalizeJob({ fileId }, world.deps)).rejects.toThrow('slow down');
        expect(await world.job(fileId)).toHaveProperty('records_read');
      }
      await close();
      world.pass(2 * 3600 * 1000);
      // Nothing of what the first run left is there any more.
      world.loseUploads();
      world.outputBucket.expire();

      expect(await world.execute({ resume: true, fileId })).toMatchObject({ status: 'FAILED', fileId, errorCode: 'resumed_too_late' });
      const job = await world.job(fileId);
      expect(job).toMatchObject({ status: 'FAILED', resumable: false, run: 2, moved_to: `failed/${fileId}/a.csv`, source_state: 'MOVED' });
      expect(job).not.toHaveProperty('records_read');
      expect(job.error_message).toMatch(new RegExp('^expected a resume until 2026-11-22T00:.*Z \\(resumeWindow after the job\'s start\\), got one at 2026-11-22T02:.*Z, '
        + `when what it has uploaded may be gone: to process the file once more start {"rerun":true,"fileId":"${fileId}"}$`));
      expect(await world.output.getJson(job.report_key!)).toMatchObject({ errorCode: 'resumed_too_late', recordsRead: 0, chunks: [] });
      expect(world.published()).toBe('');

      const again = await world.execute({ rerun: true, fileId });
      expect(again.status).toBe('SUCCEEDED');
      expect(await world.job(again.fileId)).toMatchObject({ records_read: 20, records_written: 20, run: 1 });
      expect(world.published().split('\n').length).toBe(21);
      expect(world.openUploads()).toEqual([]);
    });

    test('names the verdict that the data had', async () => {
      const { world, fileId, close } = await interrupted({ resumeWindowSeconds: 3600, schema: { fields: [{ name: 'id', type: 'integer' }, { name: 'text', type: 'integer' }] } });
      const { manifestKey } = await planChunks({ fileId }, world.deps);
      for (const task of await world.output.getJson<ChunkTask[]>(manifestKey!)) await processChunk(task, world.deps);
      jest.spyOn(world.output, 'put').mockRejectedValueOnce(new Error('slow down'));
      await expect(finalizeJob({ fileId }, world.deps)).rejects.toThrow('slow down');
      await close();
      expect(await world.job(fileId)).toMatchObject({ resumable: true, error_code: 'too_many_rejects' });
      world.pass(2 * 3600 * 1000);
      world.outputBucket.expire();

      expect(await world.execute({ resume: true, fileId })).toMatchObject({ status: 'FAILED', errorCode: 'resumed_too_late' });
      expect((await world.job(fileId)).error_message).toContain('may be gone (its verdict was too_many_rejects): to process');
      // The same verdict is reached anew by a job of its own.
      const again = await world.execute({ rerun: true, fileId });
      expect(again).toMatchObject({ status: 'FAILED', errorCode: 'too_many_rejects' });
      expect(world.rejectedCsv(again.fileId!)!.trimEnd().split('\n').length).toBe(21);
    });
  });

  test('within its window carries out a verdict that a failure kept from being carried out', async () => {
    const { world, fileId, close } = await interrupted();
    world.landing.expire('incoming/a.csv');
    expect(await planChunks({ fileId }, world.deps)).toEqual({ status: 'REJECTED', fileId });
    await close();
    expect(await world.job(fileId)).toMatchObject({ status: 'FAILED', resumable: true, error_code: 'source_changed' });
    expect(await resume(world, fileId)).toEqual({ status: 'REJECTED', fileId });
    expect(await finalizeJob({ fileId }, world.deps)).toEqual({ status: 'FAILED', fileId });
    expect(await world.job(fileId)).toMatchObject({ status: 'FAILED', resumable: false, error_code: 'source_changed' });
  });

  test('goes on with the plan that the job has, whatever was deployed since', async () => {
    const { world, fileId, close } = await interrupted();
    await planChunks({ fileId }, world.deps);
    const { plan_key: planKey } = await world.job(fileId);
    await close();
    const prefixes = Object.fromEntries(Object.entries(CONTRACT.prefixes).map(([name, prefix]) => [name, `new/${prefix}`])) as unknown as JobPrefixes;
    const deployed = { ...world.deps, contract: { ...CONTRACT, schema: { fields: [{ name: 'other' }] }, prefixes } };
    const { status, manifestKey } = await validateFile({ event: { resume: true, fileId }, executionArn: 'arn-2' }, deployed);
    expect(status).toBe('RESUMED');
    expect(manifestKey).toMatch(/^work\//);
    for (const task of await world.output.getJson<ChunkTask[]>(manifestKey!)) await processChunk(task, deployed);
    expect(await finalizeJob({ fileId }, deployed)).toEqual({ status: 'PUBLISHED', fileId });
    expect(await world.job(fileId)).toMatchObject({ plan_key: planKey, move_to: `processed/${fileId}/a.csv`, report_key: `reports/file_id=${fileId}.json` });
    expect(world.outputBucket.keys('').filter((key) => key.startsWith('new/'))).toEqual([]);
  });
});

describe('a file that is started by hand', () => {
  const started = (world: World, object: Partial<ObjectCreatedEvent['detail']['object']>) => {
    const event = createdEvent(world.land('incoming/a.csv', csv(3)));
    return { ...event, detail: { ...event.detail, object: { ...event.detail.object, ...object } } };
  };

  test.each(VERSIONINGS)('may have its ETag in quotes, as S3 answers (bucket with %s)', async (_, versioning) => {
    const world = new World(versioning);
    const { etag } = started(world, {}).detail.object;
    expect(await world.execute(started(world, { etag: `"${etag}"` }))).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('is known by its version, whatever else is said of it', async () => {
    const world = new World('Enabled');
    expect(await world.execute(started(world, { etag: 'of another file' }))).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('keeps its verdict where the answer of the claim was lost', async () => {
    const world = new World('Unversioned');
    const event = started(world, { size: undefined, etag: 'of another file' });
    const first = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
    expect(first.status).toBe('REJECTED');
    expect(await validateFile({ event, executionArn: 'arn-1' }, world.deps)).toEqual(first);
    expect(await world.job(first.fileId)).toMatchObject({ error_code: 'source_changed' });
  });
});
