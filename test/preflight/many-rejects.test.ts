/** The command, where the rejected records have no room in one file. */
import { existsSync, readFileSync } from 'node:fs';
import { commandInWorkspace } from './workspace';

/** Files of a few rows in place of 75 GB. */
jest.mock('../../src/steps/quarantine', () => {
  const actual = jest.requireActual<typeof import('../../src/steps/quarantine')>('../../src/steps/quarantine');
  const writeRejected: typeof actual.writeRejected = async (rejected, ...rest) => actual.writeRejected({ ...rejected, fullFrom: 600 }, ...rest);
  return { ...actual, writeRejected };
});

const { path, run, report } = commandInWorkspace();

test.each([['taken', '100%', 0], ['refused for them', '0', 1]])('a file that is %s has all of them, in files that the report names; the next run removes these', async (_, limit, status) => {
  const content = `id,text\n${Array.from({ length: 60 }, (__, id) => `${id % 3 === 0 ? 'x' : id},text ${id}\n`).join('')}`;
  expect(await run('in.csv', content, '--max-rejected', limit)).toBe(status);
  const { rejectedKey, furtherRejectedKeys, recordsRejected } = report();
  expect([rejectedKey, furtherRejectedKeys![0], recordsRejected]).toEqual(['quarantine/rejected.csv', 'quarantine/rejected-2.csv', 20]);
  const rows = [rejectedKey, ...furtherRejectedKeys!].flatMap((key) => readFileSync(path('out', key), 'utf8').trimEnd().split('\n').slice(1));
  expect(rows.map((row) => Number(row.split(',')[0]))).toEqual(Array.from({ length: 20 }, (__, index) => 2 + 3 * index));

  expect(await run('in.csv', 'id,text\n1,a\n')).toBe(0);
  expect(existsSync(path('out', 'quarantine', 'rejected-2.csv'))).toBe(false);
});
