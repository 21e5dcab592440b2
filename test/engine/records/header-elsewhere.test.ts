/** A header that is not where it is looked for, or is written otherwise: the message says what to declare. */
import { FormatSettings } from '../../../src/engine/format/format';
import { headerElsewhere } from '../../../src/engine/records/header-elsewhere';
import { Dialect } from '../../../src/spec/dialect';
import { Schema } from '../../../src/spec/schema';

const FIELDS = { fields: [{ name: 'Datum' }, { name: 'Währung' }] };
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const told = async (content: string | Buffer, dialect: Dialect = {}, schema: Schema = FIELDS, more: Partial<FormatSettings> = {}) =>
  headerElsewhere(Buffer.from(content), { schema, dialect, maxRecordSize: 1000, ...more });

test.each<[string, string | Buffer, Dialect, string]>([
  ['a preamble', 'Konto,1\n\n"Stand, offen\nDatum,Währung\n1,EUR\n', {}, 'line 4 is one, if it is read with headerSearchLines 4 (more where its place varies): declare that'],
  ['a preamble that is longer than what is skipped', 'a\nb\nDatum,Währung', { skipLines: 1 }, 'line 2 is one, if it is read with headerSearchLines 2 (more where its place varies): declare that'],
  ['a preamble that is longer than what is searched', '\n\n\nDatum,Währung\n', { headerSearchLines: 3 }, 'line 4 is one, if it is read with headerSearchLines 4 (more where its place varies): declare that'],
  ['lines that end with CR', 'x\rDatum,Währung\r', { lineTerminator: '\r' }, 'line 2 is one, if it is read with headerSearchLines 2 (more where its place varies): declare that'],
  ['another delimiter', '\ufeffDatum;Währung\n1;EUR\n', {}, 'line 1 is one, if it is read with delimiter ";": declare that'],
  ['tabs', 'Datum\tWährung\n', { delimiter: ';' }, 'line 1 is one, if it is read with delimiter "\\t": declare that'],
  ['another delimiter, and units below', 'Datum;Währung\n1;2\n', { commentRows: [2] }, 'line 1 is one, if it is read with delimiter ";": declare that'],
  ['another delimiter below a preamble', 'Konto;1\nDatum;Währung\n', {},
    'line 2 is one, if it is read with delimiter ";" and headerSearchLines 2 (more where its place varies): declare that'],
  ['all of it', latin1('Konto;\xfc\nDatum;W\xe4hrung\n'), {}, 'line 2 is one, if it is read with encoding windows-1252 and delimiter ";" and '
    + 'headerSearchLines 2 (more where its place varies): declare that (encoding windows-1250, windows-1254, windows-1257 and 8 more would fit, too: the header does not tell)'],
])('%s', async (_, content, dialect, message) => {
  expect(await told(content, dialect)).toBe(message);
});

test.each<[string, Buffer, string]>([
  ['windows-1251', latin1('\xd2\xee\xe2\xe0\xf0,1'), 'Товар'],
  ['koi8-r', latin1('\xf4\xcf\xd7\xc1\xd2,1'), 'Товар'],
  ['shift_jis', latin1('\x93\xfa\x96{,1'), '日本'],
  ['gbk', latin1('\xd6\xd0,1'), '中'],
])('an encoding that the names tell: %s', async (encoding, content, name) => {
  expect(await told(content, {}, { fields: [{ name }, { name: '1' }] })).toMatch(new RegExp(`^line 1 is one, if it is read with encoding ${encoding}: declare that`));
});

test('what fits is what the schema says: required fields, aliases, letter case', async () => {
  const schema: Schema = { fieldsMatch: 'superset', headerCase: false, fields: [{ name: 'id', aliases: ['key'], constraints: { required: true } }, { name: 'b' }] };
  expect(await told('b\nB,KEY\n', {}, schema)).toContain('line 2 is one');
});

test('another encoding than the one of single bytes that is declared', async () => {
  const schema = { fields: [{ name: 'Товар' }, { name: '1' }] };
  expect(await told(latin1('\xd2\xee\xe2\xe0\xf0,1'), {}, schema, { encoding: 'windows-1252' })).toContain('encoding windows-1251: declare that');
});

test('a text that is cut off within a character has the encoding that it has', async () => {
  expect(await told(latin1('\x93\xfa\x96{,1\na,\x93'), {}, { fields: [{ name: '日本' }, { name: '1' }] })).toContain('encoding shift_jis: declare that');
  expect(await told(Buffer.from('x\nDatum,Währung\nä').subarray(0, -1))).toContain('line 2');
});

test.each<[string, string | Buffer, Dialect, Partial<FormatSettings>]>([
  ['other names', 'Tag,Währung\n', {}, {}],
  ['names that come further down than is looked', `${'x\n'.repeat(50)}Datum,Währung\n`, {}, {}],
  ['a preamble above rows that are counted', 'x\nDatum,Währung\n', { commentRows: [2] }, {}],
  ['a header whose rows are declared', 'x\nDatum,Währung\n', { headerRows: [1, 2] }, {}],
  ['names that are the same in every encoding', latin1('Datum,W\xe4hrung\n'), {}, { schema: { fields: [{ name: 'Tag' }, { name: 'b' }] } }],
  ['a text that was transcoded', latin1('Datum,W\xe4hrung\n'), {}, { transcodedFrom: 'shift_jis' }],
  ['no characters of any encoding that has the names', latin1('Datum,W\xffhrung\n'), {}, {}],
  ['a delimiter that would be the quote', 'Datum|Währung\n', { quoteChar: '|' }, {}],
])('nothing is said of %s', async (_, content, dialect, more) => {
  expect(await told(content, dialect, FIELDS, more)).toBeUndefined();
});
