import { compileFormat } from '../../../src/engine/format/format';
import { checkHead } from '../../../src/engine/records/head';
import { Dialect } from '../../../src/spec/dialect';
import { Schema } from '../../../src/spec/schema';
import { bytesSource } from '../support/engine-run';

async function messageOf(content: string | Buffer, dialect: Dialect = {}, schema: Partial<Schema> = {}): Promise<string> {
  const fields = [{ name: 'Id' }, { name: 'Größe' }, { name: 'note', constraints: { required: true } }];
  const format = compileFormat({ schema: { fields, ...schema }, dialect, maxRecordSize: 1000 });
  return checkHead(bytesSource(content), format).then(() => 'no fault', (error: Error) => error.message);
}

test.each<[string, string | Buffer, Dialect, string]>([
  ['another delimiter', 'Id;Größe;note\n1;2;3\n', {}, 'with the delimiter ";" line 1 is a header that fits: declare delimiter ";" in the dialect'],
  ['tabs', 'Id\tGröße\tnote\n', {}, 'with the delimiter "\\t" line 1 is a header that fits: declare delimiter "\\t" in the dialect'],
  ['a preamble', 'Report\n\nof, today\nId,Größe,note\n1,2,3\n', {}, 'line 4 is a header that fits: declare skipLines 3 in the dialect, or headerSearchLines where the number of lines before it varies'],
  ['a preamble behind skipped lines', 'x\nReport\nId,Größe,note\n', { skipLines: 1 }, 'line 2 is a header that fits: declare skipLines 2'],
  ['a preamble with a quote', 'the "report\n"of\nId,Größe,note\n1,2,3\n', {}, 'line 3 is a header that fits'],
  ['both', 'Report\r\nId;Größe;note\r\n', {}, 'with the delimiter ";" line 2 is a header that fits: declare delimiter ";" and skipLines 1'],
  ['letter case', 'ID,größe,NOTE\n', {}, 'the names differ in letter case alone: declare headerCase false in the schema'],
  ['another order', 'note,Id,Größe\n', {}, 'the columns are there in another order: declare fieldsMatch "equal" in the schema'],
  ['more columns', 'Id,x,Größe,note,y\n', {}, 'all fields are there, beside other columns: declare fieldsMatch "subset" in the schema'],
  ['Windows-1252', Buffer.from('Id,Größe,note\n1,2,3\n', 'latin1'), {}, 'in Windows-1252 the header fits: declare encoding windows-1252'],
])('a header that does not fit is told with what to declare: %s', async (_, content, dialect, cause) => {
  expect(await messageOf(content, dialect)).toContain(`. The likely cause: ${cause}`);
});

test.each(['a,b,c\n1,2,3\n', 'Id,Größe\n', '1,2,3\n'])('nothing is guessed where no line is a header that fits: %j', async (content) => {
  expect(await messageOf(content)).not.toContain('likely cause');
});
