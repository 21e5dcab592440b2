import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jobItem } from './job-items';
import { FenceItem, JobItem } from '../../src/contract/job-item';
import { QualitySettings, WEEKDAYS } from '../../src/contract/quality-settings';
import { MAX_MESSAGE_BYTES } from '../../src/ports/messages';
import { checkQuality, CheckQualityDeps, composeMessage, QualityReport } from '../../src/services/check-quality';
import { readCheckedJobs } from '../../src/services/checked-jobs';
import { localDate, localTime } from '../../src/spec/local-time';

const SETTINGS: QualitySettings = {
  timeZone: 'UTC', expectedFiles: [], maxOpenSeconds: 3 * 3600, maxRejectedPercentage: 1, minHistory: 7, tellAlways: false, reportsFolder: 'reports/quality-check/',
};

/** The check over these jobs, and what it has told. */
class Check {
  readonly sent: Array<{ subject: string; text: string }> = [];
  readonly written = new Map<string, string>();
  readonly metrics: Array<[string, number]> = [];
  readonly deps: { -readonly [Name in keyof CheckQualityDeps]: CheckQualityDeps[Name] };

  constructor(jobs: readonly JobItem[], settings: Partial<QualitySettings> = {}, deps: Partial<CheckQualityDeps> = {}) {
    this.deps = {
      jobs: tableOf(() => jobs),
      reports: { keysAfter: (folder, after) => inOrder([...this.written.keys()].filter((key) => key.startsWith(folder) && key > after)) },
      output: {
        put: async (key, body) => { this.written.delete(key); this.written.set(key, String(body)); },
        getJson: async <T>(key: string) => JSON.parse(this.written.get(key)!) as T,
      },
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

  /** The last one that was written. */
  report(): QualityReport {
    return JSON.parse([...this.written.values()].at(-1)!) as QualityReport;
  }
}

async function* inOrder(keys: string[]): AsyncIterable<string> {
  yield* keys.sort();
}

/** @param jobs are asked for at each reading */
function tableOf(jobs: () => readonly JobItem[]): CheckQualityDeps['jobs'] {
  return {
    fence: async () => undefined,
    job: async (fileId) => jobs().find(({ file_id: other }) => other === fileId),
    unsettledJobs: async function* () { yield* jobs().filter(({ unsettled }) => unsettled === 'yes').map(({ file_id: fileId }) => fileId); },
    newestJobs: async function* (status, { from, to }) {
      const found = jobs().filter((job) => job.status === status && job.timestamp >= from && job.timestamp < to);
      yield* found.sort((a, b) => b.timestamp - a.timestamp);
    },
  };
}

const TODAY = '2026-11-29T10:00:00Z';

test('a day on which all is well: a report and a metric of 0, and no message', async () => {
  const check = new Check([jobItem('incoming/a.csv', TODAY)]);
  expect(await check.run()).toEqual({ findings: 0, reportKey: 'reports/quality-check/2026-11-30T02-00-00Z.json' });
  expect([check.sent, check.metrics, check.report().findings]).toEqual([[], [['QualityFindings', 0], ['QualityChecks', 1]], []]);
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

test('what is looked at is up to the schedule\'s time, also where the check is made late', async () => {
  const check = new Check([]);
  expect((await check.run('2026-11-28T02:00:00Z')).reportKey).toBe('reports/quality-check/2026-11-28T02-00-00Z.json');
  expect(check.report()).toMatchObject({ from: '2026-11-27T02:00:00.000Z', to: '2026-11-28T02:00:00.000Z' });
});

test('a time that is none is told', async () => {
  await expect(new Check([]).run('yesterday')).rejects.toThrow('expected "time" to be a time such as 2026-11-30T02:00:00Z, got "yesterday"');
});

describe('each check begins where the last one ends', () => {
  const HOUR = 3600 * 1000;

  /** As EventBridge Scheduler makes them: none where the clock skips the time; where it shows it twice, one of the two, or both. */
  function callsOf(zone: string, at: string, from: string, to: string, twice: 'first' | 'second' | 'both' = 'first'): string[] {
    const shown = new Map<string, string[]>();
    for (let instant = Date.parse(from); instant <= Date.parse(to); instant += HOUR) {
      if (localTime(instant, zone) !== at) continue;
      const date = localDate(instant, zone);
      shown.set(date, [...shown.get(date) ?? [], new Date(instant).toISOString()]);
    }
    return [...shown.values()].flatMap((instants) => twice === 'both' ? instants : instants.at(twice === 'first' ? 0 : -1)!);
  }

  async function periodsOf(check: Check, calls: readonly string[]): Promise<Array<[string, string]>> {
    const periods: Array<[string, string]> = [];
    for (const call of calls) {
      await check.run(call);
      const { from, to } = check.report();
      periods.push([from, to]);
    }
    return periods;
  }

  function expectChain(periods: ReadonlyArray<readonly [string, string]>): void {
    expect(periods.slice(1).map(([from]) => from)).toEqual(periods.slice(0, -1).map(([, to]) => to));
  }

  const EXPECTED = { keyPattern: 'incoming/s-*.csv', by: '06:30', timeZone: 'Europe/Berlin', weekdays: WEEKDAYS, windowSeconds: 24 * 3600 };

  test('in spring, where Sunday has no 02:00 and so no call: Monday\'s looks at both days', async () => {
    const calls = callsOf('Europe/Berlin', '02:00', '2026-03-26T00:00:00Z', '2026-04-01T00:00:00Z');
    expect(calls.map((call) => localDate(Date.parse(call), 'Europe/Berlin'))).toEqual(['2026-03-26', '2026-03-27', '2026-03-28', '2026-03-30', '2026-03-31', '2026-04-01']);
    const check = new Check([], { timeZone: 'Europe/Berlin', expectedFiles: [EXPECTED] });
    expectChain(await periodsOf(check, calls));
    // None came, and each is missed once.
    const missed = [...check.written.values()].flatMap((report) => (JSON.parse(report) as QualityReport).findings.map(({ message }) => /by (.{10})T/.exec(message)![1]));
    expect(missed).toEqual(['2026-03-25', '2026-03-26', '2026-03-27', '2026-03-28', '2026-03-29', '2026-03-30', '2026-03-31']);
  });

  test.each(['first', 'second', 'both'] as const)('in autumn, where Sunday has 02:00 twice, and the call comes at: %s', async (twice) => {
    const calls = callsOf('Europe/Berlin', '02:00', '2026-10-22T00:00:00Z', '2026-10-28T00:00:00Z', twice);
    expectChain(await periodsOf(new Check([], { timeZone: 'Europe/Berlin' }), calls));
  });

  test('one that fails before it has a report is made good by the next one', async () => {
    const check = new Check([jobItem('incoming/a.csv', '2026-11-28T10:00:00Z')]);
    await check.run('2026-11-28T02:00:00Z');
    check.deps.jobs.unsettledJobs = () => { throw new Error('no table'); };
    await expect(check.run('2026-11-29T02:00:00Z')).rejects.toThrow('no table');
    check.deps.jobs = tableOf(() => [jobItem('incoming/a.csv', '2026-11-28T10:00:00Z')]);
    await check.run('2026-11-30T02:00:00Z');
    expect(check.report()).toMatchObject({ from: '2026-11-28T02:00:00.000Z', to: '2026-11-30T02:00:00.000Z', totals: { jobsSucceeded: 1 } });
  });

  test('one that is made once more looks at the same, and takes the place of its report', async () => {
    const check = new Check([]);
    const periods = await periodsOf(check, ['2026-11-28T02:00:00Z', '2026-11-29T02:00:00Z', '2026-11-29T02:00:00Z', '2026-11-28T02:00:00Z']);
    expect([periods[2], periods[3], check.written.size]).toEqual([periods[1], periods[0], 2]);
  });

  test('one by hand too, in whole seconds', async () => {
    const check = new Check([]);
    await check.run('2026-11-29T02:00:00Z');
    check.deps.now = () => new Date('2026-11-29T14:03:07.500Z');
    await check.run();
    expect([...check.written.keys()].at(-1)).toBe('reports/quality-check/2026-11-29T14-03-07Z.json');
    await check.run('2026-11-30T02:00:00Z');
    expect(check.report()).toMatchObject({ from: '2026-11-29T14:03:07.000Z', to: '2026-11-30T02:00:00.000Z' });
  });

  test('the first one begins a day before, and so does one after more than 31 days; other objects are no reports', async () => {
    const check = new Check([]);
    check.written.set('reports/quality-check/2026-11-30-notes.txt', '');
    check.written.set('reports/quality-check/2026-10-30T01-59-59Z.json', '');
    await check.run('2026-11-30T02:00:00Z');
    expect(check.report().from).toBe('2026-11-29T02:00:00.000Z');
    check.written.set('reports/quality-check/2026-10-30T02-00-01Z.json', '{}');
    await check.run('2026-11-30T02:00:00Z');
    expect(check.report().from).toBe('2026-10-30T02:00:01.000Z');
  });

  test('a file that was late is not the next day\'s, after a check by hand in between too', async () => {
    const late = jobItem('incoming/s-1.csv', '2026-11-28T07:00:00Z');
    const checked = async (...times: string[]) => {
      const check = new Check([late], { expectedFiles: [{ ...EXPECTED, timeZone: 'UTC' }] });
      const found: string[][] = [];
      for (const time of times) {
        await check.run(time);
        found.push(check.report().findings.map(({ kind }) => kind));
      }
      return found;
    };
    expect(await checked('2026-11-29T02:00:00Z', '2026-11-30T02:00:00Z')).toEqual([['FILE_LATE'], ['FILE_MISSING']]);
    expect(await checked('2026-11-28T14:00:00Z', '2026-11-29T02:00:00Z', '2026-11-30T02:00:00Z')).toEqual([['FILE_LATE'], [], ['FILE_MISSING']]);
    // Made once more, it is still late: what it has counted itself does not matter.
    expect(await checked('2026-11-29T02:00:00Z', '2026-11-29T02:00:00Z')).toEqual([['FILE_LATE'], ['FILE_LATE']]);
  });

  test('reads no more reports than hold files that may count', async () => {
    const check = new Check([], { expectedFiles: [EXPECTED] });
    const read: string[] = [];
    const { getJson } = check.deps.output;
    check.deps.output = { ...check.deps.output, getJson: async (key) => { read.push(key); return getJson(key); } };
    for (let date = 20; date <= 30; date++) await check.run(`2026-11-${date}T02:00:00Z`);
    // A window of a day: what the report before the last one has counted landed earlier.
    expect(read).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29].map((date) => `reports/quality-check/2026-11-${date}T02-00-00Z.json`));
  });

  test.each([
    ['25 hours', '2026-10-26T01:00:00Z', '2026-10-25T00:00:00.000Z'],
    ['23 hours', '2026-03-30T00:00:00Z', '2026-03-29T01:00:00.000Z'],
  ])('a first one on a day on which the clock is changed has %s', async (_, to, from) => {
    const check = new Check([], { timeZone: 'Europe/Berlin' });
    await check.run(to);
    expect(check.report()).toMatchObject({ from, timeZone: 'Europe/Berlin' });
  });
});

describe('a job that moves on while the check reads', () => {
  const file = { keyPattern: 'incoming/s-*.csv', by: '01:30', timeZone: 'UTC', weekdays: WEEKDAYS, windowSeconds: 24 * 3600 };
  const landed = jobItem('incoming/s-1.csv', '2026-11-30T01:29:00Z', { unsettled: 'yes' });
  const at = (time: string) => Date.parse(`2026-11-30T${time}Z`);
  const published: Partial<JobItem> = { status: 'SUCCEEDED', timestamp: at('02:00:01'), revision: 6 };

  test.each<[string, Array<Partial<JobItem>>]>([
    ['is published', [{ status: 'PUBLISHING', revision: 5 }, published, { ...published, revision: 7, unsettled: undefined }]],
    ['is processed, published', [{ status: 'PROCESSING', revision: 4 }, { status: 'PUBLISHING', revision: 5 }, { ...published, unsettled: undefined }]],
    ['fails', [{ status: 'PLANNING', revision: 2 }, { status: 'FAILED', revision: 3, resumable: false, unsettled: undefined }]],
    ['is resumed, published', [{ status: 'FAILED', resumable: true, revision: 3 }, { status: 'PROCESSING', revision: 4 }, { ...published, unsettled: undefined }]],
  ])('has landed, whenever it %s', async (_, changes) => {
    const states = changes.map((change): JobItem => ({ ...landed, ...change }));
    // Reading is done in so many steps; a state lasts for 0, 1 … of them.
    const STEPS = 5;
    for (let when = 0; when < (STEPS + 1) ** (states.length - 1); when++) {
      const moves = Array.from({ length: states.length - 1 }, (__, move) => Math.floor(when / (STEPS + 1) ** move) % (STEPS + 1));
      let readings = 0;
      const now = () => [states[moves.filter((move) => move <= readings).length]];
      const check = new Check([], { expectedFiles: [file] }, { jobs: tableOf(() => { const jobs = now(); readings++; return jobs; }) });
      await check.run();
      expect([moves, check.report().findings.filter(({ kind }) => kind === 'FILE_MISSING')]).toEqual([moves, []]);
      expect(readings).toBeLessThanOrEqual(STEPS);
    }
  });

  test('counts once, as it is at last', async () => {
    const ended = { ...landed, status: 'SUCCEEDED', revision: 6, timestamp: at('01:59:59') } as const;
    // Its source is moved in between: the item is one change further than the index.
    const table = tableOf(() => [ended]);
    const check = new Check([], {}, { jobs: { ...table, job: async () => ({ ...ended, revision: 7, source_state: 'MOVED' }) } });
    await check.run();
    expect(check.report().totals).toMatchObject({ jobsSucceeded: 1, recordsRead: 100 });
  });
});

describe('a table of 100,000 jobs', () => {
  const MINUTE = 60_000;
  const NOW = Date.parse('2026-11-30T02:00:00Z');
  /** One every 90 seconds, with more in each than a check looks at. */
  const jobAt = (nth: number, key = 'incoming/a.csv') => jobItem(key, new Date(NOW - nth * 1.5 * MINUTE).toISOString(), {
    file_id: String(nth).padStart(32, '0'), rejects_by_column: { amount: 1 },
  });

  function bigTable(count: number, keyOf: (nth: number) => string) {
    const read = { jobs: 0 };
    const table: CheckQualityDeps['jobs'] = {
      ...tableOf(() => []),
      newestJobs: async function* (status, { from, to }) {
        for (let nth = 0; status === 'SUCCEEDED' && nth < count; nth++) {
          const job = jobAt(nth, keyOf(nth));
          if (job.timestamp < from) return;
          if (job.timestamp >= to) continue;
          read.jobs++;
          yield job;
        }
      },
    };
    return { table, read };
  }

  const expected = (keyPattern: string) => ({ keyPattern, by: '06:30', timeZone: 'UTC', weekdays: WEEKDAYS, windowSeconds: 24 * 3600 });
  const period = { from: NOW - 24 * 3600 * 1000, to: NOW };
  const A_DAY = 24 * 60 / 1.5;

  test('is read no further than each group of the day has the jobs that it is compared with', async () => {
    const { table, read } = bigTable(96_000, () => 'incoming/a.csv');
    const { all } = await readCheckedJobs(table, [], period);
    expect([read.jobs, all.length]).toEqual([A_DAY + 14, A_DAY + 14]);
  });

  test('is held for what is looked at: of a day, and of what is like it', async () => {
    // Of the day, one job that is rare; before it 13 such jobs alone, so that all days are read.
    const rare = (nth: number) => nth === 3 || (nth > 2000 && nth % 7000 === 0) ? 'incoming/rare-1.csv' : 'incoming/a.csv';
    const { table, read } = bigTable(96_000, rare);
    const { all } = await readCheckedJobs(table, [expected('incoming/rare-*.csv')], { ...period, from: NOW - 10 * MINUTE });
    expect(read.jobs).toBeGreaterThan(95_000);
    expect(all.length).toBeLessThan(1100);
    expect(all[0]).not.toHaveProperty('rejects_by_column');
    expect(all.filter(({ key }) => key === 'incoming/rare-1.csv')).toHaveLength(14);
  });
});

describe('of a pipeline in two regions', () => {
  const checkIn = (own: string, active?: string) => {
    const check = new Check([jobItem('incoming/a.csv', TODAY, { records_rejected: 50 })]);
    const fence = active === undefined ? undefined : { active_region: active, epoch: 1, since: 0 } as FenceItem;
    check.deps.regions = { own, primary: 'eu-central-1', bucket: 'landing' };
    check.deps.jobs = { ...check.deps.jobs, fence: async () => fence };
    return check;
  };

  test.each([['eu-west-1', undefined], ['eu-central-1', 'eu-west-1']])('the check of %s stands by where %s is active: it tells nothing, and that it was there', async (own, active) => {
    const check = checkIn(own, active);
    const logged: string[] = [];
    check.deps.log = { ...check.deps.log, info: (message) => { logged.push(message); } };
    expect(await check.run()).toEqual({ findings: 0 });
    expect([check.sent, [...check.written], check.metrics]).toEqual([[], [], [['QualityChecks', 1]]]);
    expect(logged).toEqual([expect.stringContaining(`expected region ${own} to be the active one, got ${active ?? 'eu-central-1'}`)]);
  });

  test.each([['eu-central-1', undefined], ['eu-west-1', 'eu-west-1']])('the check of %s is made where %s is active', async (own, active) => {
    const check = checkIn(own, active);
    expect((await check.run()).findings).toBe(1);
    expect([check.sent.length, check.written.size]).toEqual([1, 1]);
  });
});

describe('a finding that cannot be told', () => {
  const failing = () => new Check([jobItem('a.csv', TODAY, { records_rejected: 50 })], {}, { messages: { send: async () => { throw new Error('no topic'); } } });

  test('fails the check, so that it is made again', async () => {
    await expect(failing().run()).rejects.toThrow('no topic');
  });

  test('is in the report and the metric all the same; the check does not count as one', async () => {
    const check = failing();
    await check.run().catch(() => undefined);
    expect(check.metrics).toEqual([['QualityFindings', 1]]);
    expect(check.report().findings).toHaveLength(1);
  });
});

test('a subject is what SNS takes: less than 100 characters of ASCII', async () => {
  const check = new Check([], { tellAlways: true }, { pipelineId: `Stück\n${'x'.repeat(200)}` });
  await check.run();
  expect(check.sent[0].subject).toMatch(/^[\x20-\x7e]{99}$/);
});

describe('a message of many findings', () => {
  const report = (count: number, text: string): QualityReport => ({
    ...{ pipelineId: 'Tap', from: '', to: '', timeZone: 'UTC', totals: {} as QualityReport['totals'] },
    landed: [],
    findings: Array.from({ length: count }, () => ({ kind: 'JOB_WAITING', fileId: 'f'.repeat(32), key: text, message: text, todo: text })),
  });

  test.each([['ä', 2], ['漢', 3], ['😀', 4]])('is what SNS takes, in %s too', (character) => {
    const { text } = composeMessage(report(300, character.repeat(5000)), 'reports/r.json');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    expect(text.isWellFormed()).toBe(true);
  });

  test('names the first 50, and says how many there are', () => {
    const { subject, text } = composeMessage(report(300, 'text'), 'reports/r.json');
    expect(subject).toBe('300 findings: Tap');
    expect(text.match(/^\d+\. JOB_WAITING/gm)).toHaveLength(50);
    expect(text).toContain('\n\n… and 250 more: see the report.\n\nJobs: ');
    expect(composeMessage(report(50, 'text'), 'reports/r.json').text).not.toContain('more');
  });

  test('shows what cannot be seen in a key, which could forge a line or turn the text round', () => {
    const { text } = composeMessage(report(1, 'incoming/a\n\nReport: fake\u202evsc.b'), 'reports/r.json');
    expect(text).toContain('1. JOB_WAITING incoming/a\\n\\nReport: fake\\u202evsc.b (job ');
    expect(text.match(/^Report: .*$/gm)).toEqual(['Report: reports/r.json']);
    expect(text).not.toContain('\u202e');
  });

  test('has each text in its line, cut where it is long', () => {
    const { text } = composeMessage(report(1, `two\nlines ${'x'.repeat(600)}`), 'reports/r.json');
    expect(text).toMatch(/\n {3}two\\nlines x{400,}…\n/);
  });
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
  await check.run('2026-11-30T02:00:00Z');

  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'quality-check.md'), 'utf8');
  expect(page).toContain('```json\n' + [...check.written.values()][0] + '```');
  expect(page).toContain('```text\n' + check.sent[0].text + '```');
  expect(page).toContain(`\`${check.sent[0].subject}\``);
});
