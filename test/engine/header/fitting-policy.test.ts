import { checkHeaderNames } from '../../../src/engine/header/header-check';
import { Schema } from '../../../src/spec/schema';

const SCHEMA: Schema = { fields: [{ name: 'Id' }, { name: 'amount' }, { name: 'note' }] };
const check = (names: string[], schema: Partial<Schema> = {}) => () => checkHeaderNames({ ...SCHEMA, ...schema }, names, false, 'the first line');

test.each<[string[], string]>([
  [['ID', 'amount', 'Note'], 'headerCase false'],
  [['Id', ' amount', 'note\u00a0'], 'trim true'],
  [['note', 'Id', 'amount'], 'fieldsMatch "equal"'],
  [['Id', 'x', 'amount', 'note', ''], 'fieldsMatch "subset"'],
])('of a header that fits but for order, case, blanks or other columns it is told what takes it: %j', (names, policy) => {
  expect(check(names)).toThrow(`; ${policy} in the schema takes it`);
});

test.each([['Id', 'amount'], ['Id', 'amount', 'betrag'], ['a', 'b', 'c']])('of one that lacks a field nothing is: %j', (...names) => {
  expect(check(names)).not.toThrow('takes it');
  expect(check(names)).toThrow('expected a header line');
});

test('a name of decomposed letters is told apart from the one that looks the same', () => {
  const schema = { fields: [{ name: 'größe' }, { name: 'x' }] };
  expect(check(['gro\u0308\u00dfe', 'x'], schema)).toThrow('field 1 is "gro\\u0308ße" and should be "größe"');
});
