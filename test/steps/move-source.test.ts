import { MemorySource } from './support/memory-source';
import { createdEvent, csv, World } from './support/world';
import { moveSource } from '../../src/steps/move-source';
import { planChunks } from '../../src/steps/plan-chunks';
import { validateFile } from '../../src/steps/validate-file';

test('leaves a newer file of the same key where it is', async () => {
  const world = new World(new MemorySource(false));
  const copy = world.source.copy.bind(world.source);
  jest.spyOn(world.source, 'copy').mockImplementation(async (...args) => {
    const copied = await copy(...args);
    world.source.put('incoming/a.csv', 'newer');
    return copied;
  });
  const { fileId } = await world.execute(createdEvent(world.source.put('incoming/a.csv', csv(3))));
  expect([...world.source.objects.keys()].sort()).toEqual(['incoming/a.csv', `processed/${fileId}/a.csv`]);
});

test('ends well when the source is gone', async () => {
  const world = new World();
  jest.spyOn(world.source, 'copy').mockResolvedValue(false);
  const { fileId, status } = await world.execute(createdEvent(world.source.put('incoming/a.csv', csv(3))));
  expect(status).toBe('SUCCEEDED');
  expect(await world.job(fileId)).not.toHaveProperty('moved_to');
});

test('puts the report beside a file that did not pass', async () => {
  const world = new World();
  const { fileId } = await world.execute(createdEvent(world.source.put('incoming/a.csv', 'wrong,header\n')));
  expect([...world.source.objects.keys()].sort()).toEqual([`failed/${fileId}/a.csv`, `failed/${fileId}/a.csv.report.json`]);
  const report = JSON.parse(world.source.objects.get(`failed/${fileId}/a.csv.report.json`)!.bytes.toString());
  expect(report).toMatchObject({ status: 'FAILED', errorCode: 'header_mismatch' });
});

test('takes away a source whose copy a try before this one has made', async () => {
  const world = new World();
  const copy = world.source.copy.bind(world.source);
  jest.spyOn(world.source, 'copy').mockImplementation(async (...args) => {
    await copy(...args);
    return false;
  });
  const { fileId } = await world.execute(createdEvent(world.source.put('incoming/a.csv', csv(3))));
  expect([...world.source.objects.keys()]).toEqual([`processed/${fileId}/a.csv`]);
  expect(await world.job(fileId)).toMatchObject({ moved_to: `processed/${fileId}/a.csv` });
});

test('is done once', async () => {
  const world = new World();
  const { fileId } = await world.execute(createdEvent(world.source.put('incoming/a.csv', csv(3))));
  const copy = jest.spyOn(world.source, 'copy');
  expect(await moveSource({ fileId: fileId! }, world.deps)).toEqual({ status: 'SUCCEEDED', fileId, errorCode: '', errorMessage: '' });
  expect(copy).not.toHaveBeenCalled();
});

test('refuses to move the source of a job that is open', async () => {
  const world = new World();
  const event = createdEvent(world.source.put('incoming/a.csv', csv(3)));
  const { fileId } = await validateFile({ event, executionArn: 'arn-1' }, world.deps);
  await planChunks({ fileId }, world.deps);
  await expect(moveSource({ fileId }, world.deps)).rejects.toThrow(`expected job ${fileId} to have ended for good, got PROCESSING`);
});
