import { App, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ResourceNames } from '../../src/pipeline/names';

function names(id: string, suffix?: string): ResourceNames {
  const stack = new Stack(new App(), 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
  return new ResourceNames(new Construct(stack, id), suffix);
}

test('are {resource}-{purpose}-{suffix}, with account and region where these are not enough to be unique', () => {
  const some = names('BankTransactions', 'dev');
  expect(some.regional('table', 'jobs')).toBe('table-bank-transactions-jobs-dev');
  expect(some.role('plan-chunks')).toBe('role-bank-transactions-plan-chunks-eu-west-1-dev');
  expect(some.bucket()).toBe('bucket-bank-transactions-123456789012-eu-west-1-dev');
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
  const some = names('a'.repeat(17), 'b'.repeat(10));
  expect(some.bucket()!.length).toBeLessThanOrEqual(63);
  expect(some.role('validate-file')!.length).toBeLessThanOrEqual(64);
  expect(some.regional('function', 'validate-file')!.length).toBeLessThanOrEqual(64);
  expect(() => names('a'.repeat(18), 'b'.repeat(10))).toThrow(
    `environmentSuffix and the pipeline's id must have at most 27 characters together, got 28 ("${'b'.repeat(10)}", "${'a'.repeat(18)}")`);
});
