/** The measures of `bench/pollock.ts`, whose results docs/pollock.md has. The files themselves are not ours to keep. */
import { damage } from '../../bench/pollock/damage';
import { MEASURES, score } from '../../bench/pollock/metric';
import { readPythonRows } from '../../bench/pollock/polluted-file';

const HEADER = ['id', 'name', 'price'];
const CLEAN = [HEADER, ['1', 'Ann', '$1.50'], ['2', 'Bob', '$2.50'], ['3', 'Cy', '$3.50']];
const PERFECT = MEASURES.map(() => 1);

function scores(loaded: readonly string[][], clean = CLEAN): Record<string, number> {
  return Object.fromEntries(score(clean, loaded).map((value, index) => [MEASURES[index], value]));
}

describe("Pollock's score", () => {
  test('is 1 for each measure where all was loaded, and where there was nothing to load', () => {
    expect(score(CLEAN, CLEAN)).toEqual(PERFECT);
    expect(score([], [['col_0']])).toEqual(PERFECT);
  });

  test('a record that is left out costs its share of the records and of the cells', () => {
    expect(scores([HEADER, CLEAN[1], CLEAN[2]])).toMatchObject({
      header_f1: 1, record_precision: 2 / 3, record_recall: 1, record_f1: 0.8, cell_precision: 9 / 12, cell_recall: 1,
    });
  });

  test('a record that the clean file does not have costs what is called recall', () => {
    expect(scores([...CLEAN, ['4', 'Di', '$4.50']])).toMatchObject({ record_precision: 1, record_recall: 3 / 4, cell_precision: 1, cell_recall: 12 / 15 });
  });

  test('a header that is lost takes the first record for one', () => {
    expect(scores(CLEAN.slice(1))).toMatchObject({ header_f1: 0, record_precision: 2 / 3, record_recall: 1 });
  });

  test('numbers, times, dates, prices and letter case may have another form in records, not in cells', () => {
    const clean = [HEADER, ['28/01/2018', '00:15', '$1.50']];
    expect(scores([HEADER, ['2018-01-28', '00:15:00', '$1.5']], clean)).toMatchObject({ record_f1: 1, cell_precision: 3 / 6 });
  });

  test('values in the wrong columns cost nothing', () => {
    expect(score([['a', 'b', 'c'], ['x', 'y', '']], [['a', 'b', 'c'], ['x', '', 'y']])).toEqual(PERFECT);
  });
});

describe('what the score does not show', () => {
  test('no damage where all was loaded, in whatever form', () => {
    expect(damage(CLEAN, CLEAN)).toEqual({ wrongCells: 0, missing: 0 });
    expect(damage([['d', 't'], ['28/01/2018', '']], [['d', 't'], ['2018-01-28']])).toEqual({ wrongCells: 0, missing: 0 });
  });

  test('values in the wrong columns are wrong cells', () => {
    expect(damage([['a', 'b', 'c'], ['x', 'y', '']], [['a', 'b', 'c'], ['x', '', 'y']])).toEqual({ wrongCells: 2, missing: 0 });
  });

  test('a record that is left out is missing, and makes no other one wrong', () => {
    expect(damage(CLEAN, [HEADER, CLEAN[1], CLEAN[3]])).toEqual({ wrongCells: 0, missing: 1 });
  });

  test('two records that were taken for one are a missing one and wrong cells', () => {
    expect(damage(CLEAN, [HEADER, ['1', 'Ann,$1.50\n2,Bob', '$2.50'], CLEAN[3]])).toEqual({ wrongCells: 2, missing: 1 });
  });

  test('all of a record that the clean file does not have is wrong', () => {
    expect(damage(CLEAN, [...CLEAN, ['4', 'Di', '$4.50']])).toEqual({ wrongCells: 3, missing: 0 });
  });

  test('names count where the file has them', () => {
    expect(damage(CLEAN, [['id', '"name', 'price'], ...CLEAN.slice(1)])).toEqual({ wrongCells: 1, missing: 0 });
    expect(damage(CLEAN.slice(1), [['col_0', 'col_1', 'col_2'], ...CLEAN.slice(1)], false)).toEqual({ wrongCells: 0, missing: 0 });
    expect(damage(CLEAN.slice(1), CLEAN.slice(1), false)).toEqual({ wrongCells: 0, missing: 0 });
  });
});

test.each([
  ['a,"b ""c""",\r\n\r\n"d\ne","",f"g"\n', [['a', 'b "c"', ''], [], ['d\ne', '', 'f"g"']]],
  ['"a"b,c', [['ab', 'c']]],
  ['"a,b', [['a,b']]],
  ['""', [['']]],
  ['', []],
])("%j is read as by Python's csv.reader", (text, rows) => {
  expect(readPythonRows(text)).toEqual(rows);
});
