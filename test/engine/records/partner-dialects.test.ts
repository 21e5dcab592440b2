import { compileFormat } from '../../../src/engine/format/format';
import { checkHead } from '../../../src/engine/records/head';
import { Dialect } from '../../../src/spec/dialect';
import { Field, Schema } from '../../../src/spec/schema';
import { bytesSource, runChunked, runWhole } from '../support/engine-run';
import { runEveryWay } from '../support/every-way';

/** The records as lists of values, and the rejects as they are told: the same at every chunk size and on both paths. */
async function read(dialect: Dialect, content: string, schema: Partial<Schema> = {}) {
  const fields = ['a', 'b'].map((name): Field => ({ name }));
  const settings = { schema: { fields, ...schema }, dialect: { header: false, ...dialect } };
  const { lines, rejects, rejectLines, counts } = await runEveryWay(content, settings);
  return { records: lines.map((line) => Object.values(JSON.parse(line) as object) as unknown[]), rejects, rejectLines, counts };
}

const records = async (dialect: Dialect, content: string, schema?: Partial<Schema>) => {
  const seen = await read(dialect, content, schema);
  expect(seen.rejects).toEqual([]);
  return seen.records;
};

describe('escapes', () => {
  const tabbed: Dialect = { delimiter: '\t', escapeChar: '\\' };

  test('a missing value is compared with the field as it is written', async () => {
    expect(await records(tabbed, '\\N\tN\n\\\\N\tx\n', { missingValues: ['\\N'] })).toEqual([[null, 'N'], ['\\N', 'x']]);
    expect(await records({ ...tabbed, nullSequence: '\\N' }, '\\N\t\n\\\\N\t"\\N"\n', { missingValues: [] })).toEqual([[null, ''], ['\\N', 'N']]);
  });

  const mysql: Dialect = { delimiter: '\t', quoteChar: null, escapeChar: '\\', escapeSequences: 'mysql', nullSequence: '\\N', lineTerminator: '\n' };
  test.each([
    ['null and the word', '\\N\tNULL\n', [[null, 'NULL']]],
    ['a tab, a line end and a backslash', 'a\\\tb\tc\\\nd\\\\\n', [['a\tb', 'c\nd\\']]],
    ['letters for characters', '\\0\\b\\n\\r\\t\\Z\t\\x\\N1\n', [['\0\b\n\r\t\x1a', 'xN1']]],
    ['quotes and carriage returns are data', '"a"\tb\r\nc\td\n', [['"a"', 'b\r'], ['c', 'd']]],
    ['an empty text is a text', '\t\n', [['', '']]],
  ])('what MySQL writes: %s', async (_, content, expected) => {
    expect(await records(mysql, content, { missingValues: [] })).toEqual(expected);
  });

  test('what MySQL writes with fields in quotes', async () => {
    const quoted: Dialect = { delimiter: ',', escapeChar: '\\', escapeSequences: 'mysql', nullSequence: '\\N', lineTerminator: '\n' };
    expect(await records(quoted, '"a,\\"b\\"\\\\",\\N\n"line\\\nend",""\n', { missingValues: [] })).toEqual([['a,"b"\\', null], ['line\nend', '']]);
  });

  const postgresql: Dialect = { ...mysql, escapeSequences: 'postgresql' };
  test.each([
    ['null, and the text of these characters', '\\N\t\\\\N\n', [[null, '\\N']]],
    ['all that it escapes', 'a\\tb\\nc\\rd\\\\\t\\b\\f\\v\n', [['a\tb\nc\rd\\', '\b\f\v']]],
    ['octal and hexadecimal codes', '\\101\\7x\t\\x41\\x4z\n', [['A\x07x', 'A\x04z']]],
    ['the end of data', 'a\tb\n\\.\n', [['a', 'b']]],
  ])('what PostgreSQL writes: %s', async (_, content, expected) => {
    expect(await records(postgresql, content, { missingValues: [] })).toEqual(expected);
  });

  test('in PostgreSQL\'s format a byte that is no character rejects its record', async () => {
    const { records: seen, rejects } = await read(postgresql, 'a\\303\\251\tb\nc\td\n');
    expect(seen).toEqual([['c', 'd']]);
    expect(rejects).toEqual([['encoding a: a field must be text, this one has the escape of a byte above 127', 'a\\303\\251\tb']]);
  });
});

describe('line ends', () => {
  test('CRLF alone: a bare LF or CR is data, and counts as a line where it is one', async () => {
    const { records: seen, rejectLines, rejects } = await read({ lineTerminator: '\r\n' }, 'a\nb,c\r\nd,e\rf\r\n"g\nh",\n\r\nbad\r\ni,j');
    expect(seen).toEqual([['a\nb', 'c'], ['d', 'e\rf'], ['g\nh', '\n'], ['i', 'j']]);
    expect(rejects.map(([, record]) => record)).toEqual(['bad']);
    expect(rejectLines).toEqual([7]);
  });

  test('CRLF alone: comments and broken records end there too', async () => {
    const { records: seen, rejects, rejectLines, counts } = await read({ lineTerminator: '\r\n', commentChar: '#' }, '#x\ny\r\na,"b\nc\r\nd,e\r\n');
    expect(seen).toEqual([['d', 'e']]);
    expect([counts.commentLines, rejects, rejectLines]).toEqual([1, [['quote: a quote is opened and never closed', 'a,"b\nc']], [3]]);
  });

  test('LF alone: a CR is data, also before it', async () => {
    expect(await records({ lineTerminator: '\n' }, 'a,b\r\n"c","d\r"\n')).toEqual([['a', 'b\r'], ['c', 'd\r']]);
  });
});

describe('line ends that are plainly others than declared', () => {
  test.each<[string, Dialect['lineTerminator'], string, string]>([
    ['CRLF', '\n', 'a,b\r\n1,2\r\n', 'expected lines that end with LF alone, got CRLF at each of them: declare lineTerminator "\\r\\n", or leave it out'],
    ['LF', '\r\n', 'a,b\n1,2\n', 'expected lines that end with CRLF alone, got LF: declare lineTerminator "\\n", or leave it out'],
    ['CR', undefined, 'a,b\r1,2\r', 'expected lines that end with LF or CRLF, got CR alone: declare lineTerminator "\\r"'],
    ['CR behind quotes', '\n', '"a","b"\r"1","2"\r', 'got CR alone'],
  ])('%s', async (_, lineTerminator, content, message) => {
    for (const header of [true, false]) await expect(read({ header, lineTerminator }, content)).rejects.toThrow(message);
  });

  test.each(['a,b\r1,2\r3,4\r\n', 'a,b\r1,2\r3,4\n', '"a","b"\r"1","2"\r"3","4"\n\n'])('CR in the header, and one LF at the end: %j', async (content) => {
    await expect(read({ header: true }, content)).rejects.toThrow('expected lines that end with LF or CRLF, got CR alone in the first line: declare lineTerminator "\\r"');
  });

  test.each<[Dialect['lineTerminator'], string]>([
    ['\n', 'a,b\n1,2\r\n'], ['\r\n', 'a,b\r\n1,2\n'], ['\r\n', 'a,b'], [undefined, '"a\r1","b"'], [undefined, 'a,b\r'], ['\r', 'a,b\n1,2\n'],
    ['\n', 'a,b\r\n'], ['\r\n', '"a\n",b'], [undefined, `a\r${'x'.repeat(70_000)},b\nc,d\n`],
  ])('%j and %j are no contradiction', async (lineTerminator, content) => {
    const format = compileFormat({ schema: { fields: [{ name: 'a' }, { name: 'b' }] }, dialect: { header: false, lineTerminator }, maxRecordSize: 100_000 });
    expect((await runWhole(bytesSource(content), format)).rejects).toEqual([]);
    await expect(checkHead(bytesSource(content), format)).resolves.toMatchObject({ sampleRejected: 0 });
  });
});

describe('lazyQuotes', () => {
  const lazy: Dialect = { lazyQuotes: true };
  test.each([
    ['a quote in the middle', '"a "b" c",d\n', [['a "b" c', 'd']]],
    ['a quote at the end', '"27"" monitor",x\n"27" monitor",x\n', [['27" monitor', 'x'], ['27" monitor', 'x']]],
    ['a quote that blanks follow is not the closing one', '"a" ,b",c\n', [['a" ,b', 'c']]],
    ['a CR alone within', '"a "\r"b",d\r\n', [['a "\r"b', 'd']]],
    ['a line end before any such quote', '"a\nb "c" ""d""",e\n', [['a\nb "c" "d"', 'e']]],
    ['quotes of unquoted fields', 'a "b" c,d"\n', [['a "b" c', 'd"']]],
    ['an empty field', '"",x\n', [[null, 'x']]],
    ['a field of one quote', '"""",x\n', [['"', 'x']]],
  ])('%s', async (_, content, expected) => {
    expect((await read(lazy, content)).records).toEqual(expected);
  });

  test('a field whose quote is never closed rejects its first line', async () => {
    const { records: seen, rejects } = await read(lazy, '"a "b,c\nd,e\n');
    expect(seen).toEqual([['d', 'e']]);
    expect(rejects.map(([, record]) => record)).toEqual(['"a "b,c']);
  });

  test.each<[string, string, Dialect]>([
    ['a blank behind the closing quote', '1,"a" \n2,"b"\n3,"c" \r\n4,"d"\n', {}],
    ['text behind it', '1,"a"x\n2,"b"\n3,"c" ""x\r\n4,"d"\n', {}],
    ['an escape behind it', '1,"a" \\x\n2,"b"\n3,"c" \\\n4,"d"\n', { escapeChar: '\\' }],
    ['CRLF alone', '1,"a" \r\n2,"b"\r\n3,"c"\rx\r\n4,"d"\r\n', { lineTerminator: '\r\n' }],
    ['CR', '1,"a" \r2,"b"\r3,"c"x\r\n4,"d"\r', { lineTerminator: '\r' }],
  ])('behind such a quote no field goes on in the next line, where it would swallow records: %s', async (_, content, more) => {
    const { records: seen, rejects } = await read({ ...lazy, ...more }, content);
    expect(seen).toEqual([['2', 'b'], ['4', 'd']]);
    expect(rejects.map(([message]) => message.split(' ')[0])).toEqual(['quote', 'quote']);
  });

  test('without it such a record is rejected', async () => {
    expect((await read({}, '"a "b" c",d\n')).rejects).toHaveLength(1);
  });
});

describe('trailingDelimiter', () => {
  test('is not the beginning of one more field', async () => {
    const piped: Dialect = { delimiter: '|', trailingDelimiter: true };
    expect(await records(piped, '1|2.00|\n3||\n"4"|"x|"|\n')).toEqual([['1', '2.00'], ['3', null], ['4', 'x|']]);
  });

  test.each(['a,b\n1,2,\n', 'a,b,\n1,2,\n'])('the header may have it or not: %j', async (content) => {
    expect(await records({ header: true, trailingDelimiter: true }, content)).toEqual([['1', '2']]);
  });

  test('a record without it is rejected: nobody can tell which field is missing', async () => {
    const { records: seen, rejects } = await read({ trailingDelimiter: true }, '1,2\n1,\n1,2,3,\n4,5,\n');
    expect(seen).toEqual([['4', '5']]);
    expect(rejects.map(([message]) => message)).toEqual([
      'field_count: a record must end with a delimiter (trailingDelimiter), this one does not',
      'field_count: a record must have 2 fields, this one has 1',
      'field_count: a record must have 2 fields, this one has 3',
    ]);
  });
});

describe('short and long records', () => {
  test('a short one has no value in the fields that are missing, and is counted', async () => {
    const { records: seen, rejects, counts } = await read({ allowShortRecords: true }, '1,2\n3\n4,5,6\n');
    expect(seen).toEqual([['1', '2'], ['3', null]]);
    expect(rejects).toEqual([['field_count: a record must have 2 fields, this one has 3', '4,5,6']]);
    expect(counts).toMatchObject({ shortRecords: 1, longRecords: 0, recordsRead: 3 });
  });

  test('a short one without a required field is rejected', async () => {
    const fields = [{ name: 'a' }, { name: 'b', constraints: { required: true } }];
    expect((await read({ allowShortRecords: true }, '1\n', { fields })).rejects).toEqual([['required b: expected a value, got none', '1']]);
  });

  test('where an empty text is a value, a field that is missing still has none', async () => {
    expect(await records({ allowShortRecords: true }, '1\n2,\n', { missingValues: [] })).toEqual([['1', null], ['2', '']]);
  });

  test('a long one may have nothing but empty fields behind the last one, and is counted', async () => {
    const { records: seen, rejects, counts } = await read({ allowLongRecords: true }, '1,2,,""\n3,4,x\n5\n');
    expect(seen).toEqual([['1', '2']]);
    expect(rejects).toEqual([
      ['field_count: a record must have nothing behind its 2 fields (allowLongRecords), this one has a text in field 3', '3,4,x'],
      ['field_count: a record must have 2 fields, this one has 1', '5'],
    ]);
    expect(counts).toMatchObject({ shortRecords: 0, longRecords: 1 });
  });
});

test('blank records are skipped on request, and counted', async () => {
  const content = ',\n , \n\t,\na,b\n"",\n  \n,c\n';
  const { records: seen, counts, rejects } = await read({ skipBlankRecords: true }, content);
  expect(seen).toEqual([['a', 'b'], [null, null], [null, 'c']]);
  expect([counts.blankRecords, counts.recordsRead, rejects]).toEqual([4, 3, []]);
  expect((await read({}, content)).counts).toMatchObject({ blankRecords: 0, recordsRead: 7, recordsRejected: 1 });
});

test('blank records before the header are skipped too', async () => {
  expect(await records({ header: true, skipBlankRecords: true }, ',,\n , \na,b\n1,2\n')).toEqual([['1', '2']]);
});

describe('skipFooter', () => {
  test.each([
    ['of any width', '1,2\n3,4\n***END OF FILE***\n', 1],
    ['that would be a record', '1,2\n3,4\nTotal,123.45\n', 1],
    ['of several records, blank lines between and behind', '1,2\n3,4\nTotal,,1\n\n"x, y"\n\n\n', 2],
    ['without a line end', '1,2\n3,4\nEND', 1],
    ['that is broken', '1,2\n3,4\n"END\n', 1],
    ['with comments behind', '1,2\n3,4\nEND\n#x\n', 1],
  ])('leaves out a footer %s', async (_, content, skipFooter) => {
    const { records: seen, rejects, counts } = await read({ skipFooter, commentChar: '#' }, content);
    expect(seen).toEqual([['1', '2'], ['3', '4']]);
    expect([counts.footerRecords, counts.recordsRead, rejects]).toEqual([skipFooter, 2, []]);
  });

  test('a file that is shorter than its footer has no records; the verdict on the job is another matter', async () => {
    expect((await read({ skipFooter: 3 }, '1,2\n3,4\n')).counts).toMatchObject({ footerRecords: 2, recordsRead: 0 });
  });

  test.each<[string, string, number]>([
    ['a stray quote that the footer\'s own quote closes', '1,a\n2,"b\n3,c\n4,d\nTOTAL,"x"\n', 1],
    ['a record that ends just before it', '1,a\n2,"b\n3,c\n4,d"\nTOTAL\n', 2],
    ['a footer that is one quoted text', '1,a\n2,"b\n3,c\n"END"\n', 1],
  ])('what spans lines is no footer: %s', async (_, content, skipFooter) => {
    const { counts } = await read({ skipFooter }, content);
    expect(counts.footerRecords).toBeLessThan(skipFooter);
    expect(counts.recordsRead).toBeGreaterThanOrEqual(2);
  });

  test('takes all but the file\'s end by the fast path, whatever lies between chunks', async () => {
    const content = Array.from({ length: 20_000 }, (_, index) => `${index},x\n`).join('') + 'Total,20000\nEND\n';
    const fmt = compileFormat({ schema: { fields: [{ name: 'a', type: 'integer' }, { name: 'b' }] }, dialect: { header: false, skipFooter: 2 }, maxRecordSize: 100 });
    const whole = await runWhole(bytesSource(content), fmt);
    expect(whole).toMatchObject({ recordsWritten: 20_000, footerRecords: 2, rejects: [] });
    for (const chunkSize of [1000, 10_000, 65_000, 200_000]) {
      const { chunks, plan, repaired, ...chunked } = await runChunked(bytesSource(content), fmt, chunkSize);
      expect(chunked).toEqual(whole);
    }
  });
});

test.each(['1,2\n3,4\n\x1a', '1,2\n3,4\x1a', '1,2\n3,"4"\x1a\x1a\x1a'])('Ctrl-Z at the end is no part of the file: %j', async (content) => {
  expect(await records({ ctrlZ: true }, content)).toEqual([['1', '2'], ['3', '4']]);
});

test('Ctrl-Z elsewhere is data', async () => {
  expect(await records({ ctrlZ: true }, '1,\x1a\n\x1a3,4\n')).toEqual([['1', '\x1a'], ['\x1a3', '4']]);
});

describe('a footer in a file that is larger than its reach', () => {
  const reach = 70_000;
  const lines = (count: number) => Array.from({ length: count }, (_, index) => `${index},${index % 7 === 0 && index < count - 9 ? '"x\ny"' : 'abc'}\n`).join('');

  test.each([1, 2, 5])('is left out by both paths, wherever chunks end: %d records', async (skipFooter) => {
    const fmt = (footer: number) => compileFormat({
      schema: { fields: [{ name: 'a', type: 'integer' }, { name: 'b' }] }, dialect: { header: false, skipFooter: footer }, maxRecordSize: 100,
    });
    const content = lines(20_000);
    expect(content.length).toBeGreaterThan(2 * reach);
    const all = (await runWhole(bytesSource(content), fmt(0))).output.split('\n').slice(0, -1);
    const whole = await runWhole(bytesSource(content), fmt(skipFooter));
    expect(whole.output.split('\n').slice(0, -1)).toEqual(all.slice(0, -skipFooter));
    expect(whole).toEqual(await runWhole(bytesSource(content), fmt(skipFooter), { fast: false }));
    for (const chunkSize of [7_001, 50_000, content.length - 20, content.length - 3]) {
      const { chunks, plan, repaired, ...chunked } = await runChunked(bytesSource(content), fmt(skipFooter), chunkSize);
      expect(chunked).toEqual(whole);
    }
  });
});

test('Ctrl-Z before a footer is data', async () => {
  const { records: seen, rejects } = await read({ ctrlZ: true, skipFooter: 1 }, '1,a\x1a\n2,\x1a\n3,"x"\x1a\n4,c\nEND\n');
  expect(seen).toEqual([['1', 'a\x1a'], ['2', '\x1a'], ['4', 'c']]);
  expect(rejects.map(([message]) => message)).toEqual(['quote b: a closing quote must be followed by a delimiter or a line end, there is other text']);
});

test('a file that ends within its skipped lines has no record', async () => {
  await expect(read({ skipLines: 2 }, '0,a\n1,b')).rejects.toThrow('expected records, the file ends within the lines that are skipped (skipLines 2)');
  await expect(read({ skipLines: 1 }, '0,a\r1,b\r2,c\r')).rejects.toThrow('expected lines that end with LF or CRLF, got CR alone: declare lineTerminator "\\r"');
});
