/**
 * Wrong settings are a clear error when the stack is synthesized, never a configuration that Terraform fails on later.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { newApp, OPEN, SETTINGS } from './synthesized';
import { Deployment } from '../lib/deployment';
import { InputError } from '../lib/input-error';
import { checkSettings, readSettings, Settings } from '../lib/settings';
import { TapStack } from '../lib/tap-stack';

const { backend } = SETTINGS;

/** As JSON may have it, or JavaScript. */
const wrong = (settings: object) => ({ ...SETTINGS, ...settings }) as unknown as Settings;

const { version } = JSON.parse(fs.readFileSync(require.resolve('aws-cdk-lib/package.json'), 'utf8'));
const regionMessage = (setting: string, value: string) => (
  `${setting} must be a region that aws-cdk-lib ${version} knows, such as "us-east-1", got ${value}; a newer region needs a newer aws-cdk-lib`);

test.each<[string, Settings, string]>([
  ['no backend', wrong({ backend: undefined }), 'backend must be given (bucket, key, region, dynamodbTable), got none: without one Terraform would keep the state on this machine'],
  ['a backend that is a text', wrong({ backend: 's3' }), 'backend must be an object, got "s3"'],
  ['no backend, as null', wrong({ backend: null }), 'backend must be an object, got null'],
  ['a backend without a bucket', wrong({ backend: { ...backend, bucket: undefined } }), 'backend.bucket must be the name of an S3 bucket, got none'],
  ['a bucket that S3 does not take', wrong({ backend: { ...backend, bucket: 'My_Bucket' } }), 'backend.bucket must be the name of an S3 bucket, got "My_Bucket"'],
  ['a backend without a key', wrong({ backend: { ...backend, key: '' } }), 'backend.key must be the key of an object, without a slash at its ends, got ""'],
  ['a key that begins with a slash', wrong({ backend: { ...backend, key: '/a' } }), 'backend.key must be the key of an object, without a slash at its ends, got "/a"'],
  ['a backend without a lock table', wrong({ backend: { ...backend, dynamodbTable: undefined } }), 'backend.dynamodbTable must be the name of a DynamoDB table, got none'],
  ['a backend in no region', wrong({ backend: { ...backend, region: 'us-east' } }), regionMessage('backend.region', '"us-east"')],
  ['a setting of the backend that it does not know', wrong({ backend: { ...backend, lockTable: 'x' } }), 'backend must have no others than bucket, key, region, dynamodbTable, got lockTable'],
  ['a region that is none', wrong({ region: 'us-est-1' }), regionMessage('region', '"us-est-1"')],
  ['an availability zone', wrong({ region: 'us-east-1a' }), regionMessage('region', '"us-east-1a"')],
  ['no region', wrong({ region: undefined }), regionMessage('region', 'none')],
  ['an account of 11 digits', wrong({ accountId: '12345678901' }), 'accountId must be 12 digits in a text, got "12345678901"'],
  ['an account that is a number', wrong({ accountId: 123456789012 }), 'accountId must be 12 digits in a text, got 123456789012'],
  ['a removal policy of another kind', wrong({ removalPolicy: 'snapshot' }), 'removalPolicy must be retain or destroy, got "snapshot"'],
  ['one address without a list', wrong({ failureEmails: 'a@example.com' }), 'failureEmails must be a list of e-mail addresses, got "a@example.com"'],
  ['an address that is no text', wrong({ failureEmails: [1] }), 'failureEmails[0] must be an e-mail address, got 1'],
  ['no suffix', wrong({ environmentSuffix: undefined }), 'environmentSuffix must be a text such as "dev", got none'],
  ['a suffix that is a number', wrong({ environmentSuffix: 1 }), 'environmentSuffix must be a text such as "dev", got 1'],
  ['a setting that nobody knows', wrong({ suffix: 'x' }), 'settings must have no others than environmentSuffix, removalPolicy, region, accountId, failureEmails, backend, got suffix'],
  ['a form that is not for settings', wrong({ openToVariables: true }),
    'settings must have no others than environmentSuffix, removalPolicy, region, accountId, failureEmails, backend, got openToVariables'],
  ['no settings', undefined as unknown as Settings, 'settings must be an object, got none'],
])('%s is refused', (_, settings, message) => {
  expect(() => Deployment.fixed(settings)).toThrow(new InputError(message));
});

// With the messages of the construct itself.
test.each<[string, object, string]>([
  ['a suffix in upper case', { environmentSuffix: 'Dev' }, 'environmentSuffix must be lower-case letters, digits and hyphens, got "Dev"'],
  ['an empty suffix', { environmentSuffix: '' }, 'environmentSuffix must be lower-case letters, digits and hyphens, got ""'],
  ['a suffix that is too long', { environmentSuffix: 'a-very-long-environment-suffix' },
    'environmentSuffix and the pipeline\'s id must have at most 26 characters together, got 38 ("a-very-long-environment-suffix", "payments")'],
  ['an address that is none', { failureEmails: ['team'] }, 'failureEmails[0] must be an e-mail address, got "team"'],
  ['an address twice', { failureEmails: ['a@example.com', 'a@example.com'] }, 'failureEmails must name each address once, got "a@example.com" twice'],
])('%s is refused by the construct', (_, settings, message) => {
  expect(() => new TapStack(newApp(), 'Tap', Deployment.fixed(wrong(settings)))).toThrow(new InputError(message));
});

describe('two stacks of one app', () => {
  const other = (settings: object) => wrong({ backend: { ...backend, key: 'other' }, ...settings });
  const both = (one: Deployment, two: Deployment) => () => {
    const app = newApp();
    new TapStack(app, 'One', one);
    new TapStack(app, 'Two', two);
  };
  const NAMES = 'environmentSuffix must differ between stacks of one account and region, because it ends all names, got "test" for both One and Two';

  test('are refused with the same names', () => {
    expect(both(Deployment.fixed(SETTINGS), Deployment.fixed(other({})))).toThrow(NAMES);
  });

  test('are refused with names that may be the same', () => {
    const open = Deployment.open({ version: '1.2.3', environmentSuffix: 'test' });
    expect(both(open, Deployment.fixed(other({})))).toThrow(NAMES);
    expect(both(Deployment.fixed(SETTINGS), open)).toThrow(NAMES);
  });

  test('are refused with the same state', () => {
    expect(both(Deployment.fixed(SETTINGS), Deployment.fixed(wrong({ environmentSuffix: 'prod' }))))
      .toThrow('backend.key must differ between stacks whose states lie in one bucket, got "payments/test.tfstate" for both One and Two');
  });

  test.each([{ environmentSuffix: 'prod' }, { region: 'us-east-1' }, { accountId: '444455556666' }])('may differ in %j', (settings) => {
    expect(both(Deployment.fixed(SETTINGS), Deployment.fixed(other(settings)))).not.toThrow();
  });
});

test('right settings are taken', () => {
  for (const settings of [SETTINGS, { ...SETTINGS, removalPolicy: 'destroy' as const }]) expect(checkSettings(settings)).toBe(settings);
  expect(() => new TapStack(newApp(), 'Tap', OPEN)).not.toThrow();
});

test('the settings of the package are right', () => {
  for (const settings of Object.values(readSettings(path.join(__dirname, '..', 'settings.json')))) expect(checkSettings(settings)).toBe(settings);
});

test.each([
  ['is no JSON', '{ "a": }', 'must be JSON: '],
  ['is a list', '[]', 'must be an object, got []'],
  ['names no stack', '{}', 'must hold the settings of a stack by its name, got none'],
])('a file of settings that %s is named', (_, content, message) => {
  const file = path.join(newApp().outdir, 'settings.json');
  fs.writeFileSync(file, content);
  expect(() => readSettings(file)).toThrow(`${file} ${message}`);
});

test('a file of settings that is not there is named', () => {
  expect(() => readSettings('nowhere.json')).toThrow('nowhere.json must be a file of settings that can be read: ENOENT: no such file or directory');
});

test('a stack whose name AWS does not take is named', () => {
  const file = path.join(newApp().outdir, 'settings.json');
  fs.writeFileSync(file, JSON.stringify({ 'my stack': SETTINGS }));
  expect(() => readSettings(file)).toThrow('the name of a stack must be letters, digits and hyphens, a letter first, got "my stack"');
});
