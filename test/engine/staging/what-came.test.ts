import { gzipSync } from 'node:zlib';
import { checkHead } from '../../../src/engine/records/head';
import { detectInput } from '../../../src/engine/staging/detect-input';
import { bytesSource, format } from '../support/engine-run';

const FIELDS = ['id', 'amount'];

/** As ValidateFile looks at a file that need not be staged. */
async function look(file: string | Buffer, key = 'a.csv', dialect = {}, fields = FIELDS): Promise<unknown> {
  await detectInput(bytesSource(file), { maxDecodedSizeBytes: 1e9 }, key);
  return checkHead(bytesSource(file), format(fields, dialect));
}

const hex = (bytes: string, text = '') => Buffer.concat([Buffer.from(bytes.replaceAll(' ', ''), 'hex'), Buffer.from(text)]);

/** The head of a member of a ZIP archive, stored, and its bytes. */
function zipMember(name: string, text = 'x'): Buffer {
  const head = Buffer.alloc(30);
  head.write('PK\x03\x04', 'latin1');
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, Buffer.from(name + text)]);
}

const zip = (...names: string[]) => Buffer.concat([zipMember('[Content_Types].xml'), ...names.map((name) => zipMember(name))]);
const tar = Buffer.alloc(1024);
tar.write('a.csv');
tar.write('ustar\x0000', 257, 'latin1');

const UNPACK = 'have the text sent as it is, or compressed with gzip, zstd or ZIP';
const EXPORT = 'have the table exported as CSV';

describe('what came is named, with what to do', () => {
  test.each<[string, Buffer, string]>([
    ['bzip2', hex('', 'BZh91AY&SY12345'), `bzip2: ${UNPACK}`],
    ['an empty bzip2', hex('425a6839 177245385090 00000000'), 'bzip2: '],
    ['xz', hex('fd377a585a00 0004'), `xz: ${UNPACK}`],
    ['LZ4', hex('04224d18 6440a7'), `LZ4: ${UNPACK}`],
    ['Snappy', hex('ff060000', 'sNaPpY'), `Snappy: ${UNPACK}`],
    ['7z', hex('377abcaf271c 0004'), `a 7z archive: ${UNPACK}`],
    ['RAR', hex('526172211a07 0100'), `a RAR archive: ${UNPACK}`],
    ['tar', tar, 'a tar archive: have each of its files sent by itself'],
    ['an Excel workbook', zip('_rels/.rels', 'xl/workbook.xml'), `an Excel workbook (XLSX): ${EXPORT}`],
    ['a workbook that begins with its sheet', zipMember('xl/worksheets/sheet1.xml'), `an Excel workbook (XLSX): ${EXPORT}`],
    ['an OpenDocument spreadsheet', zipMember('mimetype', 'application/vnd.oasis.opendocument.spreadsheet'), `an OpenDocument spreadsheet (ODS): ${EXPORT}`],
    ['a Word document', zip('word/document.xml'), `a Word document (DOCX): ${EXPORT}`],
    ['an old Excel workbook', hex('d0cf11e0a1b11ae1 0000'), `an old Excel workbook, or another one with a password: ${EXPORT}`],
    ['Parquet', hex('50415231 1504', 'x'), `Parquet: ${EXPORT}`],
    ['Avro', hex('4f626a01 0416', 'avro.schema'), `Avro: ${EXPORT}`],
    ['Arrow', hex('4152524f5731 0000'), `Arrow: ${EXPORT}`],
    ['SQLite', hex('', 'SQLite format 3\0'), `a SQLite database: ${EXPORT}`],
    ['PNG', hex('89504e470d0a1a0a 0000000d49484452'), `a PNG picture: ${EXPORT}`],
    ['JPEG', hex('ffd8ffe0 0010', 'JFIF'), `a JPEG picture: ${EXPORT}`],
    ['PGP, for an RSA key', hex('85010c03 0102030405060708 01 07ff'), 'an encrypted PGP message: have it decrypted before it is uploaded'],
    ['PGP, for a key of a curve', hex('845e03 0102030405060708 12 0107'), 'an encrypted PGP message: '],
    ['PGP, for an RSA key, in the new format', hex('c1c04c03 0102030405060708 01 0800'), 'an encrypted PGP message: '],
    ['PGP, with a passphrase', hex('8c0d04 09 03 08 0102030405060708ff'), 'an encrypted PGP message: '],
  ])('%s', async (_, file, message) => {
    const got = (what: string) => ({ code: 'not_text', message: expect.stringContaining(`expected UTF-8 text, ${what} looks like ${message}`) });
    for (const key of ['a.csv', 'a.json', 'a.jsonl']) {
      await expect(look(file, key)).rejects.toMatchObject(got('the file'));
      await expect(look(gzipSync(file), `${key}.gz`)).rejects.toMatchObject(got('what is in the gzip file'));
    }
    await expect(look(file, 'a.csv.gz')).rejects
      .toMatchObject({ code: 'bad_gzip', message: expect.stringContaining(`got one that looks like ${message.split(':')[0]}`) });
    await expect(look(file, 'a.csv', { skipLines: 1 })).rejects.toMatchObject(got('the file'));
  });

  const PAGE = '; the page of an error or a login is often saved in its place';

  test.each<[string, string, string]>([
    ['PDF', '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n', `PDF: ${EXPORT}`],
    ['ORC', 'ORC\n\0\x0b\x03\n', `ORC: ${EXPORT}`],
    ['RTF', '{\\rtf1\\ansi\n{\\fonttbl}\n', `RTF: ${EXPORT}`],
    ['HTML', '<!DOCTYPE html>\n<html><body></body></html>\n', `HTML: ${EXPORT}${PAGE}`],
    ['HTML of another kind', '\n<!-- saved -->\n<HTML lang="en">\n', 'HTML: '],
    ['a table by the name of a workbook', '<table border=1>\n<tr><td>id</td></tr>\n', 'HTML: '],
    ['XML', '\ufeff<?xml version="1.0"?>\n<rows><row/></rows>\n', `XML: ${EXPORT}`],
    ['XML without a declaration', '<Error><Code>AccessDenied</Code></Error>\n', 'XML: '],
    ['PGP in ASCII', '-----BEGIN PGP MESSAGE-----\n\nhQEMA\n', 'an encrypted message: have it decrypted before it is uploaded'],
    ['age in ASCII', '-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n', 'an encrypted message: '],
    ['age', 'age-encryption.org/v1\n-> X25519 abc\n', 'a file that age encrypted: '],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIID\n', 'a key, a certificate or a signed message: '],
    ['SYLK', 'ID;PWXL;N;E\nP;PGeneral\n', `a SYLK spreadsheet: ${EXPORT}`],
  ])('%s, which is text', async (_, file, message) => {
    await expect(look(file)).rejects.toMatchObject({
      code: 'not_text', message: expect.stringContaining(`expected a header line with the fields id,amount; the file looks like ${message}`),
    });
    await expect(look(file, 'a.csv', { header: false })).rejects
      .toMatchObject({ code: 'not_text', message: expect.stringContaining(`expected records; the file looks like ${message}`) });
    if (file.startsWith('{')) return;
    for (const key of ['a.json', 'a.jsonl']) {
      await expect(look(file, key)).rejects.toMatchObject({ code: 'bad_json', message: expect.stringContaining(`the file looks like ${message}`) });
    }
  });

  test('EBCDIC', async () => {
    // "id,amount" and "a,1", a line end after each.
    await expect(look(hex('898 46b 819496a495a3 25 816bf1 25 826bf2 25'))).rejects
      .toMatchObject({ code: 'not_text', message: 'expected UTF-8 text, the file looks like EBCDIC text: have it converted to UTF-8' });
  });
});

describe('what only begins like another format is a header, where it is what was expected', () => {
  test.each([
    'PK,amount', 'PAR1,PAR2', '%PDF,x', '%PDF-1,x', 'BZh,x', 'BZh9,1AY', 'Obj,x', 'ORC,x', '<name>,<amount>', '<a>,</a>', '<html>,x', 'ID;P,x', 'ustar,x',
    'Rar!,x', '7z,x', '{\\rtf,x', '-----BEGIN X-----,x', 'SQLite format 3,x', 'GIF89a,x', '(µ/ý,x', '„^,x', 'Ã,x',
  ])('%s', async (header) => {
    expect(await look(`${header}\n3,4\n`, 'a.csv', {}, header.split(','))).toMatchObject({ sampleRecords: 1, sampleRejected: 0 });
    expect(await look(`${header}\n`, 'a.csv', { header: false })).toMatchObject({ sampleRecords: 1, sampleRejected: 0 });
  });

  test('names in angle brackets that are the wrong ones are told as names', async () => {
    await expect(look('<name>,<amount>\n1,2\n')).rejects.toMatchObject({ code: 'header_mismatch' });
    await expect(look('ID;Price\n1;2\n')).rejects.toMatchObject({ code: 'header_mismatch', message: expect.not.stringContaining('SYLK') });
    await expect(look('ORCID,name,family name\n1,a\0,2\n')).rejects.toMatchObject({ code: 'header_mismatch' });
    await expect(look('<name>\t<amount>\n1\t2\n')).rejects.toMatchObject({ code: 'header_mismatch', message: expect.not.stringContaining('XML') });
  });
});

describe('an object around the array of records is told with the property that leads to it', () => {
  const WRAPPED = 'the file looks like a JSON object with the array of its records inside: declare inputFormat json, or name it .json where none is declared';

  test.each<[string, string]>([
    ['{"count":2,"data":[{"id":1},{"id":2}]}', 'data'],
    ['{\n  "meta": {"next": null, "tags": ["a", "b"]},\n  "data": [\n    {"id": 1}\n  ]\n}\n', 'data'],
    ['{"response":{"status":"[{","rows":[{"id":1}]}}\n', 'response.rows'],
    [`{"data":[${'{"id":1},'.repeat(20_000)}{"id":1}]}`, 'data'],
  ])('%.40s', async (text, path) => {
    const message = expect.stringContaining(`${WRAPPED}, and property "${path}"`);
    await expect(look(text)).rejects.toMatchObject({ code: 'header_mismatch', message });
    await expect(look(text, 'a.json')).rejects.toMatchObject({ code: 'bad_json', message });
  });

  test.each(['{"data":[{"id":1}]}\n{"data":[]}\n', '{"data":[1,2]}', '{"data":[[{"id":1}]]}', '{"data":{}}', '{"data":"[{"}'])('no other object is: %s', async (text) => {
    await expect(look(text, 'a.json')).rejects.toMatchObject({ code: 'bad_json', message: expect.not.stringContaining('property') });
  });
});
