import { checkCsvDialect } from '../../src/contract/csv-dialect';

test.each([
  [{}],
  [{ delimiter: ';' }],
  [{ delimiter: '||' }],
  [{ delimiter: '\t' }],
  [{ delimiter: '§→' }],
  [{ delimiter: '😀' }],
  [{ quoteChar: '\'' }],
  [{ quoteChar: null }],
  [{ quoteChar: null, delimiter: '"' }],
  [{ doubleQuote: false }],
  [{ doubleQuote: false, escapeChar: '\\' }],
  [{ escapeChar: null, commentChar: null }],
  [{ commentChar: '#', skipInitialSpace: true, header: false }],
  [{ lineTerminator: '\n' }],
  [{ lineTerminator: '\r\n' }],
  [{ lineTerminator: '\r' }],
  [{ $schema: 'x', name: 'x', title: 'x', description: 'x', header: undefined }],
])('%j is right, and returned as it is', (dialect) => {
  expect(checkCsvDialect(dialect)).toBe(dialect);
});

test.each([
  [undefined, 'dialect must be an object, got undefined'],
  [[], 'dialect must be an object, got []'],
  [{ delimiter: '' }, 'dialect.delimiter must be one or more characters, none of them a line end or U+FEFF, got ""'],
  [{ delimiter: null }, 'dialect.delimiter must be one or more characters, none of them a line end or U+FEFF, got null'],
  [{ delimiter: 'a\nb' }, 'dialect.delimiter must be one or more characters'],
  [{ delimiter: '\r' }, 'dialect.delimiter must be one or more characters'],
  [{ delimiter: '\ufeff' }, 'dialect.delimiter must be one or more characters'],
  [{ delimiter: '\ud83d' }, 'dialect.delimiter must be one or more characters'],
  [{ delimiter: '"' }, 'dialect.quoteChar must differ from the characters of the delimiter "\\"", got "\\""'],
  [{ delimiter: '|#', commentChar: '#' }, 'dialect.commentChar must differ from the characters of the delimiter "|#", got "#"'],
  [{ escapeChar: ',' }, 'dialect.escapeChar must differ from the characters of the delimiter ",", got ","'],
  [{ quoteChar: '' }, 'dialect.quoteChar must be null or one visible ASCII character, got ""'],
  [{ quoteChar: '""' }, 'dialect.quoteChar must be null or one visible ASCII character, got "\\"\\""'],
  [{ quoteChar: '“' }, 'dialect.quoteChar must be null or one visible ASCII character, got "“"'],
  [{ quoteChar: ' ' }, 'dialect.quoteChar must be null or one visible ASCII character, got " "'],
  [{ quoteChar: '\n' }, 'dialect.quoteChar must be null or one visible ASCII character, got "\\n"'],
  [{ escapeChar: '\t' }, 'dialect.escapeChar must be null or one visible ASCII character, got "\\t"'],
  [{ commentChar: '//' }, 'dialect.commentChar must be null or one visible ASCII character, got "//"'],
  [{ escapeChar: '"' }, 'dialect.escapeChar must differ from the quoteChar (two quotes for one are what doubleQuote: true means), got "\\""'],
  [{ commentChar: '"' }, 'dialect.commentChar must differ from the quoteChar, got "\\""'],
  [{ escapeChar: '#', commentChar: '#' }, 'dialect.commentChar must differ from the escapeChar, got "#"'],
  [{ doubleQuote: 'yes' }, 'dialect.doubleQuote must be true or false, got "yes"'],
  [{ header: 1 }, 'dialect.header must be true or false, got 1'],
  [{ skipInitialSpace: null }, 'dialect.skipInitialSpace must be true or false, got null'],
  [{ skipInitialSpace: true, delimiter: ' ' }, 'dialect.skipInitialSpace must be false where the delimiter ends with a blank, got true'],
  [{ lineTerminator: '\n\r' }, 'dialect.lineTerminator must be one of "\\n", "\\r\\n", "\\r", got "\\n\\r"'],
  [{ lineTerminator: null }, 'dialect.lineTerminator must be one of'],
  [{ headerRows: [1, 2] }, 'dialect.headerRows must be one of the known properties (delimiter, quoteChar,'],
  [{ delimeter: ';' }, 'dialect.delimeter must be one of the known properties (delimiter, quoteChar,'],
])('%j is wrong', (dialect, message) => {
  expect(() => checkCsvDialect(dialect)).toThrow(message);
});
