import { Dialect } from '../../../src/spec/dialect';
import { bytesSource, format, runWhole } from '../support/engine-run';

/**
 * The published records of a file without a header, as arrays of values; `null` in the list of codes where none is
 * rejected.
 */
async function read(content: string | Buffer, dialect: Dialect = {}, columns = 2, maxRecordSize = 1024 * 1024) {
  const names = Array.from({ length: columns }, (_, index) => `c${index}`);
  const outcome = await runWhole(bytesSource(content), format(names, { header: false, ...dialect }, maxRecordSize));
  const records = outcome.output.split('\n').slice(0, -1).map((line) => Object.values(JSON.parse(line)));
  expect(outcome.recordsRead).toBe(outcome.recordsWritten + outcome.recordsRejected);
  return { ...outcome, records };
}

describe('records and fields', () => {
  test.each<[string, string, Array<Array<string | null>>]>([
    ['LF ends a record', 'a,b\nc,d\n', [['a', 'b'], ['c', 'd']]],
    ['CRLF ends a record', 'a,b\r\nc,d\r\n', [['a', 'b'], ['c', 'd']]],
    ['a last record without a line end counts', 'a,b\nc,d', [['a', 'b'], ['c', 'd']]],
    ['a lone CR is data', 'a\rx,b\nc,d\r', [['a\rx', 'b'], ['c', 'd\r']]],
    ['a quoted field holds delimiters and line ends', '"a,1","b\r\n2"\n', [['a,1', 'b\r\n2']]],
    ['a doubled quote is one', '"a ""b""",""""\n', [['a "b"', '"']]],
    ['a quote inside an unquoted field is data', '27" monitor,b""c\n', [['27" monitor', 'b""c']]],
    ['an empty field is missing, quoted or not', ',""\n', [[null, null]]],
    ['blanks are data', ' a , b\n', [[' a ', ' b']]],
    ['UTF-8 stays as it is', 'é,😀\n', [['é', '😀']]],
    ['U+FEFF after the start is data', 'a,b\n\ufeffc,d\n', [['a', 'b'], ['\ufeffc', 'd']]],
    ['a byte order mark at the start is not', '\ufeffa,b\n', [['a', 'b']]],
    ['a quoted field may follow the byte order mark', '\ufeff"a,1",b\n', [['a,1', 'b']]],
  ])('%s', async (_, content, expected) => {
    const { records, rejects } = await read(content);
    expect(records).toEqual(expected);
    expect(rejects).toEqual([]);
  });

  test('blank lines are skipped and counted, also before CR LF and at the ends', async () => {
    const { records, blankLines } = await read('\n\r\na,b\n\n\nc,d\n\r\n');
    expect(records).toEqual([['a', 'b'], ['c', 'd']]);
    expect(blankLines).toBe(5);
  });

  test('more fields than the parser first has room for', async () => {
    const names = Array.from({ length: 300 }, (_, index) => String(index));
    const { records } = await read(names.join(',') + '\n', {}, 300);
    expect(records).toEqual([names]);
  });
});

describe('dialect', () => {
  test.each<[string, Dialect, string, Array<Array<string | null>>]>([
    ['delimiter', { delimiter: ';' }, 'a,1;b\n', [['a,1', 'b']]],
    ['delimiter of several characters', { delimiter: '||' }, 'a|b||c|\n|||x\n"p||q"||r\n', [['a|b', 'c|'], [null, '|x'], ['p||q', 'r']]],
    ['delimiter whose beginning repeats', { delimiter: 'aab' }, 'xaaaaby\n', [['xaa', 'y']]],
    ['delimiter of several bytes', { delimiter: '¦' }, 'a¦"b¦c"\n', [['a', 'b¦c']]],
    ['quoteChar', { quoteChar: "'" }, '\'a,1\',"b\n', [['a,1', '"b']]],
    ['no quoteChar', { quoteChar: null }, '"a,b"\n', [['"a', 'b"']]],
    ['escapeChar', { escapeChar: '\\' }, '"a\\"b",c\\,d\nx\\\ny,\\\\\n', [['a"b', 'c,d'], ['x\ny', '\\']]],
    ['escapeChar beside doubleQuote', { escapeChar: '\\' }, '"a""b\\"",c\n', [['a"b"', 'c']]],
    ['escaped CR before LF is data', { escapeChar: '\\' }, 'a,b\\\r\n', [['a', 'b\r']]],
    ['skipInitialSpace', { skipInitialSpace: true }, '  a,   "b, c"\n', [['a', 'b, c']]],
    ['a lone CR ends records', { lineTerminator: '\r' }, 'a,b\rc,d\r\ne,"f\rg"\r\r', [['a', 'b'], ['c', 'd'], ['e', 'f\rg']]],
  ])('%s', async (_, dialect, content, expected) => {
    const { records, rejects } = await read(content, dialect);
    expect(records).toEqual(expected);
    expect(rejects).toEqual([]);
  });

  test('commentChar skips lines that begin with it, and quotes mean nothing there', async () => {
    const { records, commentLines } = await read('#a "\nb,#c\n# x,y\n', { commentChar: '#' });
    expect(records).toEqual([['b', '#c']]);
    expect(commentLines).toBe(2);
  });

  test('without doubleQuote two quotes end a field and reject the record', async () => {
    const { rejects } = await read('"a""b",c\nd,e\n', { doubleQuote: false });
    expect(rejects.map(({ code }) => code)).toEqual(['quote']);
  });
});

describe('rejects', () => {
  test('text after a closing quote, blanks too, rejects the record with the field it is in', async () => {
    const { rejects, records } = await read('"a"x,b\na,"b" \n"c",d\n');
    expect(rejects).toEqual([
      { line: 1, byteOffset: 0, code: 'quote', column: 'c0', record: '"a"x,b' },
      { line: 2, byteOffset: 7, code: 'quote', column: 'c1', record: 'a,"b" ' },
    ]);
    expect(records).toEqual([['c', 'd']]);
  });

  test.each([
    ['of fields in column order', Buffer.from('x,"y"z\n'), { code: 'type', column: 'a' }],
    ['of encoding too', Buffer.from('x,\xff\n', 'latin1'), { code: 'type', column: 'a' }],
    ['of the quote, where it comes first', Buffer.from('"1"x,y\n'), { code: 'quote', column: 'a' }],
    ['of the quote, where the number of fields is wrong', Buffer.from('1,"y"z,3\n'), { code: 'quote', column: 'b' }],
    ['of the number of fields, where nothing else is', Buffer.from('x\n'), { code: 'field_count', column: undefined }],
  ])('of several faults the first counts: %s', async (_, content, expected) => {
    const fmt = format([{ name: 'a', type: 'integer' }, 'b'], { header: false });
    expect((await runWhole(bytesSource(content), fmt)).rejects).toMatchObject([expected]);
  });

  test('after text behind a closing quote a later quoted field still hides line ends', async () => {
    const { rejects, records } = await read('"a"x,"b\nc"\nd,e\n');
    expect(rejects).toMatchObject([{ code: 'quote', record: '"a"x,"b\nc"' }]);
    expect(records).toEqual([['d', 'e']]);
  });

  test('too few and too many fields: nothing is padded or dropped', async () => {
    const { rejects } = await read('a\na,b,c\r\nd,e\n');
    expect(rejects).toEqual([
      { line: 1, byteOffset: 0, code: 'field_count', column: undefined, record: 'a' },
      { line: 2, byteOffset: 2, code: 'field_count', column: undefined, record: 'a,b,c' },
    ]);
  });

  test('invalid UTF-8 is never replaced', async () => {
    const { rejects, records } = await read(Buffer.from('a,b\nc,\xff\xfe\nd,e\n', 'latin1'));
    expect(rejects).toEqual([{ line: 2, byteOffset: 4, code: 'encoding', column: 'c1', record: 'c,\xff\xfe' }]);
    expect(records).toHaveLength(2);
  });

  test('lines count inside quotes, blank lines and comments too', async () => {
    const { rejects } = await read('"a\nb",c\n\n#x\nbad\n', { commentChar: '#' });
    expect(rejects).toMatchObject([{ line: 5, byteOffset: 12 }]);
  });

  test('a quote that is never closed costs its line', async () => {
    const { rejects, records } = await read('a,b\n"c,d\ne,f\ng,h');
    expect(rejects).toEqual([{ line: 2, byteOffset: 4, code: 'quote', column: undefined, record: '"c,d' }]);
    expect(records).toEqual([['a', 'b'], ['e', 'f'], ['g', 'h']]);
  });

  test('a record that outgrows maxRecordSize costs its first line', async () => {
    const { rejects, records } = await read(`a,b\n"c\n${'d,e\n'.repeat(20)}`, {}, 2, 16);
    expect(rejects).toEqual([{ line: 2, byteOffset: 4, code: 'record_size', column: undefined, record: '"c' }]);
    expect(records).toHaveLength(21);
  });

  test.each([['\n'], ['\r\n']])('maxRecordSize counts the record without its line end %j', async (lineEnd) => {
    const { rejects, records } = await read(`1234,678${lineEnd}1234,6789${lineEnd}a,b${lineEnd}`, {}, 2, 8);
    expect(rejects).toMatchObject([{ code: 'record_size', record: '1234,6789' }]);
    expect(records).toEqual([['1234', '678'], ['a', 'b']]);
  });

  test.each([[3_000_000, 3_000_000], [12_000_000, 8 * 1024 * 1024]])(
    'a line of %d bytes, longer than any window, is rejected with its first %d bytes, and the next one read', async (size, kept) => {
      const long = 'xyz'.repeat(size / 3);
      const { rejects, records } = await read(`a,b\n${long}\r\nc,d\n`, {}, 2, 1000);
      expect(rejects).toMatchObject([{ line: 2, byteOffset: 4, code: 'record_size' }]);
      expect(rejects[0].record === long.slice(0, kept)).toBe(true);
      expect(records).toEqual([['a', 'b'], ['c', 'd']]);
    });

  test('a comment longer than any window is a comment', async () => {
    const { commentLines, records, rejects } = await read(`#${'x'.repeat(3_000_000)}\na,b\n`, { commentChar: '#' }, 2, 1000);
    expect({ commentLines, records, rejects }).toEqual({ commentLines: 1, records: [['a', 'b']], rejects: [] });
  });
});
