import * as fc from 'fast-check';
import { convert } from './convert';
import { compileDatePattern } from '../../../src/engine/types/date-pattern';
import { DATE_DIRECTIVES, datePatternFault } from '../../../src/spec/date-directives';

test.each([
  ['%d.%m.%Y', '31.12.2024', '2024-12-31'],
  ['%d.%m.%Y', '1.2.2024', '2024-02-01'],
  ['%Y%m%d', '20240229', '2024-02-29'],
  ['%m/%d/%y', '02/01/68', '2068-02-01'],
  ['%m/%d/%y', '02/01/69', '1969-02-01'],
  ['%m/%d/%y', '02/01/00', '2000-02-01'],
  ['%d %b %Y', '5 may 2024', '2024-05-05'],
  ['%d-%b-%y', '05-DEC-24', '2024-12-05'],
  ['%B %d, %Y', 'February 29, 2024', '2024-02-29'],
  ['%A, %d %B %Y', 'Thursday, 29 February 2024', '2024-02-29'],
  ['%a %d.%m.%Y', 'THU 29.02.2024', '2024-02-29'],
  ['%a %d.%m.%Y', 'Wed 31.12.1969', '1969-12-31'],
  ['%Y-%j', '2024-366', '2024-12-31'],
  ['%Y-%j', '2024-60', '2024-02-29'],
  ['%Y%j', '2023060', '2023-03-01'],
  ['%%%Y-%m-%d', '%2024-01-02', '2024-01-02'],
  ['Ü%Y-%m-%d😀', 'Ü2024-01-02😀', '2024-01-02'],
])('date %s reads %s', (format, text, value) => {
  expect(convert({ type: 'date', format }, text)).toBe(`"${value}"`);
});

test.each([
  ['%d.%m.%Y', '30.02.2024'], ['%d.%m.%Y', '31.13.2024'], ['%d.%m.%Y', '00.01.2024'], ['%d.%m.%Y', '1.1.24'], ['%d.%m.%Y', '1.1.20244'], ['%d.%m.%Y', '01.01.0000'],
  ['%d.%m.%Y', ' 1.01.2024'], ['%d.%m.%Y', '01.01.2024 '], ['%d.%m.%Y', '001.1.2024'], ['%d.%m.%Y', '01-01-2024'], ['%d.%m.%Y', ''],
  ['%Y%m%d', '2024229'], ['%Y%m%d', '202402290'], ['%d %b %Y', '5 mai 2024'], ['%d %b %Y', '5 February 2024'], ['%a %d.%m.%Y', 'Fri 29.02.2024'],
  ['%Y-%j', '2023-366'], ['%Y-%j', '2023-0'], ['%Y-%j', '2023-000'], ['%m/%d/%y', '1/2/2024'],
])('date %s refuses %j', (format, text) => {
  expect(convert({ type: 'date', format }, text, true)).toBe('type');
});

test.each([
  ['%Y-%m-%d %H:%M:%S', '2024-05-01 10:20:30', '2024-05-01T10:20:30.000Z'],
  ['%Y-%m-%d %H:%M:%S', '2024-5-1 1:2:3', '2024-05-01T01:02:03.000Z'],
  ['%Y-%m-%dT%H:%M:%S.%f', '2024-05-01T10:20:30.5', '2024-05-01T10:20:30.500Z'],
  ['%Y-%m-%dT%H:%M:%S.%f%z', '2024-05-01T10:20:30.123456789+02:00', '2024-05-01T08:20:30.123456789Z'],
  ['%Y%m%d%H%M%S%f', '20240501102030123', '2024-05-01T10:20:30.123Z'],
  ['%Y%m%d%H%M', '202405011020', '2024-05-01T10:20:00.000Z'],
  ['%m/%d/%Y %I:%M %p', '5/1/2024 12:05 am', '2024-05-01T00:05:00.000Z'],
  ['%m/%d/%Y %I:%M %p', '5/1/2024 12:05 PM', '2024-05-01T12:05:00.000Z'],
  ['%m/%d/%Y %I:%M:%S%p', '05/01/2024 11:59:59PM', '2024-05-01T23:59:59.000Z'],
  ['%d/%b/%Y:%H:%M:%S %z', '01/May/2024:10:20:30 -0700', '2024-05-01T17:20:30.000Z'],
  ['%Y-%m-%d %H:%M %z', '2024-05-01 10:20 Z', '2024-05-01T10:20:00.000Z'],
  ['%d.%m.%Y', '01.05.2024', '2024-05-01T00:00:00.000Z'],
  ['%d.%m.%Y %H', '01.05.2024 7', '2024-05-01T07:00:00.000Z'],
])('datetime %s reads %s', (format, text, value) => {
  expect(convert({ type: 'datetime', format }, text)).toBe(`"${value}"`);
});

test.each([
  ['%Y-%m-%d %H:%M:%S', '2024-05-01 24:00:01'], ['%Y-%m-%d %H:%M:%S', '2024-05-01 25:00:00'], ['%Y-%m-%d %H:%M:%S', '2024-05-01 23:59:60'], ['%Y-%m-%d %H:%M:%S', '2024-5-01 23:60:00'], ['%Y-%m-%d %H:%M:%S', '2024-05-01T10:20:30'],
  ['%Y-%m-%d %H:%M:%S', '2024-05-01 10:20'], ['%m/%d/%Y %I:%M %p', '5/1/2024 0:05 AM'], ['%m/%d/%Y %I:%M %p', '5/1/2024 13:05 PM'], ['%m/%d/%Y %I:%M %p', '5/1/2024 10:05'],
  ['%Y-%m-%d %H:%M %z', '2024-05-01 10:20 +90:00'], ['%Y-%m-%d %H:%M %z', '2024-05-01 10:20 +02'], ['%Y-%m-%d %H:%M %z', '2024-05-01 10:20 '],
  ['%Y-%m-%d %H:%M:%S.%f', '2024-05-01 10:20:30.'], ['%Y-%m-%d %H:%M:%S.%f', '2024-05-01 10:20:30.1234567890'],
])('datetime %s refuses %j', (format, text) => {
  expect(convert({ type: 'datetime', format }, text)).toBe('type');
});

test.each([
  ['%Y %d', 'must hold one of %m, %b and %B if it holds %d, or %j alone'],
  ['%Y-%m %H', 'must hold a day if it holds a weekday or an hour'],
  ['%a %Y', 'must hold a day if it holds a weekday or an hour'],
  ['%m-%d', 'must hold one of %Y and %y'],
  ['%Y-%y-%m-%d', 'must hold one of %Y and %y'],
  ['%Y-%m-%d %m', 'must hold each directive once'],
  ['%Y-%j %d', 'must hold one of %m, %b and %B if it holds %d, or %j alone'],
  ['%Y-%m-%d %I:%M', 'must hold %H, or %I with %p'],
  ['%Y-%m-%d %H %p', 'must hold %H, or %I with %p'],
  ['%Y-%m-%d :%M', 'must hold an hour'],
  ['%Y-%m-%d %H %S', 'must hold %M if it holds %S'],
  ['%Y-%m-%d %H:%M .%f', 'must hold %S if it holds %f'],
  ['%f%Y-%m-%d %H:%M:%S', 'must not go on with digits after %f'],
  ['%Y-%m-%d %U', 'must hold only the directives'],
  ['%Y-%m-%d %Z', 'must hold %Z only where zoneAbbreviations says'],
  ['%Y-%m-%d %', 'must hold only the directives'],
  ['YYYY-MM-DD', 'must hold one of %Y and %y'],
])('pattern %s does not compile', (format, expected) => {
  expect(() => convert({ type: 'datetime', format }, '')).toThrow(expected);
});

test('a date has no time of day and no offset', () => {
  expect(() => convert({ type: 'date', format: '%Y-%m-%d %H:%M' }, '')).toThrow('field "field": format "%Y-%m-%d %H:%M" must hold no time of day and no offset, because the type is date');
  expect(() => convert({ type: 'date', format: '%Y-%m-%d%z' }, '')).toThrow('no offset');
});

test('a literal is a literal, also where it has a meaning in regular expressions', () => {
  expect(convert({ type: 'date', format: '(%Y.%m.%d)*' }, '(2024.01.02)*')).toBe('"2024-01-02"');
  expect(convert({ type: 'date', format: '(%Y.%m.%d)*' }, '2024x01x02')).toBe('type');
});

test('texts with all their digits and texts without read the same', () => {
  const format = '%d/%m/%Y %H:%M:%S';
  const upTo = (max: number) => fc.integer({ min: 0, max });
  const two = (number: number) => String(number).padStart(2, '0');
  fc.assert(fc.property(upTo(40), upTo(14), upTo(9999), upTo(26), upTo(62),
    (day, month, year, hour, minute) => {
      const yearText = String(year).padStart(4, '0');
      expect(convert({ type: 'datetime', format }, `${two(day)}/${two(month)}/${yearText} ${two(hour)}:${two(minute)}:07`))
        .toBe(convert({ type: 'datetime', format }, `${day}/${month}/${yearText} ${hour}:${minute}:7`));
    }));
});

test('a pattern compiles if, and only if, it has no fault', () => {
  const element = fc.constantFrom(...Object.keys(DATE_DIRECTIVES).map((name) => `%${name}`), '%Q', '%', '-', ' ', '5', 'é');
  const nearlyRight = fc.shuffledSubarray(['%Y', '%m', '%d', '%H', '%M', '%S', '%f', '%z', '-', '5', '%j'], { minLength: 3 });
  fc.assert(fc.property(fc.oneof(fc.array(element, { maxLength: 8 }), nearlyRight), fc.constantFrom('date' as const, 'datetime' as const), (elements, type) => {
    const pattern = elements.join('');
    let compiles = true;
    try {
      compileDatePattern(pattern, type);
    } catch {
      compiles = false;
    }
    expect(datePatternFault(pattern, type) === undefined).toBe(compiles);
  }), { numRuns: 5000 });
});

test('a month or a day that a pattern does not say is the first', () => {
  expect(convert({ type: 'date', format: '%Y' }, '2024')).toBe('"2024-01-01"');
  expect(convert({ type: 'date', format: '%Y-%m' }, '2024-2')).toBe('"2024-02-01"');
  expect(convert({ type: 'date', format: '%b %Y' }, 'MAY 2024')).toBe('"2024-05-01"');
  expect(convert({ type: 'datetime', format: '%m/%Y' }, '05/2024')).toBe('"2024-05-01T00:00:00.000Z"');
  for (const text of ['24', '2024-01', '0000', '20241']) expect([text, convert({ type: 'date', format: '%Y' }, text)]).toEqual([text, 'type']);
  expect(convert({ type: 'date', format: '%Y-%m' }, '2024-13')).toBe('type');
});
