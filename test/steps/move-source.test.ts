import { allOf, CONTRACT, createdEvent, csv, World } from './support/world';
import { PinnedObject } from '../../src/ports/source';
import { moveSource } from '../../src/steps/move-source';
import { planChunks } from '../../src/steps/plan-chunks';
import { validateFile } from '../../src/steps/validate-file';

test('leaves a newer file of the same key where it is', async () => {
  const world = new World('Unversioned');
  const copy = world.mover.copy.bind(world.mover);
  jest.spyOn(world.mover, 'copy').mockImplementation(async (...args) => {
    const copied = await copy(...args);
    world.land('incoming/a.csv', 'newer');
    return copied;
  });
  const { fileId } = await world.execute(createdEvent(world.land('incoming/a.csv', csv(3))));
  expect(world.landing.keys()).toEqual(['incoming/a.csv', `processed/${fileId}/a.csv`]);
});

test('ends well when the source is gone', async () => {
  const world = new World();
  const copy = world.mover.copy.bind(world.mover);
  jest.spyOn(world.mover, 'copy').mockImplementation(async (source, toKey) => {
    world.landing.delete(source.key, { versionId: source.versionId });
    return copy(source, toKey);
  });
  const { fileId, status } = await world.execute(createdEvent(world.land('incoming/a.csv', csv(3))));
  expect(status).toBe('SUCCEEDED');
  expect(await world.job(fileId)).toMatchObject({ source_state: 'GONE' });
  expect(await world.job(fileId)).not.toHaveProperty('moved_to');
});

test('puts the report beside a file that did not pass', async () => {
  const world = new World();
  const { fileId } = await world.execute(createdEvent(world.land('incoming/a.csv', 'wrong,header\n')));
  expect(world.landing.keys()).toEqual([`failed/${fileId}/a.csv`, `failed/${fileId}/a.csv.report.json`]);
  const report = JSON.parse(world.landing.text(`failed/${fileId}/a.csv.report.json`)!);
  expect(report).toMatchObject({ status: 'FAILED', errorCode: 'header_mismatch' });
});

test('takes away a source whose copy a try before this one has made', async () => {
  const world = new World();
  const copy = world.mover.copy.bind(world.mover);
  jest.spyOn(world.mover, 'copy').mockImplementation(async (...args) => {
    await copy(...args);
    return false;
  });
  const { fileId } = await world.execute(createdEvent(world.land('incoming/a.csv', csv(3))));
  expect(world.landing.keys()).toEqual([`processed/${fileId}/a.csv`]);
  expect(await world.job(fileId)).toMatchObject({ moved_to: `processed/${fileId}/a.csv` });
});

test('is done once', async () => {
  const world = new World();
  const { fileId } = await world.execute(createdEvent(world.land('incoming/a.csv', csv(3))));
  const copy = jest.spyOn(world.mover, 'copy');
  expect(await moveSource({ fileId: fileId! }, world.deps)).toEqual({ status: 'SUCCEEDED', fileId, errorCode: '', errorMessage: '' });
  expect(copy).not.toHaveBeenCalled();
});

test('refuses to move the source of a job that is open', async () => {
  const world = new World();
  const event = createdEvent(world.land('incoming/a.csv', csv(3)));
  const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
  await planChunks({ fileId }, world.deps);
  await expect(moveSource({ fileId }, world.deps)).rejects.toThrow(`expected job ${fileId} to have ended for good, got PROCESSING`);
});

test('leaves the same bytes, sent again to the same key while the first job ran, in a bucket without versions', async () => {
  const world = new World('Unversioned');
  const first = createdEvent(world.land('incoming/a.csv', csv(3)));
  const copy = world.mover.copy.bind(world.mover);
  let second: PinnedObject | undefined;
  jest.spyOn(world.mover, 'copy').mockImplementation(async (...args) => {
    const copied = await copy(...args);
    if (second === undefined) {
      world.pass(1000);
      second = world.land('incoming/a.csv', csv(3));
    }
    return copied;
  });
  const one = await world.execute(first);
  expect(one.status).toBe('SUCCEEDED');
  expect(second!.etag).toBe(first.detail.object.etag);
  expect(world.landing.keys()).toEqual(['incoming/a.csv', `processed/${one.fileId}/a.csv`]);
  expect(await world.job(one.fileId)).toMatchObject({ source_state: 'MOVED' });

  const two = await world.execute(createdEvent(second!));
  expect(two.status).toBe('SUCCEEDED');
  expect(two.fileId).not.toBe(one.fileId);
  expect(world.landing.keys()).toEqual([`processed/${one.fileId}/a.csv`, `processed/${two.fileId}/a.csv`].sort());
});

test.each([['succeeded', {}, 'processed'], ['failed', { schema: { fields: [{ name: 'other' }] } }, 'failed']])(
  'a source that cannot be deleted is kept: the job that has %s ends all the same, and says so', async (_, contract, folder) => {
    const world = new World('Enabled', contract);
    jest.spyOn(world.mover, 'delete').mockResolvedValue(false);
    const { fileId, status } = await world.execute(createdEvent(world.land('incoming/a.csv', csv(3))));
    expect(status).toBe(folder === 'failed' ? 'FAILED' : 'SUCCEEDED');
    expect(await world.job(fileId)).toMatchObject({ source_state: 'KEPT', moved_to: `${folder}/${fileId}/a.csv` });
    expect(world.landing.keys()).toContain('incoming/a.csv');
    expect(world.landing.keys()).toContain(`${folder}/${fileId}/a.csv`);
    expect(await world.eventNames(fileId!)).toContain('source-kept');
  });

test('refuses to move the source of a job that is to be resumed', async () => {
  const world = new World();
  const event = createdEvent(world.land('incoming/a.csv', csv(3)));
  await validateFile({ event, executionArn: 'arn-1' }, world.deps);
  world.pass(3 * 60_000);
  await world.sweep();
  const { file_id: fileId } = (await allOf(world.jobs.jobsByStatus('FAILED', 0)))[0];
  await expect(moveSource({ fileId }, world.deps)).rejects.toThrow(`expected job ${fileId} to have ended for good, got FAILED, to be resumed`);
});

test('goes where the job was to go when it ended, whatever was deployed since', async () => {
  const world = new World();
  jest.spyOn(world.mover, 'copy').mockRejectedValueOnce(new Error('slow down'));
  const { fileId } = await world.execute(createdEvent(world.land('incoming/a.csv', csv(3))), 1);
  const deployed = { ...CONTRACT, prefixes: { ...CONTRACT.prefixes, processed: 'done/' } };
  expect(await moveSource({ fileId: fileId! }, { ...world.deps, contract: deployed })).toMatchObject({ status: 'SUCCEEDED' });
  expect(world.landing.keys()).toEqual([`processed/${fileId}/a.csv`]);
});
