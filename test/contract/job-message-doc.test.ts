/** docs/notifications.md: its table is the message, its examples are such messages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JobMessage } from '../../src/contract/job-message';

const PAGE = readFileSync(join(__dirname, '../../docs/notifications.md'), 'utf8');
const ROWS = [...PAGE.matchAll(/^\| `(\w+)` \| (string|number|boolean) \| ([^|]+) \|/gm)].map(([, field, type, when]) => ({ field, type, when }));
const EXAMPLES = [...PAGE.matchAll(/^```json\n([^]*?)^```/gm)].map(([, json]) => JSON.parse(json) as JobMessage);

/** What each field is, and whether each message has it: a field that is missing here, or is none, does not compile. */
const FIELDS: { readonly [Name in keyof Required<JobMessage>]: undefined extends JobMessage[Name] ? ['optional', string] : ['always', string] } = {
  version: ['always', 'string'],
  pipelineId: ['always', 'string'],
  fileId: ['always', 'string'],
  run: ['always', 'number'],
  status: ['always', 'string'],
  bucket: ['always', 'string'],
  key: ['always', 'string'],
  versionId: ['optional', 'string'],
  sizeBytes: ['always', 'number'],
  moveTo: ['optional', 'string'],
  startedAt: ['always', 'string'],
  endedAt: ['always', 'string'],
  recordsRead: ['optional', 'number'],
  recordsWritten: ['optional', 'number'],
  recordsRejected: ['optional', 'number'],
  recordsFiltered: ['optional', 'number'],
  outputBucket: ['always', 'string'],
  outputPrefix: ['optional', 'string'],
  manifestKey: ['optional', 'string'],
  rejectedKey: ['optional', 'string'],
  reportKey: ['optional', 'string'],
  failureKind: ['optional', 'string'],
  errorCode: ['optional', 'string'],
  errorMessage: ['optional', 'string'],
  resumable: ['optional', 'boolean'],
  resumableUntil: ['optional', 'string'],
};

test('the table has a row for each field, with its type, and says which are always there', () => {
  expect(ROWS.map(({ field, type, when }) => [field, when === 'always' ? 'always' : 'optional', type])).toEqual(
    Object.entries(FIELDS).map(([field, [when, type]]) => [field, when, type]));
});

test('each example holds fields of the table, of their types, and all that are always there', () => {
  expect(EXAMPLES.map(({ status, failureKind }) => [status, failureKind])).toEqual([['SUCCEEDED', undefined], ['FAILED', 'DATA'], ['FAILED', 'INFRASTRUCTURE']]);
  for (const example of EXAMPLES) {
    const names = Object.keys(example);
    expect(names).toEqual(ROWS.map(({ field }) => field).filter((field) => names.includes(field)));
    for (const [field, [when, type]] of Object.entries(FIELDS)) {
      const value = example[field as keyof JobMessage];
      if (when === 'always' || value !== undefined) expect([field, typeof value]).toEqual([field, type]);
    }
  }
});
