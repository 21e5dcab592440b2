import { addStages, eachStage, Stages } from '../../src/spec/stages';

const of = (records: number, milliseconds: number): Stages => eachStage(() => ({ records, milliseconds }));

test('adds up each stage by itself', () => {
  const one = { ...of(1, 10), write: { records: 5, milliseconds: 50 } };
  expect(addStages(one, of(2, 20))).toEqual({ ...of(3, 30), write: { records: 7, milliseconds: 70 } });
});

test('items of an earlier version count as nothing', () => {
  expect(addStages(undefined, of(2, 20))).toEqual(of(2, 20));
  expect(addStages(of(2, 20), undefined)).toEqual(of(2, 20));
  expect(addStages(undefined, undefined)).toBeUndefined();
});
