import { addDays, instantOf, localDate, localTime, weekday } from '../../src/spec/local-time';

const BERLIN = 'Europe/Berlin';
const at = (text: string) => Date.parse(text);
const iso = (instant: number) => new Date(instant).toISOString();

test.each([
  ['2026-07-01', '06:30', 'Europe/Berlin', '2026-07-01T04:30:00.000Z'],
  ['2026-01-01', '06:30', 'Europe/Berlin', '2026-01-01T05:30:00.000Z'],
  ['2026-01-01', '00:00', 'America/New_York', '2026-01-01T05:00:00.000Z'],
  ['2026-01-01', '06:30', 'UTC', '2026-01-01T06:30:00.000Z'],
  ['2026-01-01', '06:30', 'Asia/Kathmandu', '2026-01-01T00:45:00.000Z'],
  ['2026-01-01', '00:00', 'Pacific/Kiritimati', '2025-12-31T10:00:00.000Z'],
])('%s %s in %s is %s', (date, time, zone, expected) => {
  expect(iso(instantOf(date, time, zone))).toBe(expected);
});

test('a time that a clock shows twice is the first one', () => {
  expect(iso(instantOf('2026-10-25', '02:30', BERLIN))).toBe('2026-10-25T00:30:00.000Z');
  expect(iso(instantOf('2026-10-25', '03:30', BERLIN))).toBe('2026-10-25T02:30:00.000Z');
});

test('a time that a clock never shows is what it would have been', () => {
  expect(iso(instantOf('2026-03-29', '02:30', BERLIN))).toBe('2026-03-29T01:30:00.000Z');
  expect(iso(instantOf('2026-03-29', '03:00', BERLIN))).toBe('2026-03-29T01:00:00.000Z');
  expect(iso(instantOf('2026-03-08', '02:30', 'America/New_York'))).toBe('2026-03-08T07:30:00.000Z');
});

test('dates and times are those of the zone', () => {
  expect([localDate(at('2026-07-01T22:30:00Z'), BERLIN), localTime(at('2026-07-01T22:30:00Z'), BERLIN)]).toEqual(['2026-07-02', '00:30']);
  expect([localDate(at('2026-01-01T03:00:00Z'), 'America/New_York'), localTime(at('2026-01-01T03:00:00Z'), 'America/New_York')]).toEqual(['2025-12-31', '22:00']);
});

test('days go on over the ends of months and years', () => {
  expect([addDays('2026-02-28', 1), addDays('2028-02-28', 1), addDays('2026-01-01', -1)]).toEqual(['2026-03-01', '2028-02-29', '2025-12-31']);
  expect([weekday('2026-11-29'), weekday('2026-11-30')]).toEqual([0, 1]);
});
