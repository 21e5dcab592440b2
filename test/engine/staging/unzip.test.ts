import { deflateRawSync } from 'node:zlib';
import { joined, stagedText } from './bytes';
import { zipOf } from './zip-file';
import { detectInput } from '../../../src/engine/staging/detect-input';
import { unzip } from '../../../src/engine/staging/unzip';
import { bytesSource } from '../support/engine-run';

const ZIP = { compression: 'zip' } as const;
const TEXT = Array.from({ length: 400 }, (_, index) => `${index},some text ${index * 7919 % 997}\n`).join('');
const FILE = { name: 'a.csv', text: TEXT };

describe.each([1, 13, 1000, 1_000_000])('in blocks of %d bytes', (blockSize) => {
  const staged = async (file: Buffer) => (await stagedText(file, ZIP, { blockSize, inFlight: 2 })).toString();

  test.each<[string, Buffer]>([
    ['one file', zipOf(FILE)],
    ['one that is stored', zipOf({ ...FILE, method: 0 })],
    ['one in folders', zipOf({ name: 'out/', text: '' }, { ...FILE, name: 'out/a.csv' })],
    ['one with what a Mac puts beside it', zipOf(FILE, { name: '__MACOSX/._a.csv', text: 'x' }, { name: 'out/.DS_Store', text: 'x' })],
    ['one with what Windows puts beside it', zipOf(FILE, { name: 'Thumbs.db', text: 'x' }, { name: 'desktop.ini', text: 'x' })],
    ['a comment at the end', withComment(zipOf(FILE), 'made by hand')],
    ['a name that leads elsewhere, which nobody follows', zipOf({ ...FILE, name: '../../a.csv' })],
  ])('%s', async (_, file) => {
    expect(await staged(file)).toBe(TEXT);
  });

  test('an empty file', async () => {
    expect(await staged(zipOf({ name: 'a.csv', text: '' }))).toBe('');
  });

  test.each<[string, Buffer, RegExp]>([
    ['no file', zipOf(), /^expected a ZIP archive with one file, got none$/],
    ['folders alone', zipOf({ name: 'out/', text: '' }), /got none$/],
    ['two files', zipOf(FILE, { ...FILE, name: 'b.csv' }), /^expected a ZIP archive with one file, got several: "a.csv", "b.csv"$/],
    ['many files', zipOf(FILE, FILE, FILE), /got several: "a.csv", "a.csv" …$/],
    ['a file with a password', zipOf({ ...FILE, isEncrypted: true }), /^expected a ZIP archive with one file, got "a.csv", which needs a password$/],
    ['another compression', zipOf({ ...FILE, method: 9 }), /got "a.csv", which is compressed with Deflate64: have it compressed with Deflate, as every program can$/],
    ['a compression that nobody knows', zipOf({ ...FILE, method: 77 }), /which is compressed with method 77: /],
    ['a wrong checksum', zipOf({ ...FILE, checksum: 1 }), /^expected \d+ bytes in the ZIP archive, with the checksum that it has for them, got others$/],
    ['a wrong checksum of what is stored', zipOf({ ...FILE, method: 0, checksum: 1 }), /got others$/],
    ['more than it says', zipOf({ ...FILE, size: 100 }), /^expected 100 bytes in the ZIP archive, .* got more$/],
    ['less than it says', zipOf({ ...FILE, size: 1_000_000 }), new RegExp(`^expected 1000000 bytes in the ZIP archive, .* got ${TEXT.length}$`)],
    ['corrupt data', zipOf({ ...FILE, data: flipped(deflateRawSync(TEXT), 0) }), /^expected valid ZIP data, got other or corrupt data between byte \d+ and byte \d+ \(/],
    ['data that is cut off', zipOf({ ...FILE, data: deflateRawSync(TEXT).subarray(0, -9) }), /^expected a complete ZIP file, it ends at byte \d+ in the middle of its data$/],
    ['data that goes on', zipOf({ ...FILE, data: Buffer.concat([deflateRawSync(TEXT), Buffer.from('more')]) }), /bytes of compressed data in the ZIP archive, it ends after /],
    ['no directory', zipOf(FILE).subarray(0, -30), /^expected a complete ZIP archive, got one that is cut off or damaged \(End of central directory record signature not found/],
    ['other data behind it', Buffer.concat([zipOf(FILE), Buffer.from('x')]), /^expected a complete ZIP archive, got one that is cut off or damaged \(/],
    ['data that was cut out', cutOut(zipOf(FILE)), /cut off or damaged \(/],
  ])('%s is refused', async (_, file, message) => {
    await expect(staged(file)).rejects.toMatchObject({ name: 'FileError', code: 'bad_zip', message: expect.stringMatching(message) });
  });
});

test('what the source throws is no fault of the archive', async () => {
  for (const failing of [1, 2, 3, 4]) {
    const file = bytesSource(zipOf(FILE));
    let reads = 0;
    const source = { size: file.size, read: async (start: number, end: number) => { if (++reads === failing) throw new Error('gone'); return file.read(start, end); } };
    await expect(joined(unzip(source, { blockSize: 1000, inFlight: 2 }))).rejects.toThrow(new Error('gone'));
  }
});

test('a bomb ends at the limit', async () => {
  const bomb = zipOf({ name: 'a.csv', text: Buffer.alloc(50_000_000, 'a') });
  await expect(stagedText(bomb, ZIP, undefined, 1_000_000)).rejects.toMatchObject({ code: 'too_large' });
});

test('the name tells, and a document by that name is told', async () => {
  const detect = async (file: Buffer, key: string) => detectInput(bytesSource(file), { maxDecodedSizeBytes: 1e9 }, key);
  expect(await detect(zipOf(FILE), 'a.csv.ZIP')).toEqual({ format: 'csv', compression: 'zip', encoding: 'utf-8' });
  expect(await detect(zipOf({ name: 'a', text: '{"id":1}\n' }), 'a.jsonl.zip')).toMatchObject({ format: 'jsonl' });
  await expect(detect(zipOf(FILE), 'a.csv')).rejects
    .toThrow('expected UTF-8 text, the file looks like a ZIP archive: name it .zip or declare compression zip');
  await expect(detect(zipOf({ name: '[Content_Types].xml', text: '' }, { name: 'xl/workbook.xml', text: '' }), 'a.zip')).rejects
    .toThrow('expected a ZIP file (the name says so; declare compression none where it is wrong), got one that looks like an Excel workbook (XLSX)');
  await expect(detect(zipOf({ name: 'a.gz', text: Buffer.from([0x1f, 0x8b, 8, 0]) }), 'a.zip')).rejects
    .toThrow('expected UTF-8 text, what is in the ZIP file looks like gzip: it is compressed twice, have it compressed once');
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = 0xff - copy[at];
  return copy;
}

function withComment(zip: Buffer, comment: string): Buffer {
  const commented = Buffer.concat([zip, Buffer.from(comment)]);
  commented.writeUInt16LE(comment.length, zip.length - 2);
  return commented;
}

/** The middle is missing, as after an upload that lost a part. */
function cutOut(zip: Buffer): Buffer {
  return Buffer.concat([zip.subarray(0, 40), zip.subarray(zip.length - 100)]);
}
