import { convert, message } from './convert';
import { dateNames } from '../../../src/engine/types/date-names';
import { runEveryWay } from '../support/every-way';

describe('epoch', () => {
  test.each([
    ['0', '1970-01-01T00:00:00.000Z'], ['-0', '1970-01-01T00:00:00.000Z'], ['1714558830', '2024-05-01T10:20:30.000Z'], ['0001714558830', '2024-05-01T10:20:30.000Z'],
    ['1714558830.5', '2024-05-01T10:20:30.500Z'], ['1714558830.123456789', '2024-05-01T10:20:30.123456789Z'],
    ['-1', '1969-12-31T23:59:59.000Z'], ['-0.25', '1969-12-31T23:59:59.750Z'], ['-1.000', '1969-12-31T23:59:59.000Z'], ['-86400', '1969-12-31T00:00:00.000Z'],
    ['-62135596800', '0001-01-01T00:00:00.000Z'], ['253402300799.999', '9999-12-31T23:59:59.999Z'],
  ])('%s is %s', (text, value) => {
    expect(convert({ type: 'datetime', format: 'epoch' }, text)).toBe(`"${value}"`);
  });

  test.each(['', '+1', '1e9', '1.', '.5', '1,5', ' 1', '--1', '0x10', '1714558830Z', '253402300800', '-62135596801', '-62135596800.5', '1714558830123', '9'.repeat(400)])('%j is refused', (text) => {
    expect(convert({ type: 'datetime', format: 'epoch' }, text, true)).toBe('type');
  });
});

test.each([
  ['0', '1970-01-01T00:00:00.000Z'], ['1714558830123', '2024-05-01T10:20:30.123Z'], ['5', '1970-01-01T00:00:00.005Z'], ['-5', '1969-12-31T23:59:59.995Z'],
  ['-1000', '1969-12-31T23:59:59.000Z'], ['1714558830123.4567', '2024-05-01T10:20:30.1234567Z'], ['-0.5', '1969-12-31T23:59:59.9995Z'],
  ['253402300799999', '9999-12-31T23:59:59.999Z'],
])('epochMillis: %s is %s', (text, value) => {
  expect(convert({ type: 'datetime', format: 'epochMillis' }, text)).toBe(`"${value}"`);
});

test.each(['253402300800000', '-62135596800001', '1.7e12', '+1'])('epochMillis: %j is refused', (text) => {
  expect(convert({ type: 'datetime', format: 'epochMillis' }, text)).toBe('type');
});

test('seconds and milliseconds may stand in one column, and are numbers of JSON', async () => {
  const schema = { fields: [{ name: 'at', type: 'datetime', formats: ['epoch', 'epochMillis'], constraints: { minimum: '2024-01-01T00:00:00Z' } }] } as const;
  const { lines, rejects } = await runEveryWay('{"at":1714558830}\n{"at":"1714558830123"}\n{"at":1}\n', { schema, recordFormat: 'json' });
  expect(lines).toEqual(['{"at":"2024-05-01T10:20:30.000Z"}', '{"at":"2024-05-01T10:20:30.123Z"}']);
  expect(rejects[0][0]).toContain('constraint at: must be at least 2024-01-01T00:00:00Z');
});

describe('24:00 is the next day\'s midnight', () => {
  test.each([
    ['default', '2024-05-01T24:00:00', '2024-05-02T00:00:00.000Z'], ['default', '2024-02-28T24:00:00.000Z', '2024-02-29T00:00:00.000Z'],
    ['default', '2024-12-31T24:00:00+02:00', '2024-12-31T22:00:00.000Z'], ['default', '2024-12-31T24:00:00-05:00', '2025-01-01T05:00:00.000Z'],
    ['default', '9999-12-31T24:00:00+01:00', '9999-12-31T23:00:00.000Z'], ['any', '20240501 24:00', '2024-05-02T00:00:00.000Z'], ['any', '20240501T240000Z', '2024-05-02T00:00:00.000Z'],
    ['%Y-%m-%d %H:%M', '2024-05-01 24:00', '2024-05-02T00:00:00.000Z'], ['%Y-%m-%d %H', '2024-5-1 24', '2024-05-02T00:00:00.000Z'],
    ['%Y-%m-%d %H:%M:%S.%f', '2024-05-01 24:00:00.000', '2024-05-02T00:00:00.000Z'],
  ])('%s: %s is %s', (format, text, value) => {
    expect(convert({ type: 'datetime', format }, text)).toBe(`"${value}"`);
  });

  test.each([
    ['default', '2024-05-01T24:00:01'], ['default', '2024-05-01T24:01:00'], ['default', '2024-05-01T24:00:00.001'], ['default', '9999-12-31T24:00:00Z'], ['default', '2024-05-01T25:00:00'],
    ['any', '2024-05-01 24:01'], ['%Y-%m-%d %H:%M', '2024-05-01 24:01'], ['%Y-%m-%d %I:%M %p', '2024-05-01 24:00 AM'], ['%Y-%m-%d %H:%M:%S.%f', '2024-05-01 24:00:00.5'],
  ])('%s: %s is refused', (format, text) => {
    expect(convert({ type: 'datetime', format }, text)).toBe('type');
  });

  test('by the clock of the zone, also where that midnight never came', () => {
    const at = (timezone: string, text: string) => convert({ type: 'datetime', timezone }, text);
    expect(at('Europe/Berlin', '2024-03-31T24:00:00')).toBe('"2024-03-31T22:00:00.000Z"');
    expect(at('Asia/Beirut', '2024-03-30T24:00:00')).toBe(at('Asia/Beirut', '2024-03-31T00:00:00'));
    expect(at('Asia/Beirut', '2024-03-30T24:00:00')).toBe('type');
  });
});

describe('names of a locale', () => {
  test.each([
    ['de', '%d. %B %Y', '1. März 2024', '2024-03-01'], ['de', '%d. %B %Y', '1. MÄRZ 2024', '2024-03-01'], ['de', '%d. %b %Y', '1. Dez. 2024', '2024-12-01'],
    ['de', '%d. %b %Y', '1. Dez 2024', '2024-12-01'], ['de', '%d. %b. %Y', '1. Dez. 2024', '2024-12-01'], ['de', '%d. %b %Y', '1. Juni 2024', '2024-06-01'],
    ['de', '%d. %b %Y', '1. Jun 2024', '2024-06-01'], ['de', '%d%b%Y', '1Mai2024', '2024-05-01'], ['de', '%A, %d. %B %Y', 'Mittwoch, 1. Mai 2024', '2024-05-01'],
    ['de', '%a %d.%m.%Y', 'Mi. 01.05.2024', '2024-05-01'], ['de', '%a, %d.%m.%Y', 'Mi, 01.05.2024', '2024-05-01'],
    ['fr', '%d %B %Y', '1 août 2024', '2024-08-01'], ['fr', '%d-%b-%y', '01-févr.-24', '2024-02-01'], ['fr', '%d-%b-%y', '01-FÉVR-24', '2024-02-01'],
    ['es', '%d de %B de %Y', '1 de mayo de 2024', '2024-05-01'], ['pt-BR', '%d/%b/%Y', '01/fev/2024', '2024-02-01'], ['it', '%d %b %Y', '1 gen 2024', '2024-01-01'],
    ['pl', '%d %B %Y', '1 maja 2024', '2024-05-01'], ['pl', '%B %d %Y', 'maj 1 2024', '2024-05-01'], ['ru', '%d %B %Y', '1 мая 2024', '2024-05-01'],
    ['ru', '%B %d %Y', 'Май 1 2024', '2024-05-01'], ['tr', '%d %B %Y', '1 KASIM 2024', '2024-11-01'], ['tr', '%d %B %Y', '1 NİSAN 2024', '2024-04-01'],
    ['zh', '%Y年%B%d日', '2024年十一月1日', '2024-11-01'], ['vi', '%B %Y, %d', 'tháng 1 2024, 5', '2024-01-05'], ['vi', '%B %Y, %d', 'tháng 12 2024, 5', '2024-12-05'],
  ])('%s %s reads %s', (locale, format, text, value) => {
    expect(convert({ type: 'date', locale, format }, text)).toBe(`"${value}"`);
  });

  test.each([
    ['de', '%d. %B %Y', '1. May 2024'], ['de', '%d. %B %Y', '1. Dez. 2024'], ['de', '%d. %b. %Y', '1. Dez 2024'], ['de', '%a %d.%m.%Y', 'Do. 01.05.2024'], ['fr', '%d %b %Y', '1 jui 2024'],
  ])('%s %s refuses %s', (locale, format, text) => {
    expect(convert({ type: 'date', locale, format }, text)).toBe('type');
  });

  test('without a locale they are English, and a message tells the locale', () => {
    expect(convert({ type: 'date', format: '%d %b %Y' }, '1 Mai 2024')).toBe('type');
    expect(message({ type: 'date', format: '%d %b %Y', locale: 'de' }, 'x')).toBe('expected a date of format %d %b %Y, with the names of de, got "x"');
  });

  test('a locale that has no names, or whose names would run into digits, is refused', () => {
    expect(() => convert({ type: 'date', locale: 'ja', format: '%B %d %Y' }, '')).toThrow('format must not hold %B: the locale has numbers there, and no names');
    expect(() => convert({ type: 'date', locale: 'vi', format: '%B%d %Y' }, '')).toThrow('format must not go on with digits after %B: the locale has names that end with digits');
    expect(() => convert({ type: 'date', locale: 'tlh', format: '%B %d %Y' }, '')).toThrow('locale must be one that this runtime knows, got "tlh"');
  });

  test('in every locale a name stands for one month, weekday or half of the day', () => {
    const locales = ['ar', 'bg', 'ca', 'cs', 'da', 'de', 'el', 'en-GB', 'es', 'et', 'fa', 'fi', 'fr', 'he', 'hi', 'hr', 'hu', 'id', 'it', 'ko', 'lt', 'lv', 'nb', 'nl', 'pl', 'pt', 'ro', 'ru', 'sk', 'sl', 'sr', 'sv', 'th', 'tr', 'uk', 'zh', 'zh-TW'];
    for (const locale of locales) {
      const { month, weekday, half, fold } = dateNames(locale);
      for (const [names, most] of [[month.long, 12], [month.short, 12], [weekday.long, 7], [weekday.short, 7], [half, 2]] as const) {
        const meanings = new Map<string, Set<number>>();
        for (const [name, index] of names) meanings.set(fold(name), (meanings.get(fold(name)) ?? new Set()).add(index));
        expect([locale, [...meanings.values()].every((indices) => indices.size === 1)]).toEqual([locale, true]);
        expect([0, most]).toContain(new Set(names.map(([, index]) => index)).size);
      }
    }
  });
});

test.each([
  [undefined, '1:05 am', '01:05'], [undefined, '1:05 A.M.', '01:05'], [undefined, '12:05 p.m.', '12:05'], [undefined, '1:05 p. m.', '13:05'], [undefined, '1:05 p.\u00a0m.', '13:05'],
  [undefined, '12:00 AM', '00:00'], ['es', '1:05 p.\u00a0m.', '13:05'], ['es', '1:05 PM', '13:05'], ['zh-TW', '1:05 下午', '13:05'], ['el', '1:05 π.μ.', '01:05'],
])('%s: %j is %s', (locale, text, time) => {
  expect(convert({ type: 'datetime', locale, format: '%Y-%m-%d %I:%M %p' }, `2024-05-01 ${text}`)).toBe(`"2024-05-01T${time}:00.000Z"`);
});

test.each(['1:05 a', '1:05 a.m', '1:05 am.', '1:05 xm', '1:05 a  m', '1:05 '])('%j is neither AM nor PM', (text) => {
  expect(convert({ type: 'datetime', format: '%Y-%m-%d %I:%M %p' }, `2024-05-01 ${text}`)).toBe('type');
});

test('abbreviations of zones are those of the table, and no other', () => {
  const field = { type: 'datetime', format: '%Y-%m-%d %H:%M %Z', timezone: 'America/New_York', zoneAbbreviations: { CET: '+01:00', CEST: '+0200', UTC: 'Z', IST: '+05:30' } } as const;
  const read = (text: string) => convert(field, `2024-05-01 10:20 ${text}`);
  expect(['CET', 'CEST', 'cest', 'UTC', 'IST'].map(read)).toEqual(
    ['09:20', '08:20', '08:20', '10:20', '04:50'].map((time) => `"2024-05-01T${time}:00.000Z"`));
  expect(['EST', 'CES', 'CETT', '', 'Z', '+01:00'].map(read)).toEqual(new Array(6).fill('type'));
});
