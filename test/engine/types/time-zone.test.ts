import * as fc from 'fast-check';
import { convert, message } from './convert';

const inZone = (timezone: string, text: string) => convert({ type: 'datetime', timezone }, text);

test.each([
  ['Europe/Berlin', '2024-01-15T12:00:00', '2024-01-15T11:00:00.000Z'],
  ['Europe/Berlin', '2024-07-15T12:00:00', '2024-07-15T10:00:00.000Z'],
  ['America/New_York', '2024-12-31T20:00:00.5', '2025-01-01T01:00:00.500Z'],
  ['Asia/Kolkata', '2024-01-01T00:00:00', '2023-12-31T18:30:00.000Z'],
  ['Australia/Lord_Howe', '2024-07-01T00:00:00', '2024-06-30T13:30:00.000Z'],
  ['America/New_York', '1800-01-01T00:00:00', '1800-01-01T04:56:02.000Z'],
  ['UTC', '2024-01-01T00:00:00', '2024-01-01T00:00:00.000Z'],
  ['Z', '2024-01-01T00:00:00', '2024-01-01T00:00:00.000Z'],
  ['Etc/UTC', '2024-01-01T00:00:00', '2024-01-01T00:00:00.000Z'],
  ['+05:30', '2024-01-01T00:00:00', '2023-12-31T18:30:00.000Z'],
  ['-0800', '2024-01-01T00:00:00', '2024-01-01T08:00:00.000Z'],
])('a time without an offset is of the time zone: %s %s', (timezone, text, value) => {
  expect(inZone(timezone, text)).toBe(`"${value}"`);
});

test('an offset in the text counts more than the time zone', () => {
  expect(inZone('Europe/Berlin', '2024-01-15T12:00:00Z')).toBe('"2024-01-15T12:00:00.000Z"');
  expect(inZone('Europe/Berlin', '2024-01-15T12:00:00-05:00')).toBe('"2024-01-15T17:00:00.000Z"');
});

test('a time that the clock skipped is refused', () => {
  expect(inZone('America/New_York', '2024-03-10T01:59:59')).toBe('"2024-03-10T06:59:59.000Z"');
  expect(inZone('America/New_York', '2024-03-10T02:00:00')).toBe('type');
  expect(inZone('America/New_York', '2024-03-10T02:59:59')).toBe('type');
  expect(inZone('America/New_York', '2024-03-10T03:00:00')).toBe('"2024-03-10T07:00:00.000Z"');
  expect(message({ type: 'datetime', timezone: 'America/New_York' }, '2024-03-10T02:30:00'))
    .toBe('expected a datetime of format default (2024-05-01T10:00:00Z) that exists in America/New_York, got "2024-03-10T02:30:00"');
});

test('a day that the calendar skipped is refused', () => {
  expect(inZone('Pacific/Apia', '2011-12-29T23:59:59')).toBe('"2011-12-30T09:59:59.000Z"');
  expect(inZone('Pacific/Apia', '2011-12-30T12:00:00')).toBe('type');
  expect(inZone('Pacific/Apia', '2011-12-31T00:00:00')).toBe('"2011-12-30T10:00:00.000Z"');
});

test('of a time that came twice, the earlier one counts', () => {
  expect(inZone('America/New_York', '2024-11-03T00:59:59')).toBe('"2024-11-03T04:59:59.000Z"');
  expect(inZone('America/New_York', '2024-11-03T01:00:00')).toBe('"2024-11-03T05:00:00.000Z"');
  expect(inZone('America/New_York', '2024-11-03T01:59:59')).toBe('"2024-11-03T05:59:59.000Z"');
  expect(inZone('America/New_York', '2024-11-03T02:00:00')).toBe('"2024-11-03T07:00:00.000Z"');
});

test('a zone must not lead out of the years 0001 to 9999', () => {
  expect(inZone('Asia/Tokyo', '0001-01-01T00:00:00')).toBe('type');
  expect(inZone('America/New_York', '9999-12-31T23:00:00')).toBe('type');
});

test.each(['Mars/Olympus', '', '+15:00', '+5', '+05:60', 'local'])('time zone %j does not compile', (timezone) => {
  expect(() => inZone(timezone, '')).toThrow(`timezone must be an IANA name such as Europe/Berlin, or an offset such as +02:00, got ${JSON.stringify(timezone)}`);
});

test('any instant of any zone, written on its local clock, is the instant, or an hour earlier one with the same clock', () => {
  const zones = ['Europe/London', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Pacific/Apia', 'Asia/Tehran', 'America/St_Johns', 'Antarctica/Troll', 'Europe/Dublin'];
  const formats = new Map(zones.map((timeZone) => [timeZone, new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })]));
  fc.assert(fc.property(fc.constantFrom(...zones), fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2037, 0) }), (zone, random) => {
    const ms = Math.floor(random / 1000) * 1000;
    const clock = (instant: number) => formats.get(zone)!.format(instant);
    const result = Date.parse(JSON.parse(inZone(zone, clock(ms).replace(' ', 'T'))) as string);
    expect(clock(result)).toBe(clock(ms));
    expect(result).toBeLessThanOrEqual(ms);
  }));
});
