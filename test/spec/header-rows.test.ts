import { checkDialect } from '../../src/spec/dialect';

test.each([
  [{ headerRows: [1] }],
  [{ headerRows: [3] }],
  [{ headerRows: [1, 2], headerJoin: '' }],
  [{ headerRows: [2, 4], commentRows: [3, 5, 6] }],
  [{ headerRows: [10_000] }],
  [{ commentRows: [2] }],
  [{ commentRows: [1, 2] }],
  [{ commentRows: [1, 3] }],
  [{ commentRows: [] }],
  [{ commentRows: [1, 2], header: false }],
  [{ headerSearchLines: 1000, skipLines: 3 }],
  [{ headerJoin: ' / ' }],
])('%j is right, and returned as it is', (dialect) => {
  expect(checkDialect(dialect)).toBe(dialect);
});

test.each([
  [{ headerRows: 1 }, 'dialect.headerRows must be a list of row numbers, got 1'],
  [{ headerRows: [] }, 'dialect.headerRows must hold at least one row; that there is no header is said by header: false, got []'],
  [{ headerRows: [0] }, 'dialect.headerRows[0] must be a whole number from 1 to 10000, got 0'],
  [{ headerRows: ['1'] }, 'dialect.headerRows[0] must be a whole number from 1 to 10000, got "1"'],
  [{ headerRows: [undefined] }, 'dialect.headerRows[0] must be a whole number from 1 to 10000, got null'],
  [{ headerRows: [10_001] }, 'dialect.headerRows[0] must be a whole number from 1 to 10000, got 10001'],
  [{ headerRows: [2, 1] }, 'dialect.headerRows must be in ascending order, each row once, got [2,1]'],
  [{ headerRows: [1, 1] }, 'dialect.headerRows must be in ascending order, each row once, got [1,1]'],
  [{ headerRows: [1], header: false }, 'dialect.headerRows must be left out where header is false, got [1]'],
  [{ headerSearchLines: 5, header: false }, 'dialect.headerSearchLines must be left out where header is false, got 5'],
  [{ headerSearchLines: 5, headerRows: [1] }, 'dialect.headerRows must be left out where headerSearchLines is given: the header is found by its names, got [1]'],
  [{ headerSearchLines: 5, commentRows: [1] }, 'dialect.commentRows must be left out where headerSearchLines is given: the header is found by its names, got [1]'],
  [{ headerSearchLines: 0 }, 'dialect.headerSearchLines must be a whole number from 1 to 1000, got 0'],
  [{ headerSearchLines: 1001 }, 'dialect.headerSearchLines must be a whole number from 1 to 1000, got 1001'],
  [{ headerSearchLines: true }, 'dialect.headerSearchLines must be a whole number from 1 to 1000, got true'],
  [{ headerJoin: 1 }, 'dialect.headerJoin must be a string, got 1'],
  [{ commentRows: '2' }, 'dialect.commentRows must be a list of row numbers, got "2"'],
  [{ commentRows: [1.5] }, 'dialect.commentRows[0] must be a whole number from 1 to 10000, got 1.5'],
  [{ commentRows: [3, 2] }, 'dialect.commentRows must be in ascending order, each row once, got [3,2]'],
  [{ headerRows: [1, 2], commentRows: [2, 3] }, 'dialect.commentRows must hold none of the headerRows (2), got [2,3]'],
  [{ commentRows: [3] }, 'dialect.commentRows must be rows before the first record: row 2 is one, if it is not among them, got [3]'],
  [{ headerRows: [2], commentRows: [1, 3, 5] }, 'dialect.commentRows must be rows before the first record: row 4 is one, if it is not among them, got [1,3,5]'],
  [{ commentRows: [2], header: false }, 'dialect.commentRows must be rows before the first record: row 1 is one, if it is not among them, got [2]'],
])('%j is wrong', (dialect, message) => {
  expect(() => checkDialect(dialect)).toThrow(new Error(message));
});
