import { checkUnicode } from '../../src/spec/descriptor-check';
import { checkDialect } from '../../src/spec/dialect';

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
  [{ skipLines: 0 }],
  [{ property: 'data.items', itemType: 'object' }],
  [{ skipLines: 10_000, header: false }],
  [{ $schema: 'x', name: 'x', title: 'x', description: 'x', header: undefined }],
])('%j is right, and returned as it is', (dialect) => {
  expect(checkDialect(dialect)).toBe(dialect);
});

test.each([
  [undefined, 'dialect must be an object, got undefined'],
  [[], 'dialect must be an object, got []'],
  [{ delimiter: '' }, 'dialect.delimiter must be one or more characters, none of them a line end, NUL or U+FEFF, got ""'],
  [{ delimiter: null }, 'dialect.delimiter must be one or more characters, none of them a line end, NUL or U+FEFF, got null'],
  [{ delimiter: 'a\nb' }, 'dialect.delimiter must be one or more characters'],
  [{ delimiter: '\r' }, 'dialect.delimiter must be one or more characters'],
  [{ delimiter: '\ufeff' }, 'dialect.delimiter must be one or more characters'],
  [{ delimiter: '\0' }, 'dialect.delimiter must be one or more characters, none of them a line end, NUL or U+FEFF, got "\\u0000"'],
  [{ delimiter: '|\0|' }, 'dialect.delimiter must be one or more characters'],
  [{ quoteChar: '\0' }, 'dialect.quoteChar must be null or one visible ASCII character, got "\\u0000"'],
  [{ escapeChar: '\0' }, 'dialect.escapeChar must be null or one visible ASCII character, got "\\u0000"'],
  [{ commentChar: '\0' }, 'dialect.commentChar must be null or one visible ASCII character, got "\\u0000"'],
  [{ delimiter: '\ud83d' }, 'dialect.delimiter must be Unicode text, without half a surrogate pair, got "\\ud83d"'],
  [{ nullSequence: '\ud83d' }, 'dialect.nullSequence must be Unicode text, without half a surrogate pair, got "\\ud83d"'],
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
  [{ lineTerminator: 10 }, 'dialect.lineTerminator must be one of "\\n", "\\r\\n", "\\r", got 10'],
  [{ escapeChar: '\\', escapeSequences: 'c' }, 'dialect.escapeSequences must be one of "literal", "mysql", "postgresql", got "c"'],
  [{ escapeSequences: 'mysql' }, 'dialect.escapeSequences must be left out where there is no escapeChar, got "mysql"'],
  [{ nullSequence: '' }, 'dialect.nullSequence must be null or a string of at least one character (the empty text is a matter of missingValues), got ""'],
  [{ nullSequence: 'a,b' }, 'dialect.nullSequence must hold neither a line end nor the delimiter ",", which would end the field, got "a,b"'],
  [{ ctrlZ: true, delimiter: '\x1a' }, 'dialect.ctrlZ must be left out where the delimiter holds Ctrl-Z, got true'],
  [{ lazyQuotes: 1 }, 'dialect.lazyQuotes must be true or false, got 1'],
  [{ lazyQuotes: true, quoteChar: null }, 'dialect.lazyQuotes must be left out where quoteChar is null, got true'],
  [{ lazyQuotes: true, delimiter: '||' }, 'dialect.lazyQuotes must be left out where the delimiter is not one ASCII character: it is "||", got true'],
  [{ trailingDelimiter: 'yes' }, 'dialect.trailingDelimiter must be true or false, got "yes"'],
  [{ allowShortRecords: 1 }, 'dialect.allowShortRecords must be true or false, got 1'],
  [{ allowLongRecords: 1 }, 'dialect.allowLongRecords must be true or false, got 1'],
  [{ skipBlankRecords: 1 }, 'dialect.skipBlankRecords must be true or false, got 1'],
  [{ skipFooter: -1 }, 'dialect.skipFooter must be a whole number from 0 to 1000, got -1'],
  [{ skipFooter: true }, 'dialect.skipFooter must be a whole number from 0 to 1000, got true'],
  [{ ctrlZ: 1 }, 'dialect.ctrlZ must be true or false, got 1'],
  [{ skipLines: -1 }, 'dialect.skipLines must be a whole number from 0 to 10000, got -1'],
  [{ skipLines: 1.5 }, 'dialect.skipLines must be a whole number from 0 to 10000, got 1.5'],
  [{ skipLines: '3' }, 'dialect.skipLines must be a whole number from 0 to 10000, got "3"'],
  [{ property: '' }, 'dialect.property must be a name of 1 to 1000 characters, got ""'],
  [{ property: ['data'] }, 'dialect.property must be a string, got ["data"]'],
  [{ itemType: 'array' }, 'dialect.itemType must be left out, because it is not supported: records of JSON are objects, and their keys lead to the fields, got "array"'],
  [{ itemKeys: ['id'] }, 'dialect.itemKeys must be left out, because it is not supported'],
  [{ delimeter: ';' }, 'dialect.delimeter must be one of the known properties (delimiter, quoteChar,'],
])('%j is wrong', (dialect, message) => {
  expect(() => checkDialect(dialect)).toThrow(message);
});

describe('half a surrogate pair', () => {
  const deep = (inner: unknown) => {
    let value = inner;
    for (let depth = 0; depth < 20_000; depth++) value = [value];
    return value;
  };

  test('is looked for as deep as JSON can be nested', () => {
    expect(() => checkUnicode('schema', { ours: deep('text') })).not.toThrow();
    expect(() => checkUnicode('schema', { ours: deep('\ud83d') })).toThrow(/^schema\.ours\[0\]\[0\].* must be Unicode text, without half a surrogate pair, got "\\ud83d"$/);
  });

  test('is told with its path, the first of several', () => {
    expect(() => checkUnicode('schema', { fields: [{ name: 'a' }, { name: '\ud83d' }], title: '\ud83d' })).toThrow('schema.fields[1].name must be Unicode text');
    expect(() => checkUnicode('schema', { own: { '\ud83d': 1 } })).toThrow('the name of schema.own.');
  });
});
