import { createHash } from 'node:crypto';
import { checkHead } from '../../../src/engine/records/head';
import { detectInput } from '../../../src/engine/staging/detect-input';
import { bytesSource, format } from '../support/engine-run';
import { runEveryWay } from '../support/every-way';

const SCHEMA = { fields: [{ name: 'id', type: 'integer' }, { name: 'text' }] } as const;
const FORMAT = format([...SCHEMA.fields]);
const HEADER = 'id,text\n';
/** So many bytes before the record that has the NUL. */
const PLACES = [8, 100, 1000, 65_528, 65_536, 100_000];

function after(bytes: number, record: string): { file: string; before: number } {
  const before = Math.floor((bytes - HEADER.length) / 4);
  return { file: `${HEADER}${'1,a\n'.repeat(before)}${record}2,b\n`, before };
}

describe('one NUL byte is the matter of its record, wherever it stands', () => {
  test.each(PLACES)('in a text it is data, behind %d bytes', async (place) => {
    const { file, before } = after(place, '7,x\0y\n');
    expect(await detectInput(bytesSource(file), { maxDecodedSizeBytes: 1 }, 'a.csv')).toMatchObject({ encoding: 'utf-8' });
    expect(await checkHead(bytesSource(file), FORMAT)).toMatchObject({ sampleRejected: 0 });
    const { lines, rejects } = await runEveryWay(file, { schema: SCHEMA });
    expect(rejects).toEqual([]);
    expect(lines.slice(before)).toEqual(['{"id":7,"text":"x\\u0000y"}', '{"id":2,"text":"b"}']);
  });

  test.each(PLACES)('in a number it rejects the record, behind %d bytes', async (place) => {
    const { file, before } = after(place, '7\0,x\n');
    await detectInput(bytesSource(file), { maxDecodedSizeBytes: 1 }, 'a.csv');
    await checkHead(bytesSource(file), FORMAT);
    const { lines, rejects } = await runEveryWay(file, { schema: SCHEMA });
    expect(rejects.map(([told]) => told)).toEqual(['type id: expected an integer, got "7\\u0000"']);
    expect(lines).toHaveLength(before + 1);
  });

  test.each([0, 100, 100_000])('in JSON Lines, where a string cannot hold it as it is, behind %d bytes', async (place) => {
    const file = `${'{"id":1}\n'.repeat(place / 9)}{"id":2,"text":"\0"}\n{"id":3,"text":"\\u0000"}\n{"id":4}\0\n`;
    await detectInput(bytesSource(file), { maxDecodedSizeBytes: 1 }, 'a.jsonl');
    const { lines, rejects } = await runEveryWay(file, { schema: SCHEMA, recordFormat: 'json' });
    expect(rejects.map(([told]) => told.split(':')[0])).toEqual(['type', 'type']);
    expect(lines.at(-1)).toBe('{"id":3,"text":"\\u0000"}');
  });

  test('in the header it is part of a name', async () => {
    await expect(checkHead(bytesSource('id,te\0xt\n1,a\n'), FORMAT)).rejects
      .toMatchObject({ code: 'header_mismatch', message: expect.stringContaining('field 2 is "te\\u0000xt" and should be "text"') });
    const head = await checkHead(bytesSource('id,text\0\n1,a\n'), format([{ name: 'id' }, { name: 'text\0' }]));
    expect(head.columns).toEqual(['id', 'text\0']);
  });

  test('in a small file, where a NUL stands beside half of the separators', async () => {
    expect(await detectInput(bytesSource('ab,\0\n'), { maxDecodedSizeBytes: 1 }, 'a.csv')).toMatchObject({ encoding: 'utf-8' });
    expect(await detectInput(bytesSource('ab,\0'), { maxDecodedSizeBytes: 1 }, 'a.csv')).toMatchObject({ encoding: 'utf-8' });
  });

  test('in a preallocated file, the zeros behind the last line are one record', async () => {
    const file = `${HEADER}1,a\n${'\0'.repeat(500)}`;
    await checkHead(bytesSource(file), FORMAT);
    const { lines, rejects } = await runEveryWay(file, { schema: SCHEMA });
    expect(lines).toEqual(['{"id":1,"text":"a"}']);
    expect(rejects.map(([told]) => told)).toEqual(['field_count: a record must have 2 fields, this one has 1']);
  });
});

describe('a file that is full of control characters, and in which nothing fits, is no text', () => {
  const noise = Buffer.concat(Array.from({ length: 50 }, (_, index) => createHash('sha512').update(String(index)).digest()));

  test.each<[string, Buffer, string]>([
    ['zeros alone', Buffer.alloc(1000), 'the file looks binary: of its first 1000 bytes 1000 are NUL'],
    ['zeros among others', Buffer.from('id:\0\0\0\x01text:\0\0\0\x02'.repeat(20)), 'the file looks binary: of its first 320 bytes 120 are NUL'],
    ['bytes of all kinds', noise, 'the file looks binary: of its first 3200 bytes '],
  ])('%s', async (_, file, message) => {
    const expected = { code: 'not_text', message: expect.stringContaining(`expected UTF-8 text, ${message}`) };
    await expect(checkHead(bytesSource(file), FORMAT)).rejects.toMatchObject(expected);
    await expect(checkHead(bytesSource(file), format([...SCHEMA.fields], { header: false }))).rejects.toMatchObject(expected);
  });

  test('a few of them say nothing', async () => {
    const few = `a\0b,\x01\n${'1,2\n'.repeat(100)}`;
    await expect(checkHead(bytesSource(few), FORMAT)).rejects.toMatchObject({ code: 'header_mismatch' });
    expect(await checkHead(bytesSource('\0,\0\n'), format([...SCHEMA.fields], { header: false }))).toMatchObject({ sampleRecords: 1, sampleRejected: 1 });
  });

  test('a control character that is the delimiter says nothing either', async () => {
    const file = 'id\x01text\n' + '1\x01a\n'.repeat(100);
    await expect(checkHead(bytesSource(file), FORMAT)).rejects.toMatchObject({ code: 'header_mismatch' });
    expect(await checkHead(bytesSource(file), format([...SCHEMA.fields], { delimiter: '\x01' }))).toMatchObject({ sampleRejected: 0 });
  });
});
