import { Lazy } from 'aws-cdk-lib';
import { CsvDialect, FieldType, TableSchema } from '../../src';

const TEXT = Lazy.string({ produce: () => 'amount' });
const NUMBER = Lazy.number({ produce: () => 2 });
const LIST = Lazy.list({ produce: () => ['amount'] });

const TOKENS: Record<string, () => unknown> = {
  'schema.fields[1].name': () => TableSchema.fromFields([{ name: 'id' }, { name: TEXT }]),
  'schema.fields[0].title': () => TableSchema.fromFields([{ name: 'id', title: `the ${TEXT}` }]),
  'schema.fields[0].aliases': () => TableSchema.fromFields([{ name: 'id', aliases: LIST }]),
  'schema.fields[0].scale': () => TableSchema.fromFields([{ name: 'id', type: FieldType.DECIMAL, scale: NUMBER }]),
  'schema.fields[0].constraints.minimum': () => TableSchema.fromFields([{ name: 'id', type: FieldType.DATE, constraints: { minimum: TEXT } }]),
  'schema.fields[0].constraints.enum[1]': () => TableSchema.fromFields([{ name: 'id', constraints: { enum: ['a', TEXT] } }]),
  'schema.missingValues': () => TableSchema.fromFields([{ name: 'id' }], { missingValues: LIST }),
  'schema.primaryKey': () => TableSchema.fromFields([{ name: 'id' }], { primaryKey: LIST }),
  'schema.uniqueKeys[0]': () => TableSchema.fromFields([{ name: 'id' }], { uniqueKeys: [LIST] }),
  'dialect.delimiter': () => CsvDialect.fromOptions({ delimiter: TEXT }),
  'dialect.headerRows[1]': () => CsvDialect.fromOptions({ headerRows: [1, NUMBER] }),
  'dialect.skipLines': () => CsvDialect.fromOptions({ skipLines: NUMBER }),
};

test.each(Object.entries(TOKENS))('a token as %s throws where it is given', (path, make) => {
  expect(make).toThrow(new Error(`${path} must be known at synth, got a token`));
});
