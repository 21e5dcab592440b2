import { FakeAccount, NOW } from './fake-account';

const PRIMARY = 'us-east-1';
const STANDBY = 'eu-west-1';

function account(own = STANDBY): FakeAccount {
  const made = new FakeAccount();
  made.regions = { own, primary: PRIMARY };
  return made;
}

const fenceOf = async ({ table }: FakeAccount) => table.fence();

test('says what the switch means, and does nothing without --yes', async () => {
  const of = account();
  expect(await of.operate('activate', '--region', STANDBY)).toBe(1);
  expect(of.askedRegion).toBe(STANDBY);
  expect(of.stdout.split('\n')[0]).toBe('the active region is us-east-1, the primary, since nobody has ever switched');
  expect(of.stdout).toContain('us-east-1 changes no job any more');
  expect(of.stdout).toContain('15 minutes after the switch it takes over what us-east-1 has not ended');
  expect(of.stdout).toContain('is published once more, under another file id');
  expect(of.stderr).toBe('csv-chunk-pipeline: expected --yes, because the switch may have files published twice; nothing is changed\n');
  expect(await fenceOf(of)).toBeUndefined();
});

test('with --yes the region is the active one, and back again', async () => {
  const of = account();
  expect(await of.operate('activate', '--region', STANDBY, '--yes')).toBe(0);
  expect(of.stdout).toContain('eu-west-1 is the active region (switch 1)\n');
  expect(await fenceOf(of)).toMatchObject({ active_region: STANDBY, epoch: 1, since: NOW });

  of.stdout = '';
  expect(await of.operate('activate', '--region', STANDBY, '--yes')).toBe(0);
  expect(of.stdout).toBe('eu-west-1 is the active region already, since 2026-11-29T12:00:00.000Z (switch 1)\n');

  of.stdout = '';
  expect(await of.operate('activate', '--region', PRIMARY, '--yes')).toBe(0);
  expect(of.stdout.split('\n')[0]).toBe('the active region is eu-west-1, since 2026-11-29T12:00:00.000Z (switch 1)');
  expect(await fenceOf(of)).toMatchObject({ active_region: PRIMARY, epoch: 2 });
});

test('of two that switch at the same time the second is told so', async () => {
  const of = account();
  jest.spyOn(of.table, 'fence').mockResolvedValueOnce(undefined);
  await of.table.moveFence({ activeRegion: PRIMARY, epoch: 1, since: NOW });
  expect(await of.operate('activate', '--region', STANDBY, '--yes')).toBe(1);
  expect(of.stderr).toContain('expected nobody else to switch at the same time, got another switch');
  expect(await fenceOf(of)).toMatchObject({ active_region: PRIMARY, epoch: 1 });
});

test('a pipeline that has one region is not switched', async () => {
  const of = new FakeAccount();
  expect(await of.operate('activate', '--region', STANDBY, '--yes')).toBe(1);
  expect(of.stderr).toContain('expected a pipeline with disaster recovery, got one that has one region');
});

test.each([
  [[], 'expected --region to be the region that is to be active, such as eu-west-1, got none'],
  [['--region', 'Ireland'], 'expected --region to be the region that is to be active, such as eu-west-1, got Ireland'],
  [['--region', STANDBY, 'more'], 'expected no further argument, got more'],
])('%j is bad usage', async (args, message) => {
  const of = account();
  expect(await of.operate('activate', ...args)).toBe(2);
  expect(of.stderr).toContain(message);
});

test('jobs says which region is the active one, once somebody has switched', async () => {
  const of = account();
  await of.operate('jobs');
  expect(of.stdout).toBe('no jobs: 0 open, 0 to resume\n');
  await of.table.moveFence({ activeRegion: STANDBY, epoch: 1, since: NOW });
  of.stdout = '';
  await of.operate('jobs');
  expect(of.stdout.split('\n')[0]).toBe('active region: eu-west-1, since 2026-11-29T12:00:00.000Z (switch 1)');
});
