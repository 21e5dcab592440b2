import * as fs from 'node:fs';
import { version as CDK_VERSION } from 'aws-cdk-lib/package.json';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { got, InputError } from './input-error';

/** Where Terraform keeps the state, and the table that lets one `apply` at a time change it. */
export interface BackendSettings {
  readonly bucket: string;
  /** Of the state in the bucket; no two stacks have the same one. */
  readonly key: string;
  readonly region: string;
  readonly dynamodbTable: string;
}

/** A stack for one account and region, as a team writes it down. */
export interface Settings {
  /** The last part of every name: two deployments in one account and region differ in it. */
  readonly environmentSuffix: string;
  /**
   * `retain`: Terraform refuses to destroy what holds data, logs among it. `destroy`: everything goes with the stack,
   * the objects in the bucket too.
   *
   * @default retain
   */
  readonly removalPolicy?: 'retain' | 'destroy';
  readonly region: string;
  readonly accountId: string;
  /** Get an e-mail for each job that failed, and for each alarm. */
  readonly failureEmails: string[];
  readonly backend: BackendSettings;
}

/** The settings of each stack, by its name. They are checked when the stack is made. */
export function readSettings(file: string): Record<string, Settings> {
  const stacks = parse(read(file), file);
  checkObject(file, stacks);
  if (Object.keys(stacks).length === 0) throw new InputError(`${file} must hold the settings of a stack by its name, got none`);
  for (const name of Object.keys(stacks)) checkForm('the name of a stack', name, /^[A-Za-z][A-Za-z0-9-]{0,127}$/, 'letters, digits and hyphens, a letter first');
  return stacks;
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(`${file} must be a file of settings that can be read: ${(error as Error).message}`);
  }
}

function parse(text: string, file: string): Record<string, Settings> {
  try {
    return JSON.parse(text) as Record<string, Settings>;
  } catch (error) {
    throw new InputError(`${file} must be JSON: ${(error as Error).message}`);
  }
}

/**
 * What Terraform needs to know beyond the pipeline. The pipeline's own settings (the form of the suffix, its length,
 * the e-mail addresses) are checked by the construct.
 */
export function checkSettings(settings: Settings): Settings {
  checkObject('settings', settings);
  checkNames('settings', settings, ['environmentSuffix', 'removalPolicy', 'region', 'accountId', 'failureEmails', 'backend']);
  checkRegion('region', settings.region);
  checkForm('accountId', settings.accountId, /^\d{12}$/, '12 digits in a text');
  checkTextList('failureEmails', settings.failureEmails);
  checkBackend(settings.backend);
  checkText('environmentSuffix', settings.environmentSuffix, 'a text such as "dev"');
  if (![undefined, 'retain', 'destroy'].includes(settings.removalPolicy)) fail('removalPolicy', 'retain or destroy', settings.removalPolicy);
  return settings;
}

function checkBackend(backend: BackendSettings): void {
  if (backend === undefined) {
    throw new InputError('backend must be given (bucket, key, region, dynamodbTable), got none: without one Terraform would keep the state on this machine');
  }
  checkObject('backend', backend);
  checkNames('backend', backend, ['bucket', 'key', 'region', 'dynamodbTable']);
  checkForm('backend.bucket', backend.bucket, /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of an S3 bucket');
  checkForm('backend.key', backend.key, /^[^/](.*[^/])?$/, 'the key of an object, without a slash at its ends');
  checkRegion('backend.region', backend.region);
  checkForm('backend.dynamodbTable', backend.dynamodbTable, /^[A-Za-z0-9_.-]{3,255}$/, 'the name of a DynamoDB table');
}

function checkRegion(setting: string, value: unknown): void {
  const known = RegionInfo.regions.map(({ name }) => name);
  if (known.includes(value as string)) return;
  throw new InputError(`${setting} must be a region that aws-cdk-lib ${CDK_VERSION} knows, such as "us-east-1", ${got(value)}; a newer region needs a newer aws-cdk-lib`);
}

function checkForm(setting: string, value: unknown, form: RegExp, expected: string): void {
  if (typeof value !== 'string' || !form.test(value)) fail(setting, expected, value);
}

function checkText(setting: string, value: unknown, expected: string): void {
  if (typeof value !== 'string') fail(setting, expected, value);
}

function checkTextList(setting: string, value: unknown): void {
  if (!Array.isArray(value)) return fail(setting, 'a list of e-mail addresses', value);
  value.forEach((item, index) => checkText(`${setting}[${index}]`, item, 'an e-mail address'));
}

function checkObject(setting: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(setting, 'an object', value);
}

/** A setting with a typing error would have no effect, and nobody would know. */
function checkNames(setting: string, value: object, known: string[]): void {
  const unknown = Object.keys(value).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new InputError(`${setting} must have no others than ${known.join(', ')}, got ${unknown.join(', ')}`);
}

function fail(setting: string, expected: string, value: unknown): never {
  throw new InputError(`${setting} must be ${expected}, ${got(value)}`);
}
