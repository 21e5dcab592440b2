import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { parseString } from 'fast-csv';
import { bytesSource, format, runWhole } from './engine-run';
import { fuzz, FUZZ_TIMEOUT_MS } from './fuzz';

function fastCsv(content: string, delimiter: string): Promise<string[][]> {
  return new Promise((resolve, reject) => {
    const records: string[][] = [];
    parseString(content, { delimiter, ignoreEmpty: false })
      .on('data', (record: string[]) => { records.push(record); })
      .on('end', () => resolve(records))
      .on('error', reject);
  });
}

const field = fc.array(fc.constantFrom('a', 'b', ' ', '"', ',', ';', '\n', '\r\n', 'é', '😀', '\\', '\t'), { maxLength: 6 }).map((parts) => parts.join(''));

test('where fast-csv, csv-parse and the engine speak the same dialect they read the same fields', async () => {
  await fc.assert(fc.asyncProperty(
    fc.constantFrom(',', ';', '\t'), fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.array(fc.tuple(field, field, field), { minLength: 1, maxLength: 8 }),
    async (delimiter, lineEnd, quoteAll, records) => {
      const written = records.map((record) => record.map((text) => {
        const quoted = quoteAll || text === '' || text !== text.trim() || /[",;\t\r\n]/.test(text);
        return quoted ? `"${text.replaceAll('"', '""')}"` : text;
      }).join(delimiter)).join(lineEnd);
      const outcome = await runWhole(bytesSource(written), format(['p', 'q', 'r'], { header: false, delimiter }));
      const read = outcome.output.split('\n').slice(0, -1).map((line) => Object.values(JSON.parse(line) as Record<string, string>));
      expect(outcome.rejects).toEqual([]);
      expect(read).toEqual(records);
      expect(read).toEqual(await fastCsv(written, delimiter));
      expect(read).toEqual(parse(written, { delimiter }));
    }), fuzz(1000));
}, FUZZ_TIMEOUT_MS);
