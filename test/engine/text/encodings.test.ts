import { compileFormat } from '../../../src/engine/format/format';
import { checkHead } from '../../../src/engine/records/head';
import { Encoding, textCodec } from '../../../src/engine/text/decode-text';
import { stagedText } from '../staging/bytes';
import { bytesSource } from '../support/engine-run';
import { runEveryWay, Settings } from '../support/every-way';

const settings = (encoding: Encoding, more: Partial<Settings> = {}): Settings => ({ schema: { fields: [{ name: 'größe' }, { name: 'b' }] }, encoding, ...more });
const latin1 = (text: string) => Buffer.from(text, 'latin1');

/**
 * The 27 bytes in which Windows-1252 differs from ISO-8859-1, from
 * https://encoding.spec.whatwg.org/index-windows-1252.txt.
 */
const DIFFERENT: ReadonlyArray<readonly [byte: number, codePoint: number]> = [
  [0x80, 0x20ac], [0x82, 0x201a], [0x83, 0x0192], [0x84, 0x201e], [0x85, 0x2026], [0x86, 0x2020], [0x87, 0x2021], [0x88, 0x02c6], [0x89, 0x2030],
  [0x8a, 0x0160], [0x8b, 0x2039], [0x8c, 0x0152], [0x8e, 0x017d], [0x91, 0x2018], [0x92, 0x2019], [0x93, 0x201c], [0x94, 0x201d], [0x95, 0x2022],
  [0x96, 0x2013], [0x97, 0x2014], [0x98, 0x02dc], [0x99, 0x2122], [0x9a, 0x0161], [0x9b, 0x203a], [0x9c, 0x0153], [0x9e, 0x017e], [0x9f, 0x0178],
];
const UNDEFINED = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

test('every byte of both encodings', () => {
  const different = new Map(DIFFERENT);
  for (let byte = 0; byte < 256; byte++) {
    const bytes = Buffer.of(byte);
    expect(textCodec('iso-8859-1').decode(bytes, 0, 1).codePointAt(0)).toBe(byte);
    expect(textCodec('windows-1252').isValid(bytes)).toBe(!UNDEFINED.includes(byte));
    if (UNDEFINED.includes(byte)) continue;
    const char = textCodec('windows-1252').decode(bytes, 0, 1);
    expect(char.codePointAt(0)).toBe(different.get(byte) ?? byte);
    expect(textCodec('windows-1252').encode(char)).toEqual(Uint8Array.of(byte));
  }
});

test.each<[Encoding, string]>([
  ['iso-8859-1', 'Zo\u00eb, \u00a7 5 \u0080'],
  ['windows-1252', 'Zo\u00eb, \u00a7 5 €'],
])('%s comes out as UTF-8', async (encoding, expected) => {
  const { lines, rejects } = await runEveryWay(latin1('gr\xf6\xdfe,b\n"Zo\xeb, \xa7 5 \x80",x\nplain,y\n'), settings(encoding));
  expect(rejects).toEqual([]);
  expect(lines).toEqual([`{"größe":"${expected}","b":"x"}`, '{"größe":"plain","b":"y"}']);
});

test('the delimiter is written in the file\'s encoding', async () => {
  expect((await runEveryWay(latin1('gr\xf6\xdfe\xa7b\n1\xa72\n'), settings('iso-8859-1', { dialect: { delimiter: '§' } }))).lines).toEqual(['{"größe":"1","b":"2"}']);
  expect((await runEveryWay(latin1('gr\xf6\xdfe\x80\xa7b\n1\x80\xa72\n'), settings('windows-1252', { dialect: { delimiter: '€§' } }))).lines)
    .toEqual(['{"größe":"1","b":"2"}']);
  expect(() => compileFormat({ ...settings('iso-8859-1', { dialect: { delimiter: '€' } }), dialect: { delimiter: '€' }, maxRecordSize: 1 }))
    .toThrow('dialect.delimiter must be characters of ISO-8859-1, got "€"');
});

test('a byte that is no character of Windows-1252 rejects its record, and the quarantine keeps the bytes', async () => {
  const { lines, rejects } = await runEveryWay(latin1('gr\xf6\xdfe,b\n\xe4\x81,x\ny,z\n1\n'), settings('windows-1252'));
  expect(lines).toEqual(['{"größe":"y","b":"z"}']);
  expect(rejects).toEqual([
    ['encoding größe: a field must be valid Windows-1252, this one has other bytes', '\xe4\x81,x'],
    ['field_count: a record must have 2 fields, this one has 1', '1'],
  ]);
});

describe('text that was UTF-16 is told of as such', () => {
  const settingsOf = (more: Partial<Settings> = {}): Settings => ({ schema: { fields: [{ name: 'a' }, { name: 'b' }] }, transcodedFrom: 'utf-16le', ...more });
  const staged = async (file: Buffer) => stagedText(file, { encoding: 'utf-16le' });
  const utf16 = (text: string) => Buffer.from(text, 'utf16le');

  test.each<[string, string]>([
    ['\ud83d', 'half a surrogate pair'],
    ['\ude00 tail', 'half a surrogate pair'],
  ])('%j in a field', async (text, got) => {
    const { lines, rejects } = await runEveryWay(await staged(utf16(`a,b\nä,${text}\nü,😀\n`)), settingsOf());
    expect(lines).toEqual(['{"a":"ü","b":"😀"}']);
    expect(rejects.map(([told]) => told)).toEqual([`encoding b: a field must be valid UTF-16, this one has ${got}`]);
  });

  test('half a code unit at the end', async () => {
    const { rejects } = await runEveryWay(await staged(Buffer.concat([utf16('a,b\n1,2'), Buffer.from([0x41])])), settingsOf());
    expect(rejects.map(([told]) => told)).toEqual(['encoding b: a field must be valid UTF-16, this one has half a code unit']);
  });

  test('in JSON', async () => {
    const { rejects } = await runEveryWay(await staged(utf16('{"a":"\ud83d"}\n')), settingsOf({ recordFormat: 'json' }));
    expect(rejects.map(([told]) => told)).toEqual(['encoding: a record must be valid UTF-16, this one has half a surrogate pair']);
  });

  test('in the head', async () => {
    const format = compileFormat({ dialect: {}, maxRecordSize: 100, ...settingsOf() });
    const head = async (text: string) => checkHead(bytesSource(await staged(utf16(text))), format);
    await expect(head('a,\ud83d\n')).rejects.toThrow('its first record is broken: it is not valid UTF-16');
    expect(await head('a,b\n\0,1\n')).toMatchObject({ sampleRejected: 0 });
  });
});

test('lengths count characters, whatever their bytes', async () => {
  const schema = { fields: [{ name: 'größe', constraints: { maxLength: 2 } }, { name: 'b' }] };
  const { rejects } = await runEveryWay(latin1('gr\xf6\xdfe,b\n\xe4\xf6,x\n\xe4\xf6\xfc,x\n'), settings('iso-8859-1', { schema }));
  expect(rejects).toEqual([['constraint größe: must have at most 2 characters (maxLength), got "äöü"', '\xe4\xf6\xfc,x']]);
});

/** In ISO-8859-1 these bytes are "ZoÃ«". */
test('bytes that would be another text in UTF-8 are not taken for it', async () => {
  const content = Buffer.from('a,b,c\nZoë,Zoë,Zoë\n');
  const schema = {
    missingValues: ['Zoë'],
    fields: [{ name: 'a' }, { name: 'b', missingValues: [], constraints: { enum: ['Zoë', 'ZoÃ«'] } }, { name: 'c', missingValues: ['ZoÃ«'] }],
  };
  expect((await runEveryWay(content, { schema, encoding: 'iso-8859-1' })).lines).toEqual(['{"a":"ZoÃ«","b":"ZoÃ«","c":null}']);
  expect((await runEveryWay(content, { schema })).lines).toEqual(['{"a":null,"b":"Zoë","c":"Zoë"}']);
});

test('a head that is no text names the encoding', async () => {
  const head = (bytes: Buffer) => checkHead(bytesSource(bytes), compileFormat({ dialect: {}, maxRecordSize: 100, ...settings('windows-1252') }));
  await expect(head(Buffer.alloc(100))).rejects.toThrow('expected Windows-1252 text, the file looks binary');
  await expect(head(latin1('gr\xf6\x81,b\n'))).rejects.toThrow('its first record is broken: it is not valid Windows-1252');
  await expect(head(Buffer.from('größe,b,c\n'))).rejects.toThrow('got grÃ¶ÃŸe,b,c: field 1 is "grÃ¶ÃŸe" and should be "größe"');
});
