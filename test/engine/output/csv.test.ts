import * as fc from 'fast-check';
import { parseString } from 'fast-csv';
import { jsonRecords, outputFormat, writePart } from './output-run';
import { OutputSettings } from '../../../src/spec/output-settings';
import { Field } from '../../../src/spec/schema';

async function csv(content: string, fields: ReadonlyArray<string | Field>, settings: OutputSettings = {}): Promise<string> {
  const { bytes } = await writePart(content, outputFormat(fields, { format: 'csv', ...settings }, { header: false }));
  return bytes.toString();
}

test('names first, then a line a record, ended by LF', async () => {
  expect(await csv('1,x\r\n2,y', ['id', 'a "b"'])).toBe('id,"a ""b"""\n1,x\n2,y\n');
});

test('no names where they are not wanted', async () => {
  expect(await csv('1,x\n', ['id', 't'], { header: false })).toBe('1,x\n');
});

test('a file without a valid record has no part, not even of names', async () => {
  const { bytes, result } = await writePart('x\n', outputFormat([{ name: 'id', type: 'integer' }], { format: 'csv' }, { header: false }));
  expect([bytes.length, result.outputBytes, result.recordsRejected]).toEqual([0, 0, 1]);
});

test.each([
  ['a missing value', 'NA,1', ',1'],
  ['an empty string', ',1', '"",1'],
  ['a delimiter', '"a,b",1', '"a,b",1'],
  ['quotes', 'a "b",1', '"a ""b""",1'],
  ['line ends, as they were', '"a\r\nb\rc\nd",1', '"a\r\nb\rc\nd",1'],
  ['blanks, which are part of the text', ' a,b ', '" a","b "'],
  ['a NUL', '\0a,1', '\0a,1'],
  ['a backslash', '\\n,1', '\\n,1'],
  ['text that is not ASCII', '東京 😀,1', '東京 😀,1'],
])('%s', async (_, record, written) => {
  expect(await csv(record, [{ name: 't', missingValues: ['NA'] }, 'n'], { header: false })).toBe(`${written}\n`);
});

test('values are written as they are published', async () => {
  const fields: Field[] = [
    { name: 'n', type: 'number', decimalChar: ',', groupChar: '.' }, { name: 'd', type: 'date', format: '%d.%m.%Y' }, { name: 'b', type: 'boolean', trueValues: ['ja'] },
    { name: 'm', type: 'decimal', scale: 2 }, { name: 't', type: 'datetime' },
  ];
  expect(await csv('"1.234,50",05.11.2026,ja,7,2026-01-01T01:00:00+01:00\n', fields, { header: false })).toBe('1234.5,2026-11-05,true,7.00,2026-01-01T00:00:00.000Z\n');
});

test('a text that stands for no value in the schema comes back as a text', async () => {
  const format = outputFormat(['t', { name: 'n', type: 'integer', missingValues: ['-1'] }], { format: 'csv', header: false }, { header: false }, { missingValues: ['NA', ''], quotedMissingValues: false });
  const { bytes } = await writePart('"NA","-1"\nNA,-1\n', format);
  expect(bytes.toString()).toBe('"NA","-1"\n,\n');
});

test('U+FEFF that begins a text is not taken for a byte order mark', async () => {
  expect(await csv('x,\ufeffb\n"\ufeffa",y\n', ['t', 'u'], { header: false })).toBe('x,"\ufeffb"\n"\ufeffa",y\n');
});

test('a missing value rejects the record where it is the only column', async () => {
  const { bytes, rejects } = await writePart('a\nNA\nb\n', outputFormat(['t'], { format: 'csv' }, { header: false }, { missingValues: ['NA'] }));
  expect(bytes.toString()).toBe('t\na\nb\n');
  expect(rejects).toMatchObject([{ code: 'constraint', column: 't', message: 'must be a value where it is the only column (CSV), got none' }]);
});

describe('formula-safe', () => {
  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '＝1+1', '＋1', '－1', '＠SUM(A1)', '\t=1', '\r=1', '\n=1', '\0=1'])('%j gets an apostrophe', async (text) => {
    const written = await csv(`"${text}"`, ['t'], { header: false, formulaSafe: true });
    expect(written.replace(/^"|"(?=\n$)/g, '')).toBe(`'${text}\n`);
  });

  test.each(['a=1', ' =1', "'=1", ''])('%j stays', async (text) => {
    const written = await csv(`"${text}",1`, ['t', 'n'], { header: false, formulaSafe: true });
    expect(written.replaceAll('"', '')).toBe(`${text},1\n`);
  });

  test.each(['a;=1', 'a\t=1', ';', "'=1;=2"])('%j is one cell also where semicolons and tabs separate cells', async (text) => {
    expect(await csv(`"${text}",1`, ['t', 'n'], { header: false, formulaSafe: true })).toBe(`"${text}",1\n`);
    expect(await csv(`"${text}",1`, ['t', 'n'], { header: false })).toBe(`${text},1\n`);
  });

  test('names are texts', async () => {
    expect(await csv('1,2,3\n', ['=a', '＝b', 'c;=d'], { formulaSafe: true })).toBe('\'=a,\'＝b,"c;=d"\n1,2,3\n');
  });

  test('numbers and dates stay numbers and dates', async () => {
    const fields: Field[] = [{ name: 'i', type: 'integer' }, { name: 'd', type: 'decimal', scale: 1 }, { name: 'n', type: 'number' }];
    expect(await csv('-1,-1.5,-2.5\n', fields, { header: false, formulaSafe: true })).toBe('-1,-1.5,-2.5\n');
  });

  test('not unless it is asked for', async () => {
    expect(await csv('=1,-1,＝1,a;=1\n', ['t', 'u', 'v', 'w'], { header: false })).toBe('=1,-1,＝1,a;=1\n');
  });
});

const text = fc.array(fc.constantFrom('a', '1', ' ', '"', ',', '\n', '\r', '\r\n', 'é', '😀', '\\', '\t', '\0', '\ufeff', 'NA', "'"), { maxLength: 6 }).map((parts) => parts.join(''));
const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;

function fastCsv(content: string): Promise<string[][]> {
  return new Promise((resolve, reject) => {
    const records: string[][] = [];
    parseString(content, { ignoreEmpty: false }).on('data', (record: string[]) => { records.push(record); }).on('end', () => resolve(records)).on('error', reject);
  });
}

test('fast-csv reads the texts that were written', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 6 }), async (records) => {
    const content = records.map((record) => record.map(quoted).join(',')).join('\n') + '\n';
    const written = await csv(content, ['t', 'u']);
    expect(await fastCsv(written)).toEqual([['t', 'u'], ...records]);
  }), { numRuns: 500 });
}, 60_000);

test('what was written is read as the same records, missing values and empty strings too', async () => {
  const cell = fc.oneof(text.map(quoted), fc.constantFrom('', 'NA'));
  const integer = fc.oneof(fc.bigInt().map(String), fc.constant(''));
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(cell, integer, cell), { minLength: 1, maxLength: 8 }), async (records) => {
    const fields: Array<string | Field> = ['t', { name: 'n', type: 'integer' }, { name: 'u', missingValues: ['', 'a', 'é'] }];
    const content = records.map((record) => record.join(',')).join('\n') + '\n';
    const format = outputFormat(fields, { format: 'csv' }, { header: false }, { quotedMissingValues: false });
    const { bytes, rejects } = await writePart(content, format);
    expect(rejects).toEqual([]);
    const readBack = await jsonRecords(bytes, outputFormat(fields, {}, {}, { quotedMissingValues: false }));
    expect(readBack).toEqual(await jsonRecords(content, format));
  }), { numRuns: 500 });
}, 60_000);
