import { App, Environment, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { CsvChunkPipeline, CsvChunkPipelineProps, DisasterRecovery, Intake, IResourceNaming, NamedResource, OutputBucket } from '../../src';
import { ResourceNames } from '../../src/pipeline/names';
import { newApp, SCHEMA } from '../synthesize';

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
      const some = new ResourceNames(new Construct(new Construct(stacks.get(scope)!, `Team${index}`), id), suffix);
      some.regional('table', 'jobs');
      some.bucket('data');
    }
    return [...stacks.values()].flatMap((stack) => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data)));
  };
  const here = { account: '111111111111', region: 'eu-west-1' };

  test.each([['Tap', 'Tap'], ['MyTap', 'my-tap']])('%s and %s throw when their names would be the same', (one, other) => {
    const name = one === 'Tap' ? 'table-tap-jobs-dev' : 'table-my-tap-jobs-dev';
    expect(() => twice([one, 'dev'], [other, 'dev'])).toThrow(new Error(`the name of the table "jobs" of Stack/Team1/${other} must differ from that of the table "jobs" of `
      + `Stack/Team0/${one} in the account and region, got "${name}" for both: give one of the pipelines another id (in letters or digits) or environmentSuffix, or let `
      + 'resourceNaming make use of pipelineName, part, account and region'));
  });

  test.each<[string, Environment | undefined]>([['one environment', here], ['an environment that is left open', undefined]])('two stacks in %s throw', (_, env) => {
    expect(() => twice(['Tap', 'dev', env, 'Orders'], ['Tap', 'dev', env, 'Refunds'])).toThrow('of Refunds/Team1/Tap must differ from that of the table "jobs" of Orders/Team0/Tap');
  });

  test('two stacks in two regions or accounts may have the same names', () => {
    expect(twice(['Tap', 'dev', here, 'Orders'], ['Tap', 'dev', { ...here, region: 'us-east-1' }, 'Standby'])).toEqual([]);
    expect(twice(['Tap', 'dev', here, 'Orders'], ['Tap', 'dev', { ...here, account: '222222222222' }, 'Partner'])).toEqual([]);
  });

  test.each<[string, Environment | undefined]>([['nowhere in particular', undefined], ['a region of any account', { region: 'eu-west-1' }]])(
    'one of a known environment and one of %s are warned of, once', (_, env) => {
      const expected = [expect.stringMatching(new RegExp('^the name of the table "jobs" of Any/Team1/Tap must differ from that of the table "jobs" of Orders/Team0/Tap in the account and region, '
        + 'got "table-tap-jobs-dev" for both, where the one whose stack can be deployed anywhere is deployed beside the other: give both stacks their account and region \\(env\\), '
        + 'or the pipelines different ids or environmentSuffixes'))];
      expect(twice(['Tap', 'dev', here, 'Orders'], ['Tap', 'dev', env, 'Any'])).toEqual(expected);
      expect(twice(['Tap', 'dev', here, 'Orders'], ['Tap', 'qa', env, 'Any'])).toEqual([]);
    });

  test('one of a known region and one of another region of any account are not warned of', () => {
    expect(twice(['Tap', 'dev', here, 'Orders'], ['Tap', 'dev', { region: 'us-east-1' }, 'Any'])).toEqual([]);
  });

  test('may have one id with two suffixes, or without any', () => {
    expect(twice(['Tap', 'dev'], ['Tap', 'qa'])).toEqual([]);
    expect(twice(['Tap'], ['Tap'])).toEqual([]);
  });
});

describe('of whole pipelines of one app', () => {
  const env = { account: '111111111111', region: 'eu-west-1' };
  const pipelines = (...made: Array<Partial<CsvChunkPipelineProps> & { id: string; stack?: string; env?: Environment }>) => {
    const app = newApp();
    for (const { id, stack = 'Stack', env: where, ...props } of made) {
      const scope = (app.node.tryFindChild(stack) as Stack | undefined) ?? new Stack(app, stack, { env: where });
      new CsvChunkPipeline(scope, id, { schema: SCHEMA, ...props });
    }
  };
  const OWN = { environmentSuffix: 'dev', outputBucket: OutputBucket.own() };
  const ruled = (rule: (resource: NamedResource) => string): IResourceNaming => ({ resourceName: rule });
  const withoutPipeline = ruled(({ resourceType, part }) => `x-${resourceType}-${part}`.replaceAll('_', '-'));

  test('the second bucket of one may not have the name of the first one of another', () => {
    const message = 'the name of the bucket "data" of Stack/TapOutput must differ from that of the bucket "output" of Stack/Tap anywhere, '
      + 'got "bucket-tap-output-${AWS::AccountId}-${AWS::Region}-dev" for both';
    expect(() => pipelines({ id: 'Tap', ...OWN }, { id: 'TapOutput', environmentSuffix: 'dev' })).toThrow(message);
    expect(() => pipelines({ id: 'TapOutput', environmentSuffix: 'dev' }, { id: 'Tap', ...OWN })).toThrow('of the bucket "data" of Stack/TapOutput anywhere');
  });

  test.each([['one stack', 'Stack'], ['two stacks', 'Other']])('a rule that does not tell them apart is refused, in %s', (_, stack) => {
    expect(() => pipelines({ id: 'Orders', resourceNaming: withoutPipeline }, { id: 'Refunds', stack, resourceNaming: withoutPipeline })).toThrow(
      new RegExp(`^the name of the queue "dead-letters" of ${stack}/Refunds must differ from that of the queue "dead-letters" of Stack/Orders in the account and region, `
        + 'got "x-queue-dead-letters" for both: give one of the pipelines another id .* or let resourceNaming make use of pipelineName'));
  });

  test('buckets that a rule names without account and region may not be in two of them, nor roles in two regions', () => {
    const rule = (...types: string[]) => ruled(({ resourceType, defaultName, part }) => types.includes(resourceType) ? `x-${resourceType}-${part}` : defaultName);
    const both = (resourceNaming: IResourceNaming, other: Environment) =>
      () => pipelines({ id: 'Tap', env, resourceNaming, stack: 'One' }, { id: 'Tap', env: other, resourceNaming, stack: 'Other' });
    expect(both(rule('bucket'), { account: '222222222222', region: 'us-east-1' })).toThrow('got "x-bucket-data" for both');
    expect(both(rule('role'), { ...env, region: 'us-east-1' })).toThrow(/^the name of the role .* in the account, got "x-role-/);
    expect(both(rule('role', 'queue'), { account: '222222222222', region: 'us-east-1' })).not.toThrow();
    expect(both(rule('queue', 'table'), { ...env, region: 'us-east-1' })).not.toThrow();
  });

  test('a rule that takes over the default names is refused beside them', () => {
    const resourceNaming = ruled(({ defaultName }) => defaultName);
    expect(() => pipelines({ id: 'Tap', environmentSuffix: 'dev' }, { id: 'tap', environmentSuffix: 'dev', resourceNaming })).toThrow(
      'the name of the queue "dead-letters" of Stack/tap must differ from that of the queue "dead-letters" of Stack/Tap');
    expect(() => pipelines({ id: 'Tap', environmentSuffix: 'dev' }, { id: 'Orders', environmentSuffix: 'dev', resourceNaming })).not.toThrow();
  });

  test('a pipeline and its standby in one app are no collision', () => {
    const props = { environmentSuffix: 'dev', outputBucket: OutputBucket.own() };
    expect(() => pipelines(
      { id: 'Tap', stack: 'Primary', env, ...props, disasterRecovery: DisasterRecovery.primary({ standbyRegion: 'us-east-1' }) },
      {
        id: 'Tap',
        stack: 'Standby',
        env: { ...env, region: 'us-east-1' },
        ...props,
        intake: Intake.manual(),
        disasterRecovery: DisasterRecovery.standby({ primaryRegion: 'eu-west-1', pipelineId: 'Primary/Tap-dev' }),
      })).not.toThrow();
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
      + 'the queue "dead-letters" of Stack/BankTransactions in the account and region, got "acme-queue" for both: let resourceNaming make use of the part'));
  });
});

test('names by the default that are too long for their service throw', () => {
  expect(() => names('a'.repeat(16), 'b'.repeat(10)).resourceName('role', 'something-with-a-long-name')).toThrow(
    /^the name of the role "something-with-a-long-name" of Stack\/a{16} must have at most 64 characters, got 69 \("role-/);
});
