import { addCounts, countAttributes, countsOf } from '../../src/spec/counts';

const COUNTED = {
  recordsRead: 10,
  recordsWritten: 6,
  recordsRejected: 3,
  recordsFiltered: 1,
  blankLines: 4,
  commentLines: 5,
  blankRecords: 7,
  footerRecords: 1,
  shortRecords: 2,
  longRecords: 8,
};
const STORED = {
  records_read: 10,
  records_written: 6,
  records_rejected: 3,
  records_filtered: 1,
  blank_lines: 4,
  comment_lines: 5,
  blank_records: 7,
  footer_records: 1,
  short_records: 2,
  long_records: 8,
};

test('counts go to the job table and come back', () => {
  expect(countAttributes(COUNTED)).toStrictEqual(STORED);
  expect(Object.entries(countsOf(STORED))).toEqual(Object.entries(COUNTED));
});

test('takes nothing but counts of an item', () => {
  const item = { file_id: 'f', lines: 20, records_read: 2 };
  const none = Object.fromEntries(Object.keys(COUNTED).map((name) => [name, 0]));
  expect(countsOf(item)).toStrictEqual({ ...none, recordsRead: 2 });
});

test('adds up each figure by itself', () => {
  const twice = Object.fromEntries(Object.entries(STORED).map(([name, count]) => [name, 2 * count]));
  expect(addCounts([STORED, STORED])).toStrictEqual(twice);
  expect(addCounts([STORED, { records_read: 10 }])).toStrictEqual({ ...STORED, records_read: 20 });
  expect(addCounts([])).toStrictEqual(countAttributes(countsOf({})));
});
