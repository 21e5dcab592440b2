import { addCounts, countAttributes, countsOf } from '../../src/spec/counts';

const COUNTED = { recordsRead: 10, recordsWritten: 6, recordsRejected: 3, recordsFiltered: 1, blankLines: 4, commentLines: 5 };
const STORED = { records_read: 10, records_written: 6, records_rejected: 3, records_filtered: 1, blank_lines: 4, comment_lines: 5 };

test('counts go to the job table and come back', () => {
  expect(countAttributes(COUNTED)).toStrictEqual(STORED);
  expect(Object.entries(countsOf(STORED))).toEqual(Object.entries(COUNTED));
});

test('takes nothing but counts of an item', () => {
  const item = { file_id: 'f', lines: 20, records_read: 2 };
  expect(countsOf(item)).toStrictEqual({ recordsRead: 2, recordsWritten: 0, recordsRejected: 0, recordsFiltered: 0, blankLines: 0, commentLines: 0 });
});

test('adds up each figure by itself', () => {
  const twice = { records_read: 20, records_written: 12, records_rejected: 6, records_filtered: 2, blank_lines: 8, comment_lines: 10 };
  expect(addCounts([STORED, STORED])).toStrictEqual(twice);
  expect(addCounts([STORED, { records_read: 10 }])).toStrictEqual({ ...STORED, records_read: 20 });
  expect(addCounts([])).toStrictEqual(countAttributes(countsOf({})));
});
