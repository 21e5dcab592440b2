/** What a person reads of a job that failed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JobMessage } from '../../src/contract/job-message';
import { failureNotice } from '../../src/steps/failure-notice';

const FILE_ID = '75cfa8b034dace552067eb9a1b59f03e';

const REFUSED: JobMessage = {
  version: '1',
  pipelineId: 'TapStack-dev/Tap-dev',
  fileId: FILE_ID,
  run: 1,
  status: 'FAILED',
  bucket: 'bank-landing',
  key: 'incoming/transactions-2026-11-21.csv',
  versionId: '3sL4kqtJlcpXroDTDmJ',
  sizeBytes: 104857600,
  moveTo: `failed/${FILE_ID}/transactions-2026-11-21.csv`,
  startedAt: '2026-11-21T06:00:02.114Z',
  endedAt: '2026-11-21T06:00:31.870Z',
  recordsRead: 1200000,
  recordsWritten: 1186411,
  recordsRejected: 13589,
  recordsFiltered: 0,
  outputBucket: 'bank-landing',
  rejectedKey: `quarantine/file_id=${FILE_ID}/rejected.csv`,
  reportKey: `reports/file_id=${FILE_ID}.json`,
  failureKind: 'DATA',
  errorCode: 'too_many_rejects',
  errorMessage: 'expected at most 1 % rejected records, got 13589 of 1200000',
  resumable: false,
};

const INTERRUPTED: JobMessage = {
  version: '1',
  pipelineId: 'TapStack-dev/Tap-dev',
  fileId: FILE_ID,
  run: 1,
  status: 'FAILED',
  bucket: 'bank-landing',
  key: 'incoming/transactions-2026-11-21.csv',
  versionId: '3sL4kqtJlcpXroDTDmJ',
  sizeBytes: 104857600,
  startedAt: '2026-11-21T06:00:02.114Z',
  endedAt: '2026-11-21T06:04:10.002Z',
  outputBucket: 'bank-landing',
  failureKind: 'INFRASTRUCTURE',
  errorCode: 'infrastructure',
  errorMessage: 'the execution ended as ABORTED',
  resumable: true,
  resumableUntil: '2026-11-24T06:00:02.114Z',
};

describe('the text', () => {
  test('of a file that was refused says what was expected and what came, where to look, and to correct and send again', () => {
    expect(failureNotice(REFUSED).text).toBe(`A file was refused: nothing of it is published.

Pipeline: TapStack-dev/Tap-dev
File:     s3://bank-landing/incoming/transactions-2026-11-21.csv
Version:  3sL4kqtJlcpXroDTDmJ
Size:     104857600 bytes
Job:      ${FILE_ID}, run 1
Started:  2026-11-21T06:00:02.114Z
Ended:    2026-11-21T06:00:31.870Z

Why (too_many_rejects):
expected at most 1 % rejected records, got 13589 of 1200000
Records: 1200000 read, 1186411 valid, 13589 rejected, 0 left out by the transform.

Report:           s3://bank-landing/reports/file_id=${FILE_ID}.json
Rejected records: s3://bank-landing/quarantine/file_id=${FILE_ID}/rejected.csv
The file goes to: s3://bank-landing/failed/${FILE_ID}/transactions-2026-11-21.csv

What to do: correct the file and send it again; it is a new job. Where the schema or the settings are wrong, deploy them, and process the file once more from where it lies:
  csv-chunk-pipeline rerun --pipeline TapStack-dev/Tap-dev ${FILE_ID}
`);
  });

  test('of a job that was interrupted says how to resume it, and until when', () => {
    expect(failureNotice(INTERRUPTED).text).toBe(`A job was interrupted: nothing of its file is published yet. The data is not to blame.

Pipeline: TapStack-dev/Tap-dev
File:     s3://bank-landing/incoming/transactions-2026-11-21.csv
Version:  3sL4kqtJlcpXroDTDmJ
Size:     104857600 bytes
Job:      ${FILE_ID}, run 1
Started:  2026-11-21T06:00:02.114Z
Ended:    2026-11-21T06:04:10.002Z

Why (infrastructure):
the execution ended as ABORTED

What to do: mend the cause, then resume the job, until 2026-11-24T06:00:02.114Z:
  csv-chunk-pipeline resume --pipeline TapStack-dev/Tap-dev ${FILE_ID}
`);
  });

  test('leaves out what is not known', () => {
    const { text } = failureNotice({ ...INTERRUPTED, versionId: undefined, resumableUntil: undefined });
    expect(text).not.toContain('Version');
    expect(text).toContain('then resume the job:\n');
    expect(text).not.toMatch(/undefined|\n\n\n/);
  });

  test.each([
    ['a file that is gone', 'source_changed', 'send the file again', 'rerun'],
    ['a resume that came too late', 'resumed_too_late', 'process the file once more from where it lies', 'correct the file'],
  ] as const)('after %s says what helps, and nothing else', (_, errorCode, helps, doesNot) => {
    const { text } = failureNotice({ ...REFUSED, errorCode });
    const whatToDo = text.slice(text.indexOf('What to do'));
    expect(whatToDo).toContain(helps);
    expect(whatToDo).not.toContain(doesNot);
  });

  test('shows what cannot be seen, and holds no control character but its own line ends', () => {
    const { text } = failureNotice({ ...REFUSED, key: 'incoming/a\nWhat to do: nothing\u202e\u0007.csv', errorMessage: 'got "\u00a0"\u001b[31m' });
    expect(text).toContain('s3://bank-landing/incoming/a\\nWhat to do: nothing\\u202e\\u0007.csv');
    expect(text).toContain('got "\\u00a0"\\u001b[31m');
    // eslint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  test('quotes a pipeline\'s id that a shell would not take for one word', () => {
    expect(failureNotice({ ...INTERRUPTED, pipelineId: 'Stack/it\'s $(x)' }).text).toContain('--pipeline \'Stack/it\'\\\'\'s $(x)\' ');
  });
});

test('docs/notifications.md shows these texts, and these messages', () => {
  const page = readFileSync(join(__dirname, '../../docs/notifications.md'), 'utf8');
  for (const message of [REFUSED, INTERRUPTED]) {
    expect(page).toContain(`\`\`\`text\n${failureNotice(message).text}\`\`\``);
    expect(page).toContain(`\`\`\`json\n${JSON.stringify(message, undefined, 2)}\n\`\`\``);
  }
  expect(page).toContain(`Subject: \`${failureNotice(REFUSED).subject}\``);
});

describe('the subject', () => {
  const subjectOf = (changes: Partial<JobMessage>) => failureNotice({ ...REFUSED, ...changes }).subject;

  test('names file and error', () => {
    expect(subjectOf({})).toBe('Job failed: transactions-2026-11-21.csv (too_many_rejects)');
  });

  test.each([
    ['a long name', 'incoming/' + 'x'.repeat(900) + '.csv'],
    ['letters beyond ASCII', 'incoming/Umsätze-日本-😀.csv'],
    ['line ends and controls', 'incoming/a\r\nBcc: b@example.com\u0000\u007f.csv'],
    ['half a character', 'incoming/\ud800.csv'],
    ['a long name beyond ASCII', 'incoming/' + '日'.repeat(300)],
  ])('is printable ASCII of less than 100 characters: %s', (_, key) => {
    for (const errorCode of ['too_many_rejects', 'empty_file'] as const) {
      expect(subjectOf({ key, errorCode })).toMatch(/^Job failed: [ -~]{1,87}$/);
      expect(subjectOf({ key, errorCode })).toContain(`(${errorCode})`);
    }
  });

  test('shows what is not ASCII as question marks', () => {
    expect(subjectOf({ key: 'incoming/Umsätze-😀.csv' })).toBe('Job failed: Ums?tze-?.csv (too_many_rejects)');
  });
});

test('attributes are what subscriptions filter by', () => {
  expect(failureNotice(REFUSED).attributes).toEqual({ pipelineId: 'TapStack-dev/Tap-dev', errorCode: 'too_many_rejects', failureKind: 'DATA' });
});

test('the longest key and message stay far below what SNS takes, 256 KiB', () => {
  const { text } = failureNotice({ ...REFUSED, key: 'incoming/' + '\u0001'.repeat(1000), errorMessage: '\u0001'.repeat(4000) });
  expect(Buffer.byteLength(text)).toBeLessThan(64 * 1024);
});
