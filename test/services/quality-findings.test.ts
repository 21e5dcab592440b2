import { jobItem } from './job-items';
import { ExpectedFileSettings, WEEKDAYS } from '../../src/contract/quality-settings';
import { CheckedJob, expectedFiles, LandedFile, Period, stuckJobs, tooManyRejects, unusualCounts, usualRange } from '../../src/services/quality-findings';

const HOUR = 3600 * 1000;
const day = (from: string, to: string): Period => ({ from: Date.parse(from), to: Date.parse(to) });
/** A Sunday and a Monday. */
const SUNDAY = day('2026-11-29T02:00:00Z', '2026-11-30T02:00:00Z');
const MONDAY = day('2026-11-30T02:00:00Z', '2026-12-01T02:00:00Z');

describe('stuck jobs', () => {
  const now = Date.parse('2026-11-30T02:00:00Z');
  const began = (hours: number) => new Date(now - hours * HOUR).toISOString();

  test('one that is open for too long, and not one that is open', () => {
    const jobs = [jobItem('a.csv', began(5.5), { status: 'PROCESSING' }), jobItem('b.csv', began(3), { status: 'PLANNING' })];
    expect(stuckJobs(jobs, now, 3 * HOUR, 'TapStack/Tap')).toEqual([{
      kind: 'JOB_OPEN',
      fileId: jobs[0].file_id,
      key: 'a.csv',
      message: 'expected the job to end within 3 h 0 min, got PROCESSING after 5 h 30 min',
      todo: 'Look at its execution, arn:execution.',
    }]);
  });

  test('one that failed and waits for a resume, whatever its age; no other that failed', () => {
    const waiting = jobItem('a.csv', began(0.1), { status: 'FAILED', resumable: true, error_code: 'infrastructure', error_message: 'no memory' });
    expect(stuckJobs([waiting, jobItem('b.csv', began(99), { status: 'FAILED', resumable: false })], now, 3 * HOUR, 'TapStack/Tap')).toEqual([{
      kind: 'JOB_WAITING',
      fileId: waiting.file_id,
      key: 'a.csv',
      message: 'expected the job to be published, got an interruption (infrastructure): no memory',
      todo: `Mend the cause, then resume the job: csv-chunk-pipeline resume --pipeline TapStack/Tap ${waiting.file_id}`,
    }]);
  });
});

test('rejects above the limit, not at it, and not of a file without records', () => {
  const at = '2026-11-29T10:00:00Z';
  const jobs = [
    jobItem('a.csv', at, { records_read: 1000, records_rejected: 11 }),
    jobItem('b.csv', at, { records_read: 1000, records_rejected: 10 }),
    jobItem('c.csv', at, { records_read: 0, records_rejected: 0 }),
  ];
  expect(tooManyRejects(jobs, 1)).toEqual([{
    kind: 'REJECTS',
    fileId: jobs[0].file_id,
    key: 'a.csv',
    message: 'expected at most 1 % of the records to be rejected, got 1.10 % (11 of 1000)',
    todo: 'Read rejected.csv of the job, and tell the sender.',
  }]);
  expect(tooManyRejects(jobs, 0).map(({ key }) => key)).toEqual(['a.csv', 'b.csv']);
});

describe('expected files', () => {
  const file = (more: Partial<ExpectedFileSettings> = {}): ExpectedFileSettings => (
    { keyPattern: 'incoming/s-*.csv', by: '06:30', timeZone: 'UTC', weekdays: WEEKDAYS, windowSeconds: 24 * 3600, ...more }
  );
  const missingFiles = (expected: ExpectedFileSettings[], jobs: CheckedJob[], period: Period) => expectedFiles(expected, jobs, period, []).findings;
  const kinds = (expected: ExpectedFileSettings, arrivals: string[], period: Period) =>
    missingFiles([expected], arrivals.map((at) => jobItem('incoming/s-1.csv', at)), period).map(({ kind }) => kind);

  test('one that came in time, to the second', () => {
    expect(kinds(file(), ['2026-11-29T06:30:00Z'], SUNDAY)).toEqual([]);
    expect(kinds(file(), ['2026-11-28T06:30:01Z'], SUNDAY)).toEqual([]);
  });

  test('one that came the day before is missing', () => {
    expect(missingFiles([file()], [jobItem('incoming/s-1.csv', '2026-11-28T06:30:00Z')], SUNDAY)).toEqual([{
      kind: 'FILE_MISSING',
      key: 'incoming/s-*.csv',
      message: 'expected a file incoming/s-*.csv by 2026-11-29T06:30Z (06:30 UTC), got none until 2026-11-30T02:00Z',
      todo: 'Ask the sender for it.',
    }]);
  });

  test('one that came late', () => {
    const job = jobItem('incoming/s-1.csv', '2026-11-29T09:15:20Z');
    expect(missingFiles([file()], [job], SUNDAY)).toEqual([{
      kind: 'FILE_LATE',
      fileId: job.file_id,
      key: 'incoming/s-*.csv',
      message: 'expected a file incoming/s-*.csv by 2026-11-29T06:30Z (06:30 UTC), got it at 2026-11-29T09:15Z',
      todo: 'Tell the sender that it was late.',
    }]);
  });

  test('another file, and a job that processes an old one once more, are not it', () => {
    const jobs = [jobItem('incoming/t-1.csv', '2026-11-29T05:00:00Z'), jobItem('incoming/s-1.csv', '2026-11-29T05:00:00Z', { rerun_of: 'x' })];
    expect(missingFiles([file()], jobs, SUNDAY).map(({ kind }) => kind)).toEqual(['FILE_MISSING']);
  });

  test('one whose job failed has come', () => {
    expect(missingFiles([file()], [jobItem('incoming/s-1.csv', '2026-11-29T05:00:00Z', { status: 'FAILED' })], SUNDAY)).toEqual([]);
  });

  describe('a file counts for one time', () => {
    const daily = (...at: string[]) => at.map((instant) => jobItem('incoming/s-1.csv', instant));
    /** The findings of checks that follow each other, each of which knows what was counted before it. */
    function checks(expected: ExpectedFileSettings[], jobs: CheckedJob[], ends: string[]): string[][] {
      let counted: readonly LandedFile[] = [];
      return ends.slice(1).map((to, index) => {
        const came = jobs.filter(({ last_modified: at }) => at <= to);
        const { findings, landed } = expectedFiles(expected, came, day(ends[index], to), counted);
        counted = [...counted, ...landed];
        return findings.map(({ kind }) => kind);
      });
    }
    const ENDS = ['2026-11-28T02:00:00Z', '2026-11-29T02:00:00Z', '2026-11-30T02:00:00Z', '2026-12-01T02:00:00Z'];

    test('one that is late is not the next day\'s', () => {
      expect(checks([file()], daily('2026-11-28T07:00:00Z'), ENDS)).toEqual([['FILE_LATE'], ['FILE_MISSING'], ['FILE_MISSING']]);
    });

    test('a sender who is late each day is late each day', () => {
      expect(checks([file()], daily('2026-11-28T07:00:00Z', '2026-11-29T07:00:00Z', '2026-11-30T07:00:00Z'), ENDS)).toEqual([['FILE_LATE'], ['FILE_LATE'], ['FILE_LATE']]);
    });

    test('a sender who is early each day is in time each day', () => {
      expect(checks([file()], daily('2026-11-27T20:00:00Z', '2026-11-28T20:00:00Z', '2026-11-29T20:00:00Z'), ENDS)).toEqual([[], [], []]);
    });

    test('where windows overlap: three files that came at once are those of three days, one is that of one', () => {
      const long = file({ windowSeconds: 72 * 3600 });
      expect(checks([long], daily('2026-11-28T05:00:00Z', '2026-11-28T05:00:01Z', '2026-11-28T05:00:02Z'), ENDS)).toEqual([[], [], []]);
      expect(checks([long], daily('2026-11-28T05:00:00Z'), ENDS)).toEqual([[], ['FILE_MISSING'], ['FILE_MISSING']]);
    });

    test('within a check that looks at several days, too', () => {
      expect(checks([file()], daily('2026-11-28T07:00:00Z'), [ENDS[0], ENDS[3]])).toEqual([['FILE_LATE', 'FILE_MISSING', 'FILE_MISSING']]);
    });

    test('of a pattern that is due twice a day the first time comes first, in whichever order they are given', () => {
      const twice = [file({ by: '18:00' }), file()];
      expect(checks(twice, daily('2026-11-28T05:00:00Z', '2026-11-28T17:00:00Z'), ENDS.slice(0, 2))).toEqual([[]]);
      expect(checks(twice, daily('2026-11-28T05:00:00Z'), ENDS.slice(0, 2))).toEqual([['FILE_MISSING']]);
    });

    test('for each pattern that it is of', () => {
      expect(checks([file(), file({ keyPattern: 'incoming/*' })], daily('2026-11-28T05:00:00Z'), ENDS.slice(0, 2))).toEqual([[]]);
    });

    test('what has counted is told by its job', () => {
      const [job] = daily('2026-11-28T07:00:00Z');
      expect(expectedFiles([file()], [job], day(ENDS[0], ENDS[1]), []).landed).toEqual([
        { keyPattern: 'incoming/s-*.csv', by: '2026-11-28T06:30:00.000Z', fileId: job.file_id },
      ]);
    });
  });

  test('only on its weekdays, which are those of its zone', () => {
    const workdays = file({ weekdays: ['MON', 'TUE', 'WED', 'THU', 'FRI'] });
    expect([kinds(workdays, [], SUNDAY), kinds(workdays, [], MONDAY)]).toEqual([[], ['FILE_MISSING']]);
    // 06:30 of Monday in Auckland is 17:30 UTC of Sunday.
    const auckland = file({ weekdays: ['MON'], timeZone: 'Pacific/Auckland' });
    expect([kinds(auckland, [], SUNDAY), kinds(auckland, [], MONDAY)]).toEqual([['FILE_MISSING'], []]);
  });

  test('within its window', () => {
    expect(kinds(file({ windowSeconds: 3600 }), ['2026-11-29T05:29:00Z'], SUNDAY)).toEqual(['FILE_MISSING']);
    expect(kinds(file({ windowSeconds: 3 * 24 * 3600 }), ['2026-11-27T05:29:00Z'], SUNDAY)).toEqual([]);
  });

  test.each([
    ['spring', day('2026-03-29T00:00:00Z', '2026-03-29T23:00:00Z'), '2026-03-29T04:30:00Z'],
    ['autumn', day('2026-10-24T23:00:00Z', '2026-10-25T23:00:00Z'), '2026-10-25T05:30:00Z'],
  ])('by the clock of its zone on the day of its change in %s', (_, period, due) => {
    const berlin = file({ timeZone: 'Europe/Berlin' });
    expect(kinds(berlin, [due], period)).toEqual([]);
    expect(kinds(berlin, [new Date(Date.parse(due) + 1000).toISOString()], period)).toEqual(['FILE_LATE']);
  });
});

describe('record counts', () => {
  const history = (counts: number[], key = 'incoming/a.csv') =>
    counts.map((count, index) => jobItem(key, new Date(SUNDAY.from - (counts.length - index) * HOUR).toISOString(), { records_read: count }));
  const today = (count: number, key = 'incoming/a.csv') => jobItem(key, '2026-11-29T10:00:00Z', { records_read: count });
  const USUAL = [100, 102, 98, 101, 99, 100, 103];

  test('the usual range is the median, and three median absolute deviations on either side', () => {
    expect(usualRange([10, 20, 30, 40, 50])).toEqual({ least: 0, most: 60 });
    expect(usualRange(USUAL)).toEqual({ least: 97, most: 103 });
  });

  test('where most counts are the same, a deviation is a hundredth of them', () => {
    expect(usualRange([1000, 1000, 1000, 1000, 5000])).toEqual({ least: 970, most: 1030 });
    expect(usualRange([0, 0, 0])).toEqual({ least: 0, most: 0 });
  });

  test.each([[97, []], [103, []], [96, ['RECORD_COUNT']], [104, ['RECORD_COUNT']], [0, ['RECORD_COUNT']]])('%d records after some 100 each day: %j', (count, kinds) => {
    expect(unusualCounts([...history(USUAL), today(count)], [], 7, SUNDAY).map(({ kind }) => kind)).toEqual(kinds);
  });

  test('says what was expected', () => {
    const job = today(40);
    expect(unusualCounts([job, ...history(USUAL)], [], 7, SUNDAY)).toEqual([{
      kind: 'RECORD_COUNT',
      fileId: job.file_id,
      key: 'incoming/a.csv',
      message: 'expected 97 to 103 records, as in the 7 jobs before, got 40',
      todo: 'Ask the sender whether the file is complete, and nothing is in it twice.',
    }]);
  });

  test('with too few jobs before it a count says nothing', () => {
    expect(unusualCounts([...history(USUAL.slice(1)), today(40)], [], 7, SUNDAY)).toEqual([]);
    expect(unusualCounts([...history(USUAL.slice(1)), today(40)], [], 6, SUNDAY)).toHaveLength(1);
  });

  test('only the last 14 jobs count', () => {
    expect(unusualCounts([...history([...new Array(20).fill(5), ...new Array(14).fill(100)]), today(100)], [], 7, SUNDAY)).toEqual([]);
  });

  test('a file is compared with those of its own pattern; what nobody expects is one group', () => {
    const expected = [{ keyPattern: 'incoming/b-*', by: '06:30', timeZone: 'UTC', weekdays: WEEKDAYS, windowSeconds: 1 }];
    const jobs = [...history(USUAL), ...history([5, 5, 5, 5, 5, 5, 5], 'incoming/b-1'), today(100), today(5, 'incoming/b-2')];
    expect(unusualCounts(jobs, expected, 7, SUNDAY)).toEqual([]);
    expect(unusualCounts([...jobs, today(100, 'incoming/b-3')], expected, 7, SUNDAY)).toHaveLength(1);
  });

  test('jobs of another day are no findings of this one', () => {
    expect(unusualCounts([...history(USUAL), today(40)], [], 7, MONDAY)).toEqual([]);
  });

  test('a file that is processed once more counts once', () => {
    expect(unusualCounts([...history(USUAL), jobItem('incoming/a.csv', '2026-11-29T10:00:00Z', { records_read: 1, rerun_of: 'x' })], [], 7, SUNDAY)).toEqual([]);
  });
});
