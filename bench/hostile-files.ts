/** Files that are made to be hard, each beside a plain one of the same size and kind. */
import { Schema } from '../src/spec/schema';

export interface HostileFile {
  readonly name: string;
  /** The end of its name, which says the format. */
  readonly suffix: 'csv' | 'jsonl' | 'json';
  readonly schema: Schema;
  readonly encoding?: 'utf-16le';
  /** What it begins with; then `unit` as often as there is room. */
  readonly start: string;
  readonly unit: string;
  readonly end: string;
  /** The plain file beside it, of the same schema. */
  readonly plain: Pick<HostileFile, 'start' | 'unit' | 'end'>;
}

const ID: Schema = { fields: [{ name: 'id', type: 'integer' }] };
const PAIR: Schema = { fields: [{ name: 'id', type: 'integer' }, { name: 'text' }] };
const withPattern = (pattern: string): Schema => ({ fields: [{ name: 'text', constraints: { pattern } }] });
const RESCUED: Schema = { fields: [{ name: 'id', type: 'integer' }], fieldsMatch: 'subset', rescueColumn: 'rest' };
const OBJECT: Schema = { fields: [{ name: 'o', type: 'object' }] };
const csv = (unit: string, header = 'id') => ({ start: `${header}\n`, unit, end: '' });
const array = (unit: string) => ({ start: '[', unit: `${unit},`, end: `${unit}]` });
const lines = (unit: string) => ({ start: '', unit, end: '' });

export const HOSTILE_FILES: readonly HostileFile[] = [
  { name: 'a reject a line', suffix: 'csv', schema: ID, ...csv('x\n'), plain: csv('1\n') },
  { name: 'too many fields a line', suffix: 'csv', schema: ID, ...csv(`${','.repeat(99)}\n`), plain: csv(`${'1'.repeat(15)}\n`) },
  { name: 'a flood of delimiters', suffix: 'csv', schema: ID, ...csv(`${','.repeat(500_000)}\n`), plain: csv('1\n') },
  { name: 'an array of numbers, `1,1,1`', suffix: 'json', schema: ID, ...array('1'), plain: array('{"id":1}') },
  { name: 'UTF-16, a half pair a line', suffix: 'csv', schema: ID, encoding: 'utf-16le', ...csv('\ud800\n'), plain: csv('1\n') },
  { name: 'UTF-16, half pairs', suffix: 'csv', schema: ID, encoding: 'utf-16le', ...csv('\ud800'), plain: csv('1\n') },
  { name: 'half pairs in rescued JSON', suffix: 'jsonl', schema: RESCUED, ...lines('{"id":1,"o":"\\ud800"}\n'), plain: lines('{"id":1,"o":"abcde"}\n') },
  { name: 'escapes in JSON', suffix: 'jsonl', schema: OBJECT, ...lines(`{"o":{"p":"${'\\ud83d\\ude00'.repeat(8)}"}}\n`), plain: lines(`{"o":{"p":"${'abcdefghijkl'.repeat(8)}"}}\n`) },
  { name: 'lines that each leave a quote open', suffix: 'csv', schema: PAIR, ...csv('TX1","ACC2 and some text","USD\n', 'id,text'), plain: csv('1,"ACC2 and some text in it"\n', 'id,text') },
  { name: 'quotes only', suffix: 'csv', schema: PAIR, ...csv('""""""\n', 'id,text'), plain: csv('1,"ab"\n', 'id,text') },
  { name: 'one quote that is never closed', suffix: 'csv', schema: PAIR, start: 'id,text\n1,"\n', unit: '1,abc\n', end: '', plain: csv('1,abc\n', 'id,text') },
  { name: 'brackets, 100,000 deep', suffix: 'jsonl', schema: OBJECT, ...lines(`{"o":{"p":${'['.repeat(100_000)}${']'.repeat(100_000)}}}\n`), plain: lines(`{"o":{"p":["${'x'.repeat(200_000)}"]}}\n`) },
  { name: 'a million keys', suffix: 'jsonl', schema: RESCUED, ...lines(`{"id":1${Array.from({ length: 50_000 }, (_, key) => `,"k${key}":1`).join('')}}\n`), plain: lines(`{"id":1,"k":"${'x'.repeat(500_000)}"}\n`) },
  { name: 'the pattern `(a+)+$`', suffix: 'csv', schema: withPattern('(a+)+$'), ...csv(`${'a'.repeat(60)}!\n`, 'text'), plain: csv(`${'a'.repeat(61)}\n`, 'text') },
  { name: 'the pattern `.*.*.*x`', suffix: 'csv', schema: withPattern('.*.*.*x'), ...csv(`${'x'.repeat(500_000)}a\n`, 'text'), plain: csv(`${'a'.repeat(500_000)}x\n`, 'text') },
  { name: 'the pattern `[^@]+@[^@]+\\.[^@]+`', suffix: 'csv', schema: withPattern('[^@]+@[^@]+\\.[^@]+'), ...csv(`a@${'.'.repeat(60)}@\n`, 'text'), plain: csv(`${'a'.repeat(30)}@${'b'.repeat(28)}.org\n`, 'text') },
];

/** @param which the hostile one, or the plain one beside it */
export function contentOf(file: HostileFile, which: 'hostile' | 'plain', sizeBytes: number): Buffer {
  const { start, unit, end } = which === 'hostile' ? file : file.plain;
  const encoding = file.encoding === undefined ? 'utf8' : 'utf16le';
  const bytes = Buffer.from(unit, encoding);
  const units = Buffer.alloc(Math.max(1, Math.floor(sizeBytes / bytes.length)) * bytes.length, bytes);
  return Buffer.concat([Buffer.from(encoding === 'utf8' ? start : `\ufeff${start}`, encoding), units, Buffer.from(end, encoding)]);
}
