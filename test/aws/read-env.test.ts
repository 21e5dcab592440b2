import { lambdaEnv, readEnv, readOptionalEnv } from '../../src/aws/read-env';

const NAMES = ['TEST_ENV_ONE', 'TEST_ENV_TWO'] as const;

afterEach(() => NAMES.forEach((name) => delete process.env[name]));

test('reads the variables that a handler needs', () => {
  process.env.TEST_ENV_ONE = '1';
  process.env.TEST_ENV_TWO = '2';
  expect(readEnv(NAMES)).toEqual({ TEST_ENV_ONE: '1', TEST_ENV_TWO: '2' });
});

test('fails when one is missing or empty, and names it', () => {
  process.env.TEST_ENV_ONE = '';
  expect(() => readEnv(NAMES)).toThrow('not set: TEST_ENV_ONE, TEST_ENV_TWO');
});

test('a variable that nobody has set is undefined, where it may be', () => {
  process.env.TEST_ENV_ONE = '1';
  expect(readOptionalEnv(NAMES)).toEqual({ TEST_ENV_ONE: '1', TEST_ENV_TWO: undefined });
});

test('what Lambda sets is seen as it is now', () => {
  const env = lambdaEnv();
  process.env.TEST_ENV_ONE = '2';
  expect(env.TEST_ENV_ONE).toBe('2');
});
