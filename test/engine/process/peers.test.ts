import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { parseString } from 'fast-csv';
import { compileLine } from '../../../bench/by-hand';
import { compileFormat, Format } from '../../../src/engine/format/format';
import { Schema } from '../../../src/spec/schema';
import { bytesSource, runWhole } from '../support/engine-run';
import { fuzz, FUZZ_TIMEOUT_MS } from '../support/fuzz';

function fastCsv(content: string, delimiter: string): Promise<string[][]> {
  return new Promise((resolve, reject) => {
    const records: string[][] = [];
    parseString(content, { delimiter, ignoreEmpty: false })
      .on('data', (record: string[]) => { records.push(record); })
      .on('end', () => resolve(records))
      .on('error', reject);
  });
}

const fieldPieces = fc.constantFrom('a', 'b', ' ', '"', ',', ';', '\n', '\r\n', 'é', '😀', '\\', '\t');
const field = fc.array(fieldPieces, { maxLength: 6 }).map((parts) => parts.join(''));

/** No text stands for "no value", as the peers have it. */
function textFormat(delimiter: string): Format {
  const fields = ['p', 'q', 'r'].map((name) => ({ name, missingValues: [] }));
  return compileFormat({ schema: { fields }, dialect: { header: false, delimiter }, maxRecordSize: 1024 * 1024 });
}

test('where fast-csv, csv-parse and the engine speak the same dialect they read the same fields', async () => {
  await fc.assert(fc.asyncProperty(
    fc.constantFrom(',', ';', '\t'), fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.array(fc.tuple(field, field, field), { minLength: 1, maxLength: 8 }),
    async (delimiter, lineEnd, quoteAll, records) => {
      const written = records.map((record) => record.map((text) => {
        const quoted = quoteAll || text === '' || text !== text.trim() || /[",;\t\r\n]/.test(text);
        return quoted ? `"${text.replaceAll('"', '""')}"` : text;
      }).join(delimiter)).join(lineEnd);
      const outcome = await runWhole(bytesSource(written), textFormat(delimiter));
      const read = outcome.output.split('\n').slice(0, -1).map((line) => Object.values(JSON.parse(line) as Record<string, string>));
      expect(outcome.rejects).toEqual([]);
      expect(read).toEqual(records);
      expect(read).toEqual(await fastCsv(written, delimiter));
      expect(read).toEqual(parse(written, { delimiter }));
    }), fuzz(1000, 'delimiter', 'lineEnd', 'quoteAll', 'records'));
}, FUZZ_TIMEOUT_MS);

/** A schema of columns that `bench/by-hand.ts` converts too. */
const TYPED: Schema = {
  fields: [
    { name: 'id', type: 'integer', constraints: { required: true, minimum: -5, maximum: 5000 } },
    { name: 'ratio', type: 'number' },
    { name: 'amount', type: 'decimal', precision: 9, scale: 2, constraints: { minimum: '-100.5', maximum: '99999.99' } },
    { name: 'day', type: 'date', formats: ['default', '%d.%m.%Y'], constraints: { minimum: '2000-01-01' } },
    { name: 'at', type: 'datetime', formats: ['default', '%Y-%m-%d %H:%M:%S', '%m/%d/%Y %H:%M'] },
    { name: 'code', type: 'string', constraints: { pattern: '[A-Z]{2}\\d{3}' } },
    { name: 'currency', type: 'string', constraints: { enum: ['USD', 'EUR', 'a "b", c'] } },
    { name: 'text', type: 'string', constraints: { maxLength: 5 } },
  ],
  missingValues: ['', 'NA'],
};

const from = (...texts: string[]) => fc.constantFrom(...texts);
const joined = (...parts: Array<fc.Arbitrary<string>>) => fc.tuple(...parts).map((texts) => texts.join(''));
const digits = (minLength: number, maxLength: number) => fc.string({ unit: from(...'0123456789'), minLength, maxLength });
const mostly = (usual: fc.Arbitrary<string>, ...others: string[]) => fc.oneof({ weight: 40, arbitrary: usual }, from(...others));
const two = (low: number, high: number) => fc.integer({ min: low, max: high }).map((value) => String(value).padStart(2, '0'));
const year = mostly(from('2000', '2023', '2024', '2100'), '1999');
const month = mostly(two(1, 12), '00', '13');
const day = mostly(two(1, 29), '00', '30', '31', '32');
// 24:00 is the next day's midnight to the engine alone.
const hour = mostly(two(0, 23), '25');
const sixtieth = mostly(two(0, 59), '60');
const dash = from('-');
const slash = from('/');
const colon = from(':');
const isoDate = joined(year, dash, month, dash, day);
const isoTime = joined(isoDate, from('T'), hour, colon, sixtieth, colon, sixtieth);

/**
 * Texts for each column, near misses among them, in forms that the engine and the converters by hand both take, or both
 * refuse.
 */
const TEXTS = [
  mostly(joined(from('', '0'), digits(1, 3)), '-5', '-6', '-0', '5000', '5001', '1.5'),
  mostly(joined(from('', '', '-', '+'), digits(1, 20), from('', '.5', '.250', '.000', '.1234567890123456789012')), '1,5', '--1', '1e', '-'),
  mostly(joined(from('', '0'), digits(1, 4), from('', '.5', '.25', '.00')), '-100.5', '-100.51', '-0.00', '1.250', '99999.99', '100000', '12345678.5'),
  fc.oneof(isoDate, joined(day, from('.'), month, from('.'), year)),
  fc.oneof(joined(isoTime, from('', '.5', '.123'), from('Z', '+00:00', '-05:30', '+14:00')), isoTime.map((text) => text.replace('T', ' ')),
    joined(month, slash, day, slash, year, from(' '), hour, colon, sixtieth)),
  mostly(joined(from('AB', 'XY'), digits(3, 3)), 'AB12', 'AB1234', 'Ab123'),
  mostly(from('USD', 'EUR', 'a "b", c'), 'usd'),
  mostly(fc.array(fieldPieces, { maxLength: 3 }).map((parts) => parts.join('')), 'six or more'),
].map((texts) => mostly(texts, '', 'NA', ' x'));

test('with typed columns they publish the same lines and reject as many records, where converters by hand follow fast-csv and csv-parse', async () => {
  const byHand = compileLine(TYPED);
  let published = 0;
  const record = fc.tuple(fc.tuple(...TEXTS), from('', '', '', '', '', '', '', '', '', 'short', 'long'));
  await fc.assert(fc.asyncProperty(
    from(',', ';', '\t'), from('\n', '\r\n'), fc.boolean(), fc.array(record, { minLength: 1, maxLength: 12 }),
    async (delimiter, lineEnd, quoteAll, records) => {
      const written = records.map(([texts, size]) => {
        const fields = texts.map((text) => {
          // The peers take a missing value for one also where it is in quotes.
          const quoted = text !== '' && text !== 'NA' && (quoteAll || text !== text.trim() || /[",;\t\r\n]/.test(text));
          return quoted ? `"${text.replaceAll('"', '""')}"` : text;
        });
        return (size === 'short' ? fields.slice(1) : size === 'long' ? [...fields, 'x'] : fields).join(delimiter);
      }).join(lineEnd);
      const typed = compileFormat({ schema: TYPED, dialect: { header: false, delimiter }, maxRecordSize: 1000 });
      const { output, recordsRejected } = await runWhole(bytesSource(written), typed);
      for (const read of [await fastCsv(written, delimiter), parse(written, { delimiter, relax_column_count: true }) as string[][]]) {
        const lines = read.map(byHand);
        expect(output).toBe(lines.filter((line) => line !== undefined).join(''));
        expect(recordsRejected).toBe(lines.filter((line) => line === undefined).length);
      }
      published += output.split('\n').length - 1;
    }), fuzz(1000, 'delimiter', 'lineEnd', 'quoteAll', 'records'));
  // Otherwise the test would prove nothing.
  expect(published).toBeGreaterThan(1000);
}, FUZZ_TIMEOUT_MS);
