/** A spreadsheet's export, in Windows-1252 and with columns of its own, becomes compressed CSV in UTF-8. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { DeployedPipeline } from './deployed-pipeline';
import { JobRecord } from '../../emulator/job-watch';

// Chunks of 1 MiB; `Preis (€)` is an alias of `price`; `others` takes the columns that are no fields.
const pipeline = new DeployedPipeline('Formats');

const FILE_HEADER = 'Filiale;Preis (€);Geprüft;order_id;customer\r\n';
const PART_HEADER = 'order_id,customer,price,others\n';
const RECORDS = 60_000;

/** The bytes of the characters here that ISO-8859-1 does not have; those of all others are the same. */
const WINDOWS_1252: Readonly<Record<string, number>> = { '€': 0x80, 'Œ': 0x8c, '’': 0x92, '–': 0x96 };

function windows1252(text: string): Buffer {
  return Buffer.from([...text].map((char) => String.fromCharCode(WINDOWS_1252[char] ?? char.charCodeAt(0))).join(''), 'latin1');
}

/** As they stand in the file, and in a part. */
const CUSTOMERS = [
  { read: 'José Müller – 5 €', written: 'José Müller – 5 €' },
  { read: '"Café ""L’Étoile""; Liège"', written: '"Café ""L’Étoile""; Liège"' },
  { read: 'Œuvre, Fils', written: '"Œuvre, Fils"' },
  { read: '"quoted"', written: 'quoted' },
  { read: '""', written: '' },
  { read: '', written: '' },
];

/** The later records of a key: in one chunk with the first one, chunks apart, and a third of the same key. */
const DUPLICATES = new Map([[1_000, 5], [40_000, 7], [59_999, 7]]);

const BAD = new Map([
  [2_000, { text: 'Köln;1,00;;;no key', code: 'required', column: 'order_id', message: 'expected a value, got none' }],
  [20_000, { text: 'Koeln;1.00;;20000;', code: 'type', column: 'price', message: expect.stringMatching(/^expected .*, got "1\.00"$/) }],
  // Windows-1252 has no character for the byte 0x81.
  [30_000, { text: 'Köln;1,00;;30000;\u0081', code: 'encoding', column: 'customer', message: 'a field must be valid Windows-1252, this one has other bytes' }],
]);

const records = Array.from({ length: RECORDS }, (_, index) => {
  const key = DUPLICATES.get(index) ?? index;
  const customer = CUSTOMERS[index % CUSTOMERS.length];
  const [units, cents] = [index % 1_000, String(index % 100).padStart(2, '0')];
  return {
    text: BAD.get(index)?.text ?? `Orléans ${index % 7};${units},${cents};${index % 2 === 0 ? '' : 'ja'};${key};${customer.read}`,
    written: `${key},${customer.written},${units}.${cents},"{""Filiale"":""Orléans ${index % 7}"",""Geprüft"":${index % 2 === 0 ? 'null' : '""ja""'}}"\n`,
  };
});
const lines = [FILE_HEADER, ...records.map(({ text }) => `${text}\r\n`)].map(windows1252);
const text = Buffer.concat(lines);

/** Where each record begins. */
const offsets: number[] = [];
lines.reduce((offset, line) => {
  offsets.push(offset);
  return offset + line.length;
}, 0);
offsets.shift();

const REJECTED = [...BAD.keys(), ...DUPLICATES.keys()].sort((a, b) => a - b);

function rejectedRow(index: number) {
  const first = DUPLICATES.get(index)!;
  const { code, column, message } = BAD.get(index) ?? {
    code: 'unique', column: 'order_id', message: `must be unique (primaryKey order_id), the first one is on line ${first + 2} (byte ${offsets[first]})`,
  };
  const bytes = windows1252(records[index].text);
  const isAscii = bytes.every((byte) => byte < 0x80);
  return {
    _line: String(index + 2),
    _byte_offset: String(offsets[index]),
    _code: code,
    _column: column,
    _message: message,
    _encoding: isAscii ? 'utf-8' : 'base64',
    _record: bytes.toString(isAscii ? 'latin1' : 'base64'),
  };
}

describe.each([
  { name: 'plain', key: 'incoming/orders.csv', file: text },
  // Two members, and the second one begins in the middle of a record.
  { name: 'gzip', key: 'incoming/orders.csv.gz', file: Buffer.concat([gzipSync(text.subarray(0, 1_500_001)), gzipSync(text.subarray(1_500_001))]) },
])('2 MB of orders in Windows-1252, $name', ({ key, file }) => {
  let record: JobRecord;

  beforeAll(async () => {
    record = await pipeline.process(key, file);
  });

  test('each part is a whole CSV file with the valid records of its chunk', async () => {
    const { chunks } = await pipeline.report(record);
    const keys = (await pipeline.publishedKeys(record)).filter((published) => published.includes('/part-'));
    expect(chunks.length).toBeGreaterThan(2);
    expect(keys.map((published) => published.slice(published.lastIndexOf('/') + 1))).toEqual(chunks.map((_, index) => `part-0000${index}.csv.gz`));
    for (const [index, { start, end }] of chunks.entries()) {
      const expected = records.filter((_, number) => start <= offsets[number] && offsets[number] < end && !REJECTED.includes(number));
      const part = gunzipSync(await pipeline.read(keys[index])).toString();
      expect(part === PART_HEADER + expected.map(({ written }) => written).join('')).toBe(true);
    }
  });

  test('the others are in rejected.csv, with the bytes that they had', async () => {
    expect(await pipeline.rejected(record)).toEqual(REJECTED.map(rejectedRow));
  });

  test('the report counts them', async () => {
    expect(await pipeline.report(record)).toMatchObject({
      status: 'SUCCEEDED',
      fileSize: file.length,
      recordsRead: RECORDS,
      recordsWritten: RECORDS - 6,
      recordsRejected: 6,
      rejectsByCode: { unique: 3, required: 1, type: 1, encoding: 1 },
      rejectsByColumn: { order_id: 4, price: 1, customer: 1 },
    });
  });
});
