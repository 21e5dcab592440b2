import { App, Environment, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ResourceNames } from '../../src/pipeline/names';

function names(id: string, suffix?: string, region = 'eu-west-1'): ResourceNames {
  const stack = new Stack(new App(), 'Stack', { env: { account: '123456789012', region } });
  return new ResourceNames(new Construct(stack, id), suffix);
}

test('are {resource}-{purpose}-{suffix}, with account and region where these are not enough to be unique', () => {
  const some = names('BankTransactions', 'dev');
  expect(some.regional('table', 'jobs')).toBe('table-bank-transactions-jobs-dev');
  expect(some.role('plan-chunks')).toBe('role-bank-transactions-plan-chunks-eu-west-1-dev');
  expect(some.bucket()).toBe('bucket-bank-transactions-123456789012-eu-west-1-dev');
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

test('are generated without a suffix', () => {
  const some = names('Tap');
  expect([some.regional('table', 'jobs'), some.role('plan-chunks'), some.bucket()]).toEqual([undefined, undefined, undefined]);
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
  expect(some.bucket()!.length).toBeLessThanOrEqual(63);
  expect(some.role('validate-file')!.length).toBeLessThanOrEqual(64);
  expect(some.regional('function', 'validate-file')!.length).toBeLessThanOrEqual(64);
  expect(() => names('a'.repeat(17), 'b'.repeat(10))).toThrow(
    `environmentSuffix and the pipeline's id must have at most 26 characters together, got 27 ("${'b'.repeat(10)}", "${'a'.repeat(17)}")`);
});
