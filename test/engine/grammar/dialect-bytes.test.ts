import { resolveDialect } from '../../../src/engine/grammar/dialect-bytes';

test.each([
  [{ delimiter: '\0' }, 'dialect.delimiter must hold at least one character and no NUL, got "\\u0000"'],
  [{ delimiter: '|\0' }, 'dialect.delimiter must hold at least one character and no NUL, got "|\\u0000"'],
  [{ delimiter: '' }, 'dialect.delimiter must hold at least one character and no NUL, got ""'],
  [{ quoteChar: '\0' }, 'dialect.quoteChar must be one ASCII character other than NUL, got "\\u0000"'],
  [{ escapeChar: '\0' }, 'dialect.escapeChar must be one ASCII character other than NUL, got "\\u0000"'],
  [{ commentChar: '\0' }, 'dialect.commentChar must be one ASCII character other than NUL, got "\\u0000"'],
  [{ commentChar: 'é' }, 'dialect.commentChar must be one ASCII character other than NUL, got "é"'],
])('%j is refused', (dialect, message) => {
  expect(() => resolveDialect(dialect)).toThrow(message);
});
