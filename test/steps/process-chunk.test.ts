import { CONTRACT, createdEvent, csv, World } from './support/world';
import { ChunkOutcome } from '../../src/contract/job-item';
import { ChunkTask } from '../../src/contract/payloads';
import { FastPath } from '../../src/engine/fast/fast-path';
import { requireRoom } from '../../src/steps/chunk-output';
import { finalizeJob } from '../../src/steps/finalize-job';
import { planChunks } from '../../src/steps/plan-chunks';
import { processChunk } from '../../src/steps/process-chunk';
import { validateFile } from '../../src/steps/validate-file';

async function planned(file: string, world = new World('Unversioned', { maxRejectedRecords: 9 })) {
  const event = createdEvent(world.land('incoming/a.csv', file));
  const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
  const { manifestKey } = await planChunks({ fileId }, world.deps);
  const tasks = await world.output.getJson<ChunkTask[]>(manifestKey!);
  const chunk = async (index = 0) => world.jobs.chunk(fileId, tasks[index].chunkId);
  return { world, fileId, tasks, chunk };
}

test('returns {}, writes the result to the chunk item and leaves the upload open', async () => {
  const { world, fileId, tasks: [task], chunk } = await planned(csv(3, [1]));
  const open = jest.spyOn(world.output, 'openUpload');
  expect(await processChunk(task, world.deps)).toEqual({});
  expect(await chunk()).toMatchObject({
    chunk_status: 'SUCCEEDED',
    attempt: 1,
    result_attempt: 1,
    start: 0,
    actual_end: task.end,
    lines: 4,
    records_read: 3,
    records_written: 2,
    records_rejected: 1,
    rejects_by_code: { type: 1 },
    rejects_by_column: { id: 1 },
    part_key: `output/ingest_date=2026-11-21/file_id=${fileId}/part-00000.jsonl`,
    upload_id: world.openUploads()[0].uploadId,
    part_etags: [expect.stringMatching(/^"[0-9a-f]{32}"$/)],
    reject_shard_key: `work/${fileId}/rejects/chunk-0000000-1`,
  });
  expect(world.published()).toBe('');
  expect(open.mock.calls).toMatchObject([[expect.any(String), { metadata: { 'job-id': fileId, 'chunk-id': 'chunk-0000000', 'attempt': '1' } }]]);
  expect(world.metrics.get('BytesProcessed')).toBe(task.end);
});

test('makes no upload for a chunk without a valid record', async () => {
  const { world, tasks: [task], chunk } = await planned(csv(2, [0, 1]));
  await processChunk(task, world.deps);
  expect(await chunk()).toMatchObject({ chunk_status: 'SUCCEEDED', records_written: 0, records_rejected: 2 });
  expect(await chunk()).not.toHaveProperty('upload_id');
  expect(world.openUploads()).toEqual([]);
});

test('does not do a chunk again that has its result', async () => {
  const { world, tasks: [task], chunk } = await planned(csv(3));
  await processChunk(task, world.deps);
  const before = await chunk();
  await processChunk(task, world.deps);
  expect(await chunk()).toEqual(before);
});

test('does a chunk again that was given another byte range', async () => {
  const { world, tasks: [task], chunk } = await planned(csv(3));
  await processChunk(task, world.deps);
  await processChunk({ ...task, round: 2, end: 13 }, world.deps);
  expect(await chunk()).toMatchObject({ chunk_status: 'SUCCEEDED', attempt: 2, result_attempt: 2, generation: 12, end: 13, records_read: 1 });
});

describe('a worker of an earlier round', () => {
  test('that starts late leaves the repaired result as it is', async () => {
    const { world, tasks: [task], chunk } = await planned(csv(3));
    await processChunk({ ...task, round: 2, end: 13 }, world.deps);
    const repaired = await chunk();
    expect(await processChunk(task, world.deps)).toEqual({});
    expect(await chunk()).toEqual(repaired);
  });

  test.each(['SUCCEEDED', 'FAILED'])('that ends late (%s) changes nothing of the later round, and leaves nothing behind', async (end) => {
    const { world, tasks: [task], chunk } = await planned(csv(3));
    const method = end === 'SUCCEEDED' ? 'finishChunk' : 'failChunk';
    const original = world.jobs[method].bind(world.jobs) as (...args: unknown[]) => Promise<never>;
    if (end === 'FAILED') jest.spyOn(world.output, 'uploadPart').mockRejectedValueOnce(new Error('connection reset'));
    jest.spyOn(world.jobs, method).mockImplementationOnce(async (...args: unknown[]) => {
      await world.jobs.startChunk({ ...task, run: 2 }, 1, Infinity);
      return original(...args);
    });
    await processChunk(task, world.deps).catch(() => undefined);
    expect(await chunk()).toMatchObject({ chunk_status: 'PROCESSING', attempt: 2, generation: 20 });
    expect(world.openUploads()).toEqual([]);
  });
});

test('a worker of an earlier run that finds the source changed does not reject the later one', async () => {
  const { world, fileId, tasks: [task] } = await planned(csv(3));
  await world.jobs.changeJob(await world.job(fileId), { run: 2 }, { event: 'resumed', at: 1 });
  world.land('incoming/a.csv', csv(31));
  expect(await processChunk(task, world.deps)).toEqual({});
  expect(await world.job(fileId)).not.toHaveProperty('error_code');
});

test('a worker that failed or was too slow reports that, and not that its upload could not be aborted', async () => {
  const { world, tasks: [task], chunk } = await planned(csv(3));
  jest.spyOn(world.output, 'abortUpload').mockRejectedValue(new Error('abort refused'));
  jest.spyOn(world.jobs, 'finishChunk').mockImplementationOnce(async () => {
    await processChunk(task, world.deps);
    return false;
  });
  expect(await processChunk(task, world.deps)).toEqual({});
  expect(await chunk()).toMatchObject({ chunk_status: 'SUCCEEDED', result_attempt: 2 });
});

test('of two workers on one chunk the first one that finishes counts, the other leaves nothing behind', async () => {
  const { world, tasks: [task], chunk } = await planned(csv(3));
  const finish = world.jobs.finishChunk.bind(world.jobs);
  let twin: Promise<unknown> | undefined;
  jest.spyOn(world.jobs, 'finishChunk').mockImplementation(async (...args) => {
    // The slow worker has done its work when a second one starts, and finishes first.
    if (twin === undefined) await (twin = processChunk(task, world.deps));
    return finish(...args);
  });
  expect(await processChunk(task, world.deps)).toEqual({});
  expect(await chunk()).toMatchObject({ chunk_status: 'SUCCEEDED', attempt: 2, result_attempt: 2 });
  expect(world.openUploads()).toMatchObject([{ uploadId: (await chunk())?.upload_id }]);
});

test('fails the chunk with the message, throws for a retry, and aborts its upload', async () => {
  const { world, tasks: [task], chunk } = await planned(csv(3));
  jest.spyOn(world.output, 'uploadPart').mockRejectedValueOnce(new Error('connection reset'));
  await expect(processChunk(task, world.deps)).rejects.toThrow('connection reset');
  expect(await chunk()).toMatchObject({ chunk_status: 'FAILED', attempt: 1, error_message: 'connection reset' });
  expect(world.openUploads()).toEqual([]);

  await processChunk(task, world.deps);
  expect(await chunk()).toMatchObject({ chunk_status: 'SUCCEEDED', attempt: 2 });
  expect(await chunk()).not.toHaveProperty('error_message');
});

describe('where the result of a chunk cannot be written', () => {
  const throttled = async () => Promise.reject(new Error('throttled'));

  /** The first write of a result is heard of by nobody, and takes place when the test says so. */
  function holdBackFinish({ jobs }: World) {
    const finish = jobs.finishChunk.bind(jobs);
    const late = { write: async (): Promise<boolean> => Promise.reject(new Error('nothing was held back')) };
    jest.spyOn(jobs, 'finishChunk').mockImplementationOnce(async (...args) => {
      late.write = async () => finish(...args);
      throw new Error('timed out');
    });
    return late;
  }

  test('it is waited for as long as half of the time that is left', async () => {
    const { world, tasks: [task] } = await planned(csv(3));
    const finish = jest.spyOn(world.jobs, 'finishChunk');
    await processChunk(task, { ...world.deps, timeLeft: () => 700_000 });
    expect((finish.mock.calls[0] as unknown[])[3]).toBe(350_000);
  });

  test('but the start of a chunk is not: it would take the time that the chunk needs', async () => {
    const { world, tasks: [task] } = await planned(csv(3));
    const start = jest.spyOn(world.jobs, 'startChunk');
    await processChunk(task, { ...world.deps, timeLeft: () => 700_000 });
    expect(start.mock.calls[0]).toHaveLength(3);
  });

  test('nothing is left of the attempt, and the next one has its result', async () => {
    const { world, tasks: [task], chunk } = await planned(csv(3, [1]));
    jest.spyOn(world.jobs, 'finishChunk').mockImplementationOnce(throttled);
    await expect(processChunk(task, world.deps)).rejects.toThrow('throttled');
    expect(await chunk()).toMatchObject({ chunk_status: 'FAILED', error_message: 'throttled' });
    expect(world.openUploads()).toEqual([]);
    await processChunk(task, world.deps);
    expect(world.openUploads()).toMatchObject([{ uploadId: (await chunk())?.upload_id }]);
  });

  test('nobody knows whether it was written where nothing can be said to the table: its upload stays, and a write that comes late counts', async () => {
    const { world, tasks: [task], chunk } = await planned(csv(3));
    const late = holdBackFinish(world);
    jest.spyOn(world.jobs, 'failChunk').mockImplementationOnce(throttled);
    await expect(processChunk(task, world.deps)).rejects.toThrow('timed out');
    expect(world.openUploads()).toHaveLength(1);
    expect(await late.write()).toBe(true);
    await processChunk(task, world.deps);
    expect(await chunk()).toMatchObject({ chunk_status: 'SUCCEEDED', result_attempt: 1, upload_id: world.openUploads()[0].uploadId });
  });

  test('the result that was written all the same stands, with its upload: only its answer was lost', async () => {
    const { world, tasks: [task], chunk } = await planned(csv(3));
    const finish = world.jobs.finishChunk.bind(world.jobs);
    jest.spyOn(world.jobs, 'finishChunk').mockImplementationOnce(async (...args) => {
      await finish(...args);
      return throttled();
    });
    expect(await processChunk(task, world.deps)).toEqual({});
    expect(await chunk()).toMatchObject({ chunk_status: 'SUCCEEDED', result_attempt: 1 });
    expect(world.openUploads()).toMatchObject([{ uploadId: (await chunk())?.upload_id }]);
  });

  test('a write that comes after it was given up is refused: the next attempt has the chunk, and all is published though the source is gone', async () => {
    const { world, fileId, tasks, chunk } = await planned(csv(30));
    const late = holdBackFinish(world);
    await expect(processChunk(tasks[0], world.deps)).rejects.toThrow('timed out');
    const finish = world.jobs.finishChunk.bind(world.jobs);
    jest.spyOn(world.jobs, 'finishChunk').mockImplementationOnce(async (...args) => {
      // Just before the second attempt says the same.
      expect(await late.write()).toBe(false);
      return finish(...args);
    });
    for (const task of tasks) await processChunk(task, world.deps);
    const done = await chunk();
    expect(done).toMatchObject({ chunk_status: 'SUCCEEDED', attempt: 2, result_attempt: 2, discarded_attempts: [1] });
    expect(world.openUploads().map(({ uploadId }) => uploadId)).toContain(done?.upload_id);
    expect(world.openUploads()).toHaveLength(tasks.length);

    world.land('incoming/a.csv', csv(31));
    expect(await finalizeJob({ fileId }, world.deps)).toEqual({ status: 'PUBLISHED', fileId });
    expect(world.published().split('\n')).toHaveLength(31);
  });

  test('a write that comes before anything else does is refused too: the chunk has no result without an upload', async () => {
    const { world, tasks: [task], chunk } = await planned(csv(3));
    const late = holdBackFinish(world);
    await expect(processChunk(task, world.deps)).rejects.toThrow('timed out');
    expect(await late.write()).toBe(false);
    expect(await chunk()).toMatchObject({ chunk_status: 'FAILED', error_message: 'timed out' });
  });
});

test('the upload of an attempt that has no result is aborted, whatever the table answers', async () => {
  const { world, tasks: [task] } = await planned(csv(3));
  jest.spyOn(world.output, 'uploadPart').mockRejectedValueOnce(new Error('connection reset'));
  jest.spyOn(world.jobs, 'failChunk').mockRejectedValueOnce(new Error('throttled'));
  await expect(processChunk(task, world.deps)).rejects.toThrow('connection reset');
  expect(world.openUploads()).toEqual([]);
});

test('an object that changes in mid-job is a verdict on the data: nothing is tried again, nothing is published', async () => {
  const { world, fileId, tasks } = await planned(csv(30));
  await processChunk(tasks[0], world.deps);
  world.land('incoming/a.csv', csv(31));
  expect(await processChunk(tasks[1], world.deps)).toEqual({});
  expect(await world.job(fileId)).toMatchObject({ status: 'PROCESSING', error_code: 'source_changed' });

  expect(await finalizeJob({ fileId }, world.deps)).toEqual({ status: 'FAILED', fileId });
  expect(world.openUploads()).toEqual([]);
  expect(world.published()).toBe('');
  expect(await world.output.getJson(`reports/file_id=${fileId}.json`)).toMatchObject({ status: 'FAILED', errorCode: 'source_changed' });
});

test('a SCAN keeps the chunk\'s result, and is done once', async () => {
  const { world, tasks, chunk } = await planned(csv(30));
  await processChunk(tasks[1], world.deps);
  const before = await chunk(1);
  const scan: ChunkTask = { ...tasks[1], task: 'SCAN' };
  expect(await processChunk(scan, world.deps)).toEqual({});
  const after = await chunk(1);
  expect(after).toMatchObject({ ...before, updated_at: expect.any(Number), scan: expect.arrayContaining([{ start: scan.start, end: scan.end }]) });
  await processChunk(scan, world.deps);
  expect(await chunk(1)).toEqual(after);
});

test('works with the job\'s copy of the settings, not with what was deployed since', async () => {
  const { world, tasks: [task], chunk } = await planned(csv(3));
  const deployed = { ...CONTRACT, schema: { fields: [{ name: 'other' }] } };
  await processChunk(task, { ...world.deps, contract: deployed });
  expect(await chunk()).toMatchObject({ records_written: 3 });
});

test.each([true, false])('tries the fast path only where it is on: %s', async (fastPath) => {
  const { world, tasks: [task], chunk } = await planned(csv(3, [1]));
  const open = jest.spyOn(FastPath, 'open');
  await processChunk(task, { ...world.deps, fastPath });
  expect(open).toHaveBeenCalledTimes(fastPath ? 1 : 0);
  open.mockRestore();
  expect(await chunk()).toMatchObject({ records_read: 3, records_written: 2, rejects_by_code: { type: 1 } });
});

test('FinalizeJob throws when a chunk has no result', async () => {
  const { world, fileId, tasks } = await planned(csv(30));
  await processChunk(tasks[0], world.deps);
  await expect(finalizeJob({ fileId }, world.deps)).rejects.toThrow(`expected chunk-0000001 of job ${fileId} to be SUCCEEDED, got no item`);
});

test('FinalizeJob throws when a record is neither written nor rejected', async () => {
  const { world, fileId, tasks } = await planned(csv(3));
  jest.spyOn(world.jobs, 'chunks').mockImplementation(async function* (id) {
    const chunk = await world.jobs.chunk(id, 'chunk-0000000');
    if (chunk !== undefined) yield { ...chunk, records_read: 4 };
  });
  await processChunk(tasks[0], world.deps);
  await expect(finalizeJob({ fileId }, world.deps)).rejects.toThrow('of chunk-0000000 expected records read = written + rejected + filtered, got 4 = 3 + 0 + 0 (0 rejected by code, 0 by column)');
});

test('FinalizeJob does not take an object of another attempt for the one of an upload that is gone: the chunk runs again', async () => {
  const { world, fileId, tasks } = await planned(csv(3));
  await processChunk(tasks[0], world.deps);
  world.loseUploads();
  const again = async () => {
    const { status, manifestKey } = await finalizeJob({ fileId }, world.deps);
    expect(status).toBe('NEXT_ROUND');
    return world.output.getJson<ChunkTask[]>(manifestKey!);
  };
  const { planKey, start, end } = tasks[0];
  const expected = [{ fileId, chunkId: 'chunk-0000000', planKey, task: 'PROCESS', run: 1, round: 4, start, end, replaces: 1 }];
  expect(await again()).toEqual(expected);
  const { part_key: partKey } = (await world.jobs.chunk(fileId, 'chunk-0000000'))!;
  world.outputBucket.put(partKey!, '', { metadata: { 'job-id': fileId, 'chunk-id': 'chunk-0000000', 'attempt': '7' } });
  expect(await again()).toEqual(expected);

  await processChunk(expected[0] as ChunkTask, world.deps);
  expect(await finalizeJob({ fileId }, world.deps)).toEqual({ status: 'PUBLISHED', fileId });
  expect(world.published()).toBe('{"id":0,"text":"record 0"}\n{"id":1,"text":"record 1"}\n{"id":2,"text":"record 2"}\n');
});

test('work files lie under the job\'s own work prefix, and the job names the plan and the manifest that count', async () => {
  const { world, fileId } = await planned(csv(3));
  const { plan_key: plan, manifest_key: manifest } = await world.job(fileId);
  expect(world.outputBucket.keys('work/')).toEqual([manifest, plan]);
  expect(plan).toMatch(new RegExp(`^work/${fileId}/plan-[^/]+\\.json$`));
  expect(manifest).toMatch(new RegExp(`^work/${fileId}/manifest-1-0-[^/]+\\.json$`));
});

test('refuses a result that its item in the job table has no room for', () => {
  const outcome = (count: number) => ({
    part_etags: Array.from({ length: count }, () => `"${'e'.repeat(32)}"`),
  }) as unknown as ChunkOutcome;
  expect(() => requireRoom('chunk-0000000', outcome(7000))).not.toThrow();
  expect(() => requireRoom('chunk-0000000', outcome(9000)))
    .toThrow(/^expected the result of chunk-0000000 to take at most 300000 bytes in the job table, got \d+ \(9000 uploaded parts\): set a smaller chunkSize$/);
});
