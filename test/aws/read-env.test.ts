import { readEnv } from '../../src/aws/read-env';

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
