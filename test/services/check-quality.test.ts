import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jobItem } from './job-items';
import { JobItem } from '../../src/contract/job-item';
import { QualitySettings, WEEKDAYS } from '../../src/contract/quality-settings';
import { checkQuality, CheckQualityDeps, QualityReport } from '../../src/services/check-quality';

const SETTINGS: QualitySettings = {
  timeZone: 'UTC', expectedFiles: [], maxOpenSeconds: 3 * 3600, maxRejectedPercentage: 1, minHistory: 7, tellAlways: false, reportsFolder: 'reports/quality-check/',
};

/** The check over these jobs, and what it has told. */
class Check {
  readonly sent: Array<{ subject: string; text: string }> = [];
  readonly written = new Map<string, string>();
  readonly metrics: Array<[string, number]> = [];
  private readonly deps: CheckQualityDeps;

  constructor(jobs: readonly JobItem[], settings: Partial<QualitySettings> = {}, deps: Partial<CheckQualityDeps> = {}) {
    this.deps = {
      jobs: {
        job: async (fileId) => jobs.find(({ file_id: other }) => other === fileId),
        jobsByStatus: async function* (status, since) { yield* jobs.filter((job) => job.status === status && job.timestamp >= since); },
        unsettledJobs: async function* () { yield* jobs.filter(({ unsettled }) => unsettled === 'yes').map(({ file_id: fileId }) => fileId); },
      },
      output: { put: async (key, body) => { this.written.set(key, String(body)); } },
      messages: { send: async (subject, text) => { this.sent.push({ subject, text }); } },
      meter: { add: (metric, value) => { this.metrics.push([metric, value]); } },
      log: { info: () => undefined, warn: () => undefined },
      now: () => new Date('2026-11-30T02:00:00Z'),
      pipelineId: 'TapStack-dev/Tap-dev',
      settings: { ...SETTINGS, ...settings },
      ...deps,
    };
  }

  async run(time?: string) {
    return checkQuality({ time }, this.deps);
  }

  report(): QualityReport {
    const [report] = [...this.written.values()];
    return JSON.parse(report) as QualityReport;
  }
}

const TODAY = '2026-11-29T10:00:00Z';

test('a day on which all is well: a report and a metric of 0, and no message', async () => {
  const check = new Check([jobItem('incoming/a.csv', TODAY)]);
  expect(await check.run()).toEqual({ findings: 0, reportKey: 'reports/quality-check/2026-11-30.json' });
  expect([check.sent, check.metrics, check.report().findings]).toEqual([[], [['QualityFindings', 0]], []]);
});

test('a message each day by choice', async () => {
  const check = new Check([], { tellAlways: true });
  await check.run();
  expect(check.sent.map(({ subject }) => subject)).toEqual(['Nothing found: TapStack-dev/Tap-dev']);
});

test('without a topic nobody is told, and the check is made all the same', async () => {
  const check = new Check([jobItem('incoming/a.csv', TODAY, { records_rejected: 50 })], {}, { messages: undefined });
  expect((await check.run()).findings).toBe(1);
});

test('totals are of the jobs that ended in the day', async () => {
  const check = new Check([
    jobItem('incoming/a.csv', '2026-11-29T02:00:00Z'),
    jobItem('incoming/b.csv', '2026-11-29T02:00:01Z'),
    jobItem('incoming/c.csv', '2026-11-30T02:00:00Z', { status: 'FAILED', records_rejected: 1 }),
    jobItem('incoming/d.csv', TODAY, { status: 'PROCESSING', records_read: undefined }),
    jobItem('incoming/e.csv', '2026-11-30T02:00:01Z'),
  ]);
  await check.run();
  expect(check.report().totals).toMatchObject({
    jobsSucceeded: 1, jobsFailed: 1, bytes: 2000, recordsRead: 200, recordsWritten: 200, recordsRejected: 1,
  });
});

test('the day is that of the schedule, also where the check is made late', async () => {
  const check = new Check([]);
  expect((await check.run('2026-11-28T02:00:00Z')).reportKey).toBe('reports/quality-check/2026-11-28.json');
  expect(check.report()).toMatchObject({ from: '2026-11-27T02:00:00.000Z', to: '2026-11-28T02:00:00.000Z' });
});

test.each([
  ['25 hours', '2026-10-26T01:00:00Z', '2026-10-25T00:00:00.000Z'],
  ['23 hours', '2026-03-30T00:00:00Z', '2026-03-29T01:00:00.000Z'],
])('a day on which the clock is changed has %s: none is left out, and none looked at twice', async (_, to, from) => {
  const check = new Check([], { timeZone: 'Europe/Berlin' });
  await check.run(to);
  expect(check.report()).toMatchObject({ from, timeZone: 'Europe/Berlin' });
});

test('a finding that cannot be told fails the check, so that it is made again', async () => {
  const check = new Check([jobItem('a.csv', TODAY, { records_rejected: 50 })], {}, { messages: { send: async () => { throw new Error('no topic'); } } });
  await expect(check.run()).rejects.toThrow('no topic');
  expect(check.metrics).toEqual([]);
});

test('a subject is what SNS takes', async () => {
  const check = new Check([], { tellAlways: true }, { pipelineId: `Stück\n${'x'.repeat(200)}` });
  await check.run();
  expect(check.sent[0].subject).toMatch(/^[\x20-\x7e]{100}$/);
});

test('docs/quality-check.md shows the report and the message of such a day', async () => {
  const usual = Array.from({ length: 10 }, (_, index) => jobItem('incoming/trades-1.csv', `2026-11-${18 + index}T05:00:00Z`, { records_read: 5000 + index }));
  const jobs = [
    ...usual,
    jobItem('incoming/trades-29.csv', '2026-11-29T05:00:00Z', { file_id: 'a'.repeat(32), records_read: 2100, records_written: 2058, records_rejected: 42 }),
    jobItem('incoming/rates.csv', '2026-11-29T20:00:00Z', {
      file_id: 'b'.repeat(32), status: 'PROCESSING', unsettled: 'yes', execution_arn: 'arn:aws:states:us-east-1:111122223333:execution:tap:4711',
    }),
  ];
  const expected = (keyPattern: string) => ({ keyPattern, by: '06:30', timeZone: 'Europe/Berlin', weekdays: WEEKDAYS, windowSeconds: 24 * 3600 });
  const check = new Check(jobs, { timeZone: 'Europe/Berlin', expectedFiles: [expected('incoming/trades-*.csv'), expected('incoming/settlement-*.csv')] });
  await check.run('2026-11-30T01:00:00Z');

  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'quality-check.md'), 'utf8');
  expect(page).toContain('```json\n' + [...check.written.values()][0] + '```');
  expect(page).toContain('```text\n' + check.sent[0].text + '```');
  expect(page).toContain(`\`${check.sent[0].subject}\``);
});
