import * as fc from 'fast-check';
import { convert, message } from './convert';
import { daysFromCivil, FIRST_DAY, formatDate, isRealDate, LAST_DAY } from '../../../src/engine/types/civil-time';

describe('calendar', () => {
  test('has every day of the years 0001 to 9999, in order', () => {
    const months = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let days = FIRST_DAY;
    for (let year = 1; year <= 9999; year++) {
      const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
      for (let month = 1; month <= 12; month++) {
        const length = months[month - 1] + (leap && month === 2 ? 1 : 0);
        if (!isRealDate(year, month, length) || isRealDate(year, month, length + 1) || daysFromCivil(year, month, length) !== days + length - 1) {
          throw new Error(`${year}-${month}`);
        }
        days += length;
      }
    }
    expect(days - 1).toBe(LAST_DAY);
  });

  test('formats every day as Date does', () => {
    fc.assert(fc.property(fc.integer({ min: FIRST_DAY, max: LAST_DAY }), (days) => {
      expect(formatDate(days)).toBe(new Date(days * 86_400_000).toISOString().slice(0, 10));
    }), { numRuns: 20_000 });
  });
});

describe('date', () => {
  test.each(['2024-01-31', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('%s stays as it is', (text) => {
    expect(convert({ type: 'date' }, text)).toBe(`"${text}"`);
    expect(convert({ type: 'date', format: 'default' }, text)).toBe(`"${text}"`);
  });

  test.each([
    '2023-02-29', '1900-02-29', '2024-02-30', '2024-04-31', '2024-13-01', '2024-00-10', '2024-01-00', '2024-01-32', '0000-01-01', '-001-01-01', '10000-01-01',
    '2024-1-1', '24-01-01', '20240101', '2024/01/01', '2024-01-01Z', '2024-01-01T00:00:00', ' 2024-01-01', '2024-01-01 ', '2024-01-0a', 'today', '２024-01-01', '2024-01-1\u0661',
  ])('%j is refused', (text) => {
    expect(convert({ type: 'date' }, text)).toBe('type');
  });

  test('any: with dashes or without', () => {
    expect(convert({ type: 'date', format: 'any' }, '2024-02-29')).toBe('"2024-02-29"');
    expect(convert({ type: 'date', format: 'any' }, '20240229')).toBe('"2024-02-29"');
    for (const text of ['20230229', '2024-0229', '202402-29', '2024-02-29T00:00', '29.02.2024', '2024-060']) {
      expect(convert({ type: 'date', format: 'any' }, text)).toBe('type');
    }
  });

  test('formats are tried in order, and the first that fits counts', () => {
    const field = { type: 'date', formats: ['%m/%d/%Y', '%d/%m/%Y', 'default'] } as const;
    expect(convert(field, '02/01/2024')).toBe('"2024-02-01"');
    expect(convert(field, '13/01/2024')).toBe('"2024-01-13"');
    expect(convert(field, '2024-01-13')).toBe('"2024-01-13"');
    expect(message(field, '2024-13-13')).toBe('expected a date of format %m/%d/%Y or %d/%m/%Y or default (2024-05-01), got "2024-13-13"');
  });
});

describe('datetime', () => {
  test.each([
    ['2024-05-01T10:20:30Z', '2024-05-01T10:20:30.000Z'],
    ['2024-05-01T10:20:30', '2024-05-01T10:20:30.000Z'],
    ['2024-05-01T10:20:30.5Z', '2024-05-01T10:20:30.500Z'],
    ['2024-05-01T10:20:30.123Z', '2024-05-01T10:20:30.123Z'],
    ['2024-05-01T10:20:30.1234567Z', '2024-05-01T10:20:30.1234567Z'],
    ['2024-05-01T10:20:30.12345678901234567890Z', '2024-05-01T10:20:30.12345678901234567890Z'],
    ['2024-05-01T10:20:30.100000Z', '2024-05-01T10:20:30.100000Z'],
    ['2024-05-01T10:20:30.123456', '2024-05-01T10:20:30.123456Z'],
    ['2024-05-01T10:20:30+02:00', '2024-05-01T08:20:30.000Z'],
    ['2024-05-01T10:20:30.123456-05:30', '2024-05-01T15:50:30.123456Z'],
    ['2024-03-01T00:30:00+01:00', '2024-02-29T23:30:00.000Z'],
    ['2023-12-31T23:30:00-01:00', '2024-01-01T00:30:00.000Z'],
    ['2024-05-01T10:20:30+14:00', '2024-04-30T20:20:30.000Z'],
    ['2024-05-01T10:20:30-14:00', '2024-05-02T00:20:30.000Z'],
    ['2024-05-01T10:20:30+00:00', '2024-05-01T10:20:30.000Z'],
    ['2024-05-01T10:20:30-00:00', '2024-05-01T10:20:30.000Z'],
    ['2024-01-29T23:59:59Z', '2024-01-29T23:59:59.000Z'],
    ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59.000Z'],
    ['2024-12-31T23:59:59Z', '2024-12-31T23:59:59.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s becomes %s', (text, value) => {
    expect(convert({ type: 'datetime' }, text)).toBe(`"${value}"`);
  });

  test.each([
    '2024-05-01', '2024-05-01T10:20', '2024-05-01 10:20:30', '2024-05-01t10:20:30', '2024-05-01T10:20:30z', '2024-05-01T1:20:30', '20240501T102030Z',
    '2024-05-01T10:20:30.', '2024-05-01T10:20:30.Z', '2024-05-01T10:20:30,5Z', '2024-05-01T10:20:30Z ', ' 2024-05-01T10:20:30Z', '2024-05-01T10:20:30ZZ',
    '2024-05-01T10:20:30+02', '2024-05-01T10:20:30+0200', '2024-05-01T10:20:30+2:00', '2024-05-01T10:20:30+02:00Z', '2024-05-01T10:20:30 +02:00',
    '2023-02-29T00:00:00Z', '1900-02-29T00:00:00Z', '2024-04-31T00:00:00Z', '2024-02-30T00:00:00Z', '0000-01-01T00:00:00Z', '2024-13-01T00:00:00Z', '2024-00-01T00:00:00Z', '2024-01-00T00:00:00Z',
    'T', '', '2024-05-01T10:20:3\u0660Z',
  ])('%j is refused', (text) => {
    expect(convert({ type: 'datetime' }, text, true)).toBe('type');
  });

  test.each(['+90:00', '+14:01', '-14:01', '+15:00', '+00:60', '+99:99', '+24:00'])('an offset that there is not is refused: %s', (offset) => {
    expect(convert({ type: 'datetime' }, `2024-05-01T10:20:30${offset}`)).toBe('type');
  });

  test.each(['24:00:01', '24:01:00', '25:00:00', '23:60:00', '23:59:60', '23:59:61'])('a day ends at 24:00:00, minutes and seconds at 59: %s is refused', (time) => {
    expect(convert({ type: 'datetime' }, `2016-12-31T${time}Z`)).toBe('type');
    expect(convert({ type: 'datetime' }, `2016-12-31T${time}+01:00`)).toBe('type');
    expect(convert({ type: 'datetime', format: 'any' }, `2016-12-31 ${time}`)).toBe('type');
  });

  test('an offset must not lead out of the years 0001 to 9999', () => {
    expect(convert({ type: 'datetime' }, '0001-01-01T00:00:00+00:01')).toBe('type');
    expect(convert({ type: 'datetime' }, '0001-01-01T00:00:00-00:01')).toBe('"0001-01-01T00:01:00.000Z"');
    expect(convert({ type: 'datetime' }, '9999-12-31T23:59:59-00:01')).toBe('type');
    expect(convert({ type: 'datetime' }, '9999-12-31T23:59:59+00:01')).toBe('"9999-12-31T23:58:59.000Z"');
  });

  test.each([
    ['2024-05-01', '2024-05-01T00:00:00.000Z'],
    ['20240501', '2024-05-01T00:00:00.000Z'],
    ['2024-05-01 10:20', '2024-05-01T10:20:00.000Z'],
    ['2024-05-01T10:20:30', '2024-05-01T10:20:30.000Z'],
    ['2024-05-01t10:20:30z', '2024-05-01T10:20:30.000Z'],
    ['20240501T102030Z', '2024-05-01T10:20:30.000Z'],
    ['20240501T1020', '2024-05-01T10:20:00.000Z'],
    ['2024-05-01 10:20:30,5', '2024-05-01T10:20:30.500Z'],
    ['2024-05-01 10:20:30.123456+0200', '2024-05-01T08:20:30.123456Z'],
    ['2024-05-01T10:20-05', '2024-05-01T15:20:00.000Z'],
    ['20240501T102030-0530', '2024-05-01T15:50:30.000Z'],
    ['2024-05-01 10:20:30-14:00', '2024-05-02T00:20:30.000Z'],
  ])('any: %s becomes %s', (text, value) => {
    expect(convert({ type: 'datetime', format: 'any' }, text)).toBe(`"${value}"`);
  });

  test.each([
    '2024-05-01 ', '2024-05-01T10', '2024-05-01T10:2030', '2024-05-01T1020:30', '2024-05-01  10:20', '2024-05-01 10:20:30 Z', '2024-05-01 10:20.5', '05/01/2024', '2023-02-29', '2024-05-01Z',
    '2024-05-01 10:20:30+90:00', '2024-05-01 10:20:30+90', '1714558830',
  ])('any: %j is refused', (text) => {
    expect(convert({ type: 'datetime', format: 'any' }, text)).toBe('type');
  });

  const instant = fc.integer({ min: -62_135_500_000_000, max: Date.UTC(9999, 11, 30) });
  const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
  const offsetText = (minutes: number) => {
    const size = Math.abs(minutes);
    return `${minutes < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
  };

  test('any instant, written with any offset, is the instant', () => {
    fc.assert(fc.property(instant, offset, (ms, minutes) => {
      const local = new Date(ms + minutes * 60_000).toISOString().slice(0, -1);
      const expected = `"${new Date(ms).toISOString()}"`;
      expect(convert({ type: 'datetime' }, local + offsetText(minutes))).toBe(expected);
      expect(convert({ type: 'datetime', format: 'any' }, local.replace('T', ' ') + offsetText(minutes).replace(':', ''))).toBe(expected);
      expect(convert({ type: 'datetime', format: '%Y-%m-%d %H:%M:%S.%f%z' }, local.replace('T', ' ') + offsetText(minutes))).toBe(expected);
      expect(convert({ type: 'datetime', timezone: offsetText(minutes) }, local)).toBe(expected);
    }));
  });

  test('a date and time that is right by its shape is refused exactly when Date has no such day', () => {
    const two = (max: number) => fc.integer({ min: 0, max }).map((number) => String(number).padStart(2, '0'));
    fc.assert(fc.property(fc.integer({ min: 1, max: 9999 }), two(14), two(33), two(25), two(61), two(61), fc.constantFrom('Z', '+00:00', ''), (year, month, day, hour, minute, second, zone) => {
      const date = `${String(year).padStart(4, '0')}-${month}-${day}`;
      const midnight = new Date(`${date}T00:00:00Z`);
      // Of the days that Date takes, it moves those that a month does not have into the next one.
      const isReal = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date);
      // Where the hour is 24, Date means the next day's midnight, as we do, unless minutes or seconds follow.
      const moment = new Date(`${date}T${hour}:${minute}:${second}Z`);
      const expected = isReal && !Number.isNaN(moment.getTime()) && moment.getUTCFullYear() <= 9999 ? JSON.stringify(moment) : 'type';
      expect(convert({ type: 'datetime' }, `${date}T${hour}:${minute}:${second}${zone}`)).toBe(expected);
    }), { numRuns: 2000 });
  });
});
