/**
 * What files are that hold no records to read, by how they begin: the kinds that are sent by mistake, or in the belief
 * that everybody reads them.
 */

import { CompressionName } from '../../spec/input-settings';

export interface FileSign {
  /** What messages put after "looks like". */
  readonly name: string;
  /** What to ask of the sender. */
  readonly toDo: string;
  /** The one of ours that it is compressed with. */
  readonly compression?: CompressionName;
}

/** Over the bytes as characters of ISO-8859-1. */
type Signature = readonly [start: RegExp, name: string, toDo: string, compression?: CompressionName];

const EXPORT = 'have the table exported as CSV';
const UNPACK = 'have the text sent as it is, or compressed with gzip, zstd or ZIP';
const ONCE = 'it is compressed twice, have it compressed once';
const DECRYPT = 'have it decrypted before it is uploaded';

/** No text begins so: each has bytes that are no characters, control characters, or too many that only chance brings. */
/* eslint-disable no-control-regex */
const BINARY: readonly Signature[] = [
  [/^\x1f\x8b/, 'gzip', ONCE, 'gzip'],
  // Or a skippable frame, as pzstd begins.
  [/^(?:\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18)/, 'zstd', ONCE, 'zstd'],
  [/^PK(?:\x03\x04|\x05\x06|\x07\x08PK|00PK)/, 'a ZIP archive', ONCE, 'zip'],
  [/^BZh[1-9](?:1AY&SY|\x17rE8P\x90)/, 'bzip2', UNPACK],
  [/^\xfd7zXZ\x00/, 'xz', UNPACK],
  [/^(?:\x04"|\x02!)M\x18/, 'LZ4', UNPACK],
  [/^\xff\x06\x00\x00sNaPpY/, 'Snappy', UNPACK],
  [/^\x1f\x9d/, 'a file of the Unix compress', UNPACK],
  [/^7z\xbc\xaf\x27\x1c/, 'a 7z archive', UNPACK],
  [/^Rar!\x1a\x07/, 'a RAR archive', UNPACK],
  [/^[^]{257}ustar(?: {2})?\x00/, 'a tar archive', 'have each of its files sent by itself'],
  [/^\xd0\xcf\x11\xe0/, 'an old Excel workbook, or another one with a password', EXPORT],
  [/^PAR[1E][\x00-\x08\x0e-\x1f]/, 'Parquet', EXPORT],
  [/^Obj\x01/, 'Avro', EXPORT],
  [/^ARROW1\x00\x00/, 'Arrow', EXPORT],
  [/^SQLite format 3\x00/, 'a SQLite database', EXPORT],
  [/^\x89HDF\r\n\x1a\n/, 'HDF5', EXPORT],
  [/^\x00\x01\x00\x00Standard (?:Jet|ACE) DB\x00/, 'an Access database', EXPORT],
  [/^\x89PNG\r\n\x1a\n/, 'a PNG picture', EXPORT],
  [/^\xff\xd8\xff[\xdb\xe0\xe1\xee]/, 'a JPEG picture', EXPORT],
  // A session key for a public key (version, key, algorithm) or for a passphrase (version, cipher, kind of key).
  [/^(?:\x84[^]|\x85[^]{2}|\xc1(?:[\x00-\xbf]|[\xc0-\xdf][^]))\x03[^]{8}[\x01\x02\x10\x12\x19\x1a]/, 'an encrypted PGP message', DECRYPT],
  [/^(?:\x8c|\xc3)[^](?:\x04[\x01-\x0d][\x00\x01\x03]|(?:\x05|\x06[^])[\x07-\x0d][\x01-\x03])/, 'an encrypted PGP message', DECRYPT],
];

/** A header may begin so too: these count where it is not what was expected. */
const TEXT_LIKE: readonly Signature[] = [
  [/^\s*%PDF-\d/, 'PDF', EXPORT],
  [/^ORC[^]{0,15}[\x00-\x08\x0e-\x1f]/, 'ORC', EXPORT],
  [/^\s*\{\\rtf/, 'RTF', EXPORT],
  [/^\s*-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE)-----/, 'an encrypted message', DECRYPT],
  [/^\s*-----BEGIN [A-Z0-9 ]+-----/, 'a key, a certificate or a signed message', 'have the file sent by itself'],
  [/^age-encryption\.org\/v1\n/, 'a file that age encrypted', DECRYPT],
  [/^\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:[^-]|-(?!->))*-->\s*)*<(?:!doctype\s+html|html|head|body|table)[\s>]/i, 'HTML',
    `${EXPORT}; the page of an error or a login is often saved in its place`],
  [/^\s*<\?xml\s/, 'XML', EXPORT],
  // A tag that something follows which only markup has: names in angle brackets are a header.
  [/^\s*(?:<!--(?:[^-]|-(?!->))*-->\s*)*<[A-Za-z_][\w:.-]*(?:\s[^<>]*)?>[^]*<\/[A-Za-z_][\w:.-]*>/, 'XML', EXPORT],
  [/^ID;P(?:WXL|S?CALC)/, 'a SYLK spreadsheet', EXPORT],
];
/* eslint-enable no-control-regex */

/** What the members of a ZIP archive tell, the first that is found. */
const ZIP_MEMBERS: readonly Signature[] = [
  [/^xl\//, 'an Excel workbook (XLSX)', EXPORT],
  [/^word\//, 'a Word document (DOCX)', EXPORT],
  [/^ppt\//, 'a PowerPoint presentation', EXPORT],
  [/^mimetypeapplication\/vnd\.oasis\.opendocument\.spreadsheet/, 'an OpenDocument spreadsheet (ODS)', EXPORT],
  [/^mimetypeapplication\//, 'a document', EXPORT],
];
/** A member's head: how long its name and what follows it are, then these. */
const ZIP_MEMBER = /PK\x03\x04[^]{22}([^]{2})[^]{2}/g;

/** What no text begins like. */
export function binaryFileSign(beginning: Uint8Array): FileSign | undefined {
  const text = latin1(beginning);
  return (text.startsWith('PK') ? documentSign(text) : undefined) ?? signOf(BINARY, text);
}

/** What a text may begin like by chance: to be asked where it is not what it should be. */
export function textFileSign(beginning: Uint8Array): FileSign | undefined {
  return signOf(TEXT_LIKE, latin1(beginning).replace(/^\xef\xbb\xbf/, ''));
}

/** What messages put after "looks". */
export function describeFileSign({ name, toDo }: FileSign): string {
  return `like ${name}: ${toDo}`;
}

/** A document that is a ZIP archive inside, by the names of those members whose heads are in the beginning. */
function documentSign(zip: string): FileSign | undefined {
  const names = [...zip.matchAll(ZIP_MEMBER)].map(({ index, 0: head }) => zip.slice(index + head.length, index + head.length + 100));
  return asSign(ZIP_MEMBERS.find(([start]) => names.some((name) => start.test(name))));
}

function signOf(signatures: readonly Signature[], text: string): FileSign | undefined {
  return asSign(signatures.find(([start]) => start.test(text)));
}

function asSign(signature: Signature | undefined): FileSign | undefined {
  return signature === undefined ? undefined : { name: signature[1], toDo: signature[2], compression: signature[3] };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
