import { App, Environment, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { IResourceNaming, NamedResource } from '../../src';
import { ResourceNames } from '../../src/pipeline/names';

function names(id: string, suffix?: string, region = 'eu-west-1'): ResourceNames {
  const stack = new Stack(new App(), 'Stack', { env: { account: '123456789012', region } });
  return new ResourceNames(new Construct(stack, id), suffix);
}

test('are {resource}-{purpose}-{suffix}, with account and region where these are not enough to be unique', () => {
  const some = names('BankTransactions', 'dev');
  expect(some.regional('table', 'jobs')).toBe('table-bank-transactions-jobs-dev');
  expect(some.role('plan-chunks')).toBe('role-bank-transactions-plan-chunks-eu-west-1-dev');
  expect(some.bucket('data')).toBe('bucket-bank-transactions-123456789012-eu-west-1-dev');
});

test.each(['_Tap', 'Tap.', '--Tap--'])('of the id %s have no hyphen too many', (id) => {
  expect(names(id, 'dev').regional('table', 'jobs')).toBe('table-tap-jobs-dev');
});

test('an id of which no name can be made throws, but only where names are made', () => {
  expect(() => names('データ', 'dev')).toThrow('the pipeline\'s id must hold a letter A-Z or a digit, because names are made of it, got "データ"');
  names('データ');
});

describe('two pipelines of one app', () => {
  type Made = [id: string, suffix?: string, env?: Environment, scope?: string];

  const twice = (one: Made, other: Made) => {
    const app = new App();
    const stacks = new Map<string, Stack>();
    for (const [index, [id, suffix, env, scope = 'Stack']] of [one, other].entries()) {
      if (!stacks.has(scope)) stacks.set(scope, new Stack(app, scope, { env }));
      new ResourceNames(new Construct(new Construct(stacks.get(scope)!, `Team${index}`), id), suffix);
    }
  };
  const here = { account: '111111111111', region: 'eu-west-1' };

  test.each([['Tap', 'Tap'], ['MyTap', 'my-tap']])('%s and %s throw when all their names would be the same', (one, other) => {
    expect(() => twice([one, 'dev'], [other, 'dev'])).toThrow('the ids of two pipelines with one environmentSuffix in one account and region must differ '
      + `in letters or digits, got "Stack/Team1/${other}" and "Stack/Team0/${one}" (both make names like table-`);
  });

  test.each<[string, Environment | undefined]>([['one environment', here], ['an environment that is left open', undefined]])('two stacks in %s throw', (_, env) => {
    expect(() => twice(['Tap', 'dev', env, 'Orders'], ['Tap', 'dev', env, 'Refunds'])).toThrow('got "Refunds/Team1/Tap" and "Orders/Team0/Tap"');
  });

  test('two stacks in two regions or accounts may have the same names', () => {
    twice(['Tap', 'dev', here, 'Orders'], ['Tap', 'dev', { ...here, region: 'us-east-1' }, 'Standby']);
    twice(['Tap', 'dev', here, 'Orders'], ['Tap', 'dev', { ...here, account: '222222222222' }, 'Partner']);
  });

  test('may have one id with two suffixes, or without any', () => {
    twice(['Tap', 'dev'], ['Tap', 'qa']);
    twice(['Tap'], ['Tap']);
  });
});

test('that of a database has underscores, because Athena takes no hyphens', () => {
  expect(names('BankTap', 'dev-1').regional('database', 'catalog')).toBe('database_bank_tap_catalog_dev_1');
});

test('are generated without a suffix', () => {
  const some = names('Tap');
  expect([some.regional('table', 'jobs'), some.role('plan-chunks'), some.bucket('data')]).toEqual([undefined, undefined, undefined]);
});

test.each([
  ['Dev', 'environmentSuffix must be lower-case letters, digits and hyphens, got "Dev"'],
  ['', 'environmentSuffix must be lower-case letters, digits and hyphens, got ""'],
  ['-a', 'environmentSuffix must be lower-case letters, digits and hyphens, got "-a"'],
])('environmentSuffix "%s" throws', (suffix, message) => {
  expect(() => names('Tap', suffix)).toThrow(new Error(message));
});

test('the longest that fit are within the limits of S3 and IAM', () => {
  const some = names('a'.repeat(16), 'b'.repeat(10), 'us-isof-south-1');
  expect(some.bucket('data')!.length).toBeLessThanOrEqual(63);
  expect(some.role('validate-file')!.length).toBeLessThanOrEqual(64);
  expect(some.regional('function', 'validate-file')!.length).toBeLessThanOrEqual(64);
  expect(() => names('a'.repeat(17), 'b'.repeat(10))).toThrow(
    `environmentSuffix and the pipeline's id must have at most 26 characters together, got 27 ("${'b'.repeat(10)}", "${'a'.repeat(17)}")`);
});

describe('by a rule of the user\'s own', () => {
  const ruled = (rule: (resource: NamedResource) => string | undefined, suffix?: string, env?: { account: string; region: string }) => {
    const naming: IResourceNaming = { resourceName: rule };
    return new ResourceNames(new Construct(new Stack(new App(), 'Stack', { env }), 'BankTransactions'), suffix, naming);
  };
  const env = { account: '123456789012', region: 'eu-west-1' };

  test('each is what the rule makes of it', () => {
    const some = ruled(({ resourceType, part, pipelineName, environmentSuffix, account, region }) => (
      [environmentSuffix, pipelineName, part, resourceType, account, region].join('.').replaceAll(resourceType === 'bucket' ? '.' : '_', '-')), 'dev', env);
    expect(some.regional('table', 'jobs')).toBe('dev.bank-transactions.jobs.table.123456789012.eu-west-1');
    expect(some.bucket('output')).toBe('dev-bank-transactions-output-bucket-123456789012-eu-west-1');
  });

  test('the default name is there to begin with, without a suffix too', () => {
    expect(ruled(({ defaultName }) => `acme-${defaultName}`, 'dev', env).role('intake')).toBe('acme-role-bank-transactions-intake-eu-west-1-dev');
    expect(ruled(({ defaultName }) => defaultName, undefined, env).regional('table', 'jobs')).toBe('table-bank-transactions-jobs');
  });

  test('CloudFormation generates those that the rule leaves out, which from Python are null', () => {
    expect(ruled(() => undefined).regional('rule', 'sweep')).toBeUndefined();
    expect(ruled(() => null as unknown as undefined).regional('rule', 'sweep')).toBeUndefined();
  });

  test.each<[string, string, string, string]>([
    ['bucket', 'Data', 'data', 'must be lower-case letters, digits and hyphens, a letter or digit at both ends, got "Data"'],
    ['bucket', 'my.data', 'data', 'must be lower-case letters, digits and hyphens, a letter or digit at both ends, got "my.data"'],
    ['bucket', 'ab', 'data', 'must have at least 3 characters, got 2 ("ab")'],
    ['bucket', 'x'.repeat(64), 'data', `must have at most 63 characters, got 64 ("${'x'.repeat(64)}")`],
    ['bucket', 'sthree-data', 'data', 'must not begin or end as the names that S3 keeps for itself, got "sthree-data"'],
    ['bucket', 'data-s3alias', 'data', 'must not begin or end as the names that S3 keeps for itself, got "data-s3alias"'],
    ['table', 'jobs!', 'jobs', 'must be letters, digits, hyphens, underscores and points, got "jobs!"'],
    ['function', 'x'.repeat(65), 'close-job', `must have at most 64 characters, got 65 ("${'x'.repeat(65)}")`],
    ['role', 'a/b', 'intake', 'must be letters, digits and + = , . @ - _, got "a/b"'],
    ['log-group', 'aws/mine', 'close-job', 'must not begin with "aws/", got "aws/mine"'],
    ['state-machine', 'größe', 'workflow', 'must be letters, digits, hyphens and underscores, got "größe"'],
    ['queue', 'letters.fifo', 'dead-letters', 'must be letters, digits, hyphens and underscores, got "letters.fifo"'],
    ['queue', 'x'.repeat(76), 'dead-letters', `must have at most 75 characters, got 76 ("${'x'.repeat(76)}")`],
    ['database', 'my-data', 'catalog', 'must be lower-case letters, digits and underscores, got "my-data"'],
    ['alarm', 'fünf', 'failed', 'must be printable characters of ASCII, got "fünf"'],
    ['rule', '', 'sweep', 'must have at least 1 characters, got none'],
    ['rule', 5 as unknown as string, 'sweep', 'must be a text, got 5'],
  ])('a %s must not be %s', (type, name, part, message) => {
    const some = ruled(() => name);
    const named = () => type === 'bucket' ? some.bucket('data') : some.resourceName(type, part);
    expect(named).toThrow(new Error(`the name of the ${type} "${part}" of Stack/BankTransactions ${message}`));
  });

  test('account and region that are known at deployment only count as long as they may be', () => {
    const some = ruled(({ account, region }) => `${'x'.repeat(36)}${account}${region}`);
    expect(some.bucket('data')).toMatch(/^x{36}\$/);
    const longer = ruled(({ account, region }) => `${'x'.repeat(37)}${account}${region}`);
    expect(() => longer.bucket('data')).toThrow(/must have at most 63 characters, got 64 \(/);
  });

  test('no two resources of a type have one name, but the same one may be asked for twice', () => {
    const some = ruled(({ resourceType }) => `acme-${resourceType}`);
    expect(some.resourceName('queue', 'dead-letters')).toBe('acme-queue');
    expect(some.resourceName('queue', 'dead-letters')).toBe('acme-queue');
    expect(some.resourceName('topic', 'failures')).toBe('acme-topic');
    expect(() => some.resourceName('queue', 'uploads')).toThrow(new Error('the name of the queue "uploads" of Stack/BankTransactions must differ from that of '
      + '"dead-letters", got "acme-queue" for both (resourceNaming)'));
  });
});

test('names by the default that are too long for their service throw', () => {
  expect(() => names('a'.repeat(16), 'b'.repeat(10)).resourceName('role', 'something-with-a-long-name')).toThrow(
    /^the name of the role "something-with-a-long-name" of Stack\/a{16} must have at most 64 characters, got 69 \("role-/);
});
