/** Every code that a job fails with: what it is told as, counted as, and what people are told to do about it. */
import { ApiWorld } from './api-world';
import { JobMessage } from '../../../src/contract/job-message';
import { JobErrorCode } from '../../../src/spec/error-codes';
import { announceEnd, measureEnd } from '../../../src/steps/end-job';

const REFUSED = {
  kind: 'DATA',
  metrics: ['JobsFailed', 'JobsRejected'],
  headline: /^A file was refused/,
  notice: /^What to do: correct the file and send it again; .* process the file once more from where it lies:\n {2}csv-chunk-pipeline rerun /,
  status: /^correct the file and upload it again; .*POST \/trigger {"action":"rerun"/,
  conflict: /correct the file and upload it again, or deploy what was wrong and rerun the job$/,
} as const;
const INTERRUPTED = {
  kind: 'INFRASTRUCTURE',
  metrics: ['JobsFailed', 'JobsInterrupted'],
  headline: /^A job was interrupted: .* The data is not to blame/,
  notice: /^What to do: mend the cause, then resume the job:\n {2}csv-chunk-pipeline resume /,
  status: /^nothing is wrong with the file: mend the cause and POST \/trigger {"action":"resume"/,
  conflict: undefined,
} as const;

/** A code that is missing here does not compile. */
const EXPECTED: Readonly<Record<JobErrorCode, {
  readonly kind: JobMessage['failureKind'];
  readonly metrics: readonly string[];
  readonly headline: RegExp;
  readonly notice: RegExp;
  /** `whatToDo` of GET /status. */
  readonly status: RegExp;
  /** The message of the 409 for a resume; undefined where it is resumed. */
  readonly conflict?: RegExp;
}>> = {
  empty_file: REFUSED,
  not_text: REFUSED,
  header_mismatch: REFUSED,
  line_terminator: REFUSED,
  bad_gzip: REFUSED,
  bad_zstd: REFUSED,
  bad_zip: REFUSED,
  bad_json: REFUSED,
  too_large: REFUSED,
  source_changed: {
    ...REFUSED,
    notice: /^What to do: send the file again\. One that came in its place has a job of its own\.\n$/,
    status: /^upload the file again; one that came in its place has a job of its own$/,
    conflict: /: upload the file again; one that came in its place has a job of its own$/,
  },
  too_many_rejects: REFUSED,
  nothing_to_publish: REFUSED,
  footer_not_found: REFUSED,
  too_many_duplicates: REFUSED,
  infrastructure: INTERRUPTED,
  resumed_too_late: {
    ...INTERRUPTED,
    notice: /^What to do: process the file once more from where it lies:\n {2}csv-chunk-pipeline rerun /,
    status: /^nothing is wrong with the file: POST \/trigger {"action":"rerun",.*} processes it once more$/,
    conflict: /FAILED for good \(resumed_too_late\): rerun processes its file once more$/,
  },
  region_lost: {
    kind: 'LOST',
    metrics: ['JobsFailed'],
    headline: /^A job was lost with its region: its file is processed once more, as a job of its own\. The data is not to blame\./,
    notice: /^What to do: nothing\. The job that processes the file once more tells of its own end; sent again, the file would be published twice\.\n$/,
    status: /^nothing: the file is processed once more, as a job of its own, whose rerunOf is this one$/,
    conflict: /FAILED for good \(region_lost\): its file is processed once more, as a job of its own, whose rerunOf is this one$/,
  },
};

const failed = async (code: JobErrorCode, resumable: boolean) => {
  const api = new ApiWorld();
  const job = await api.addJob('a', 'FAILED', {
    error_code: code, error_message: 'expected a, got b', resumable, event_pending: true, process_end_time: '2026-11-21T00:00:01.000Z',
  });
  await announceEnd(job, api.world.deps);
  measureEnd(job, new Date(job.process_end_time!), api.world.deps);
  return { api, job, jobId: job.file_id };
};

const toldAndCounted = ({ world: { announced, notices, metrics } }: ApiWorld) => {
  const [{ text }] = notices;
  return { announced, attributes: notices[0].attributes, headline: text.split('\n')[0], notice: text.slice(text.indexOf('What to do')), counted: [...metrics.keys()] };
};

test.each(Object.entries(EXPECTED) as Array<[JobErrorCode, typeof EXPECTED[JobErrorCode]]>)('%s: message, metrics, e-mail and API say the same', async (code, expected) => {
  const { api, jobId } = await failed(code, code === 'infrastructure');
  const told = toldAndCounted(api);
  expect(told.announced).toMatchObject([{ failureKind: expected.kind, errorCode: code, resumable: code === 'infrastructure' }]);
  expect(told.attributes).toMatchObject({ failureKind: expected.kind, errorCode: code });
  expect(told.counted.filter((name) => name.startsWith('Jobs'))).toEqual(expected.metrics);
  expect(told.headline).toMatch(expected.headline);
  expect(told.notice).toMatch(expected.notice);

  expect((await api.status(jobId)).body.error.whatToDo).toMatch(expected.status);
  const { statusCode, body } = await api.trigger({ action: 'resume', jobId });
  if (expected.conflict === undefined) {
    expect(statusCode).toBe(202);
  } else {
    expect([statusCode, body.error.code]).toEqual([409, 'job_failed_for_good']);
    expect(body.error.message).toMatch(expected.conflict);
  }
});

test.each(Object.keys(EXPECTED) as JobErrorCode[])('a job that can be resumed is an interrupted one, also if its verdict is %s: it was not carried out', async (code) => {
  const { api, jobId } = await failed(code, true);
  const told = toldAndCounted(api);
  expect(told.announced).toMatchObject([{ failureKind: 'INFRASTRUCTURE', resumable: true }]);
  expect(told.counted.filter((name) => name.startsWith('Jobs'))).toEqual(INTERRUPTED.metrics);
  expect(told.notice).toMatch(INTERRUPTED.notice);
  expect((await api.status(jobId)).body.error.whatToDo).toMatch(INTERRUPTED.status);
  expect((await api.trigger({ action: 'resume', jobId })).statusCode).toBe(202);
});
