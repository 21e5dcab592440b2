import { compileFormat } from '../../src/engine/format/format';
import { checkAgreement } from '../../src/spec/agreement';
import { Dialect } from '../../src/spec/dialect';
import { InputFormatName } from '../../src/spec/input-settings';

const schema = { fields: [{ name: 'id' }] };

test('what goes by names needs a header', () => {
  const byName = { ...schema, fieldsMatch: 'equal' as const };
  expect(() => checkAgreement(byName, { header: false }, {}))
    .toThrow('schema.fieldsMatch must be exact where dialect.header is false: without a header there are no names to go by, got "equal"');
  expect(() => checkAgreement(byName, {}, {})).not.toThrow();
  expect(() => checkAgreement({ ...schema, fieldsMatch: ['exact'] }, { header: false }, {})).not.toThrow();
});

test.each(['json', 'jsonl', 'concatenated-json'] as const)('files that are declared to be %s have no dialect of CSV', (inputFormat) => {
  for (const [name, value] of [['delimiter', ';'], ['header', true], ['headerRows', [2]], ['commentRows', [2]]] as const) {
    expect(() => checkAgreement(schema, { [name]: value }, { inputFormat }))
      .toThrow(`dialect.${name} must be left out where inputFormat is ${inputFormat}: it is how CSV and TSV are written, got ${JSON.stringify(value)}`);
  }
  expect(() => checkAgreement(schema, { title: 'x', delimiter: undefined } as Dialect, { inputFormat })).not.toThrow();
  expect(() => checkAgreement(schema, {}, { inputFormat })).not.toThrow();
  // By their names some of the files may be CSV.
  expect(() => checkAgreement(schema, { delimiter: ';' }, {})).not.toThrow();
});

test.each<[InputFormatName, string]>([
  ['csv', 'it is how JSON is written'],
  ['tsv', 'it is how JSON is written'],
  ['jsonl', 'only a file of one JSON value (json) has it'],
  ['concatenated-json', 'only a file of one JSON value (json) has it'],
])('files that are declared to be %s have no property', (inputFormat, why) => {
  expect(() => checkAgreement(schema, { property: 'data' }, { inputFormat }))
    .toThrow(new Error(`dialect.property must be left out where inputFormat is ${inputFormat}: ${why}, got "data"`));
});

test('a property is for files of one JSON value, declared or not', () => {
  expect(() => checkAgreement(schema, { property: 'data' }, { inputFormat: 'json' })).not.toThrow();
  expect(() => checkAgreement(schema, { property: 'data', delimiter: ';' }, {})).not.toThrow();
});

test.each(['iso-8859-1', 'windows-1252'] as const)('a delimiter in %s is right here exactly when it compiles', (encoding) => {
  const wrong: string[] = [];
  for (const delimiter of [...',;|\t§¦\u0080\u0081\u0099\u00a0ÿ€ŽŸ…™Ā→', '€§', ', →', '😀']) {
    const accepts = (action: () => unknown) => {
      try { action(); return true; } catch { return false; }
    };
    const right = accepts(() => checkAgreement(schema, { delimiter }, { encoding }));
    expect([delimiter, right]).toEqual([delimiter, accepts(() => compileFormat({ schema, dialect: { delimiter }, maxRecordSize: 100, encoding }))]);
    if (!right) wrong.push(delimiter);
  }
  expect(wrong.length).toBeGreaterThan(3);
});

test('a delimiter that the encoding has not is told', () => {
  expect(() => checkAgreement(schema, { delimiter: '→' }, { encoding: 'windows-1252' }))
    .toThrow('dialect.delimiter must be characters of windows-1252, which is the encoding, got "→"');
  expect(() => checkAgreement(schema, { delimiter: '→' }, { encoding: 'utf-16le' })).not.toThrow();
});
