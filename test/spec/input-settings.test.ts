import {
  checkInputSettings, DEFAULT_MAX_DECODED_SIZE, InputSettings, LARGEST_MAX_DECODED_SIZE,
} from '../../src/spec/input-settings';
import { TEXT_ENCODINGS } from '../../src/spec/text-encodings';

const check = (settings: object) => checkInputSettings({ maxDecodedSizeBytes: DEFAULT_MAX_DECODED_SIZE, ...settings } as InputSettings);

test.each([
  [{}],
  [{ inputFormat: undefined, compression: undefined, encoding: undefined }],
  [{ inputFormat: 'tsv', compression: 'gzip', encoding: 'iso-8859-1' }],
  [{ inputFormat: 'json', encoding: 'utf-16be' }],
  [{ maxDecodedSizeBytes: LARGEST_MAX_DECODED_SIZE }],
])('%j is right', (settings) => {
  expect(check(settings)).toMatchObject(settings);
});

test.each([
  [{ inputFormat: 'xml' }, 'inputFormat must be one of csv, tsv, jsonl, json, concatenated-json, got "xml"'],
  [{ compression: 'bzip2' }, 'compression must be one of none, gzip, zstd, zip, got "bzip2"'],
  [{ encoding: 'latin1' }, `encoding must be one of ${TEXT_ENCODINGS.join(', ')}, got "latin1"`],
  [{ inputFormat: 'json', encoding: 'iso-8859-1' }, 'encoding must be utf-8, utf-16le or utf-16be where inputFormat is JSON (RFC 8259), got "iso-8859-1"'],
  [{ inputFormat: 'jsonl', encoding: 'windows-1252' }, 'encoding must be utf-8, utf-16le or utf-16be where inputFormat is JSON (RFC 8259), got "windows-1252"'],
  [{ maxDecodedSizeBytes: 0 }, `maxDecodedSize must be a whole number from 1 to ${LARGEST_MAX_DECODED_SIZE}, got 0`],
  [{ maxDecodedSizeBytes: LARGEST_MAX_DECODED_SIZE + 1 }, `maxDecodedSize must be a whole number from 1 to ${LARGEST_MAX_DECODED_SIZE}, got ${LARGEST_MAX_DECODED_SIZE + 1}`],
])('%j is not', (settings, message) => {
  expect(() => check(settings)).toThrow(new Error(message));
});
