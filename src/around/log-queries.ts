/** Saved queries of CloudWatch Logs Insights over the functions' logs, in the fields that each of their lines has. */

import { REJECT_CODES } from '../spec/error-codes';

export interface LogQuery {
  /** Ends the query's name in the console. */
  readonly name: string;
  /** What it answers. */
  readonly question: string;
  /** Commands, one a line. */
  readonly lines: readonly string[];
}

const ENDED = 'filter message = "the job has ended"';

export const LOG_QUERIES: readonly LogQuery[] = [
  {
    name: 'job-trail',
    question: 'What happened to one job, step by step? Put its file id in place of FILE_ID.',
    lines: [
      'fields @timestamp, step, chunkId, level, message, output.status, error.message',
      'filter fileId = "FILE_ID" or output.fileId = "FILE_ID"',
      'sort @timestamp asc',
      'limit 10000',
    ],
  },
  {
    name: 'failed-jobs',
    question: 'Which jobs failed, and why?',
    lines: ['fields @timestamp, fileId, errorCode, errorMessage', ENDED, 'filter status = "FAILED"', 'sort @timestamp desc', 'limit 1000'],
  },
  {
    name: 'rejects',
    question: 'Which jobs rejected records, how many, and by which code?',
    lines: [
      `fields @timestamp, fileId, status, recordsRead, recordsRejected, ${REJECT_CODES.map((code) => `rejectsByCode.${code}`).join(', ')}`,
      ENDED,
      'filter recordsRejected > 0',
      'sort recordsRejected desc',
      'limit 1000',
    ],
  },
  {
    name: 'errors',
    question: 'What did the functions fail on? Also where Lambda ended them.',
    lines: [
      'fields @timestamp, step, fileId, chunkId, error.message, @message',
      'filter level = "ERROR" or @message like /Task timed out|Runtime exited|Runtime.ExitError|OutOfMemory/',
      'sort @timestamp desc',
      'limit 1000',
    ],
  },
];
