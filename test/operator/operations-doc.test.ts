/** docs/operations.md: its commands are ones that the command takes, its policy is what the clients call. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeAccount, fileIdOf, interrupted, job } from './fake-account';
import { readOperatorOptions, USAGES } from '../../src/operator/operator-options';

const ROOT = join(__dirname, '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'operations.md'), 'utf8');
const blocks = [...PAGE.matchAll(/^```(\w*)\n([^]*?)^```/gm)].map(([, language, text]) => ({ language, text }));
const commands = blocks.flatMap(({ text }) => text.split('\n')).filter((line) => line.startsWith('csv-chunk-pipeline ')).map((line) => line.split(' ').slice(1));
const documents = blocks.filter(({ language }) => language === 'json').map(({ text }) => JSON.parse(text) as Record<string, unknown>);

test('shows each command', () => {
  expect([...new Set(commands.map(([command]) => command))].sort()).toEqual(Object.keys(USAGES).sort());
});

test.each(commands)('csv-chunk-pipeline %s %s %s %s', (...args) => {
  expect(readOperatorOptions(args.filter((arg) => arg !== undefined))).toMatchObject({ command: args[0], pipeline: 'TapStack-dev/Tap-dev' });
});

test('the event that it shows is one that a redrive would start', async () => {
  const account = new FakeAccount();
  const [event] = documents;
  account.addLetter('m1', { ...event, 'source': 'aws.s3', 'detail-type': 'Object Created' });
  expect(await account.operate('redrive')).toBe(0);
  expect(account.started).toHaveLength(1);
});

test('the policy allows what the clients call, and no more', () => {
  const clients = { 'state-machine': 'states', 'dead-letters': 'sqs' };
  const calls = Object.entries(clients).flatMap(([file, service]) => (
    [...readFileSync(join(ROOT, 'src', 'aws', `${file}.client.ts`), 'utf8').matchAll(/new (\w+)Command\(/g)].map(([, command]) => `${service}:${command}`)
  ));
  const { Statement } = documents.find((document) => 'Statement' in document) as { Statement: Array<{ Action: string | string[] }> };
  // The table's client has writes too, which these commands do not use.
  expect(Statement.flatMap(({ Action }) => Action).sort())
    .toEqual([...calls, 'cloudformation:ListStackResources', 'dynamodb:GetItem', 'dynamodb:Query'].sort());
});

test('names each property of a line of --json', async () => {
  const account = new FakeAccount();
  account.add(
    job('1', 'PROCESSING'),
    job('2', 'FAILED', { ...interrupted, moved_to: 'failed/x', source_state: 'MOVED', rerun_of: fileIdOf('1'), report_key: 'reports/x' }),
  );
  await account.operate('jobs', '--json');
  const names = account.stdout.trim().split('\n').flatMap((line) => Object.keys(JSON.parse(line) as object));
  const paragraph = PAGE.slice(PAGE.indexOf('With `--json`')).split('\n\n')[0];
  const named = [...paragraph.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  expect(named.sort()).toEqual([...new Set(names)].sort());
});
