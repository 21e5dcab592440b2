import * as fc from 'fast-check';
import { compileFormat } from '../../../src/engine/format/format';
import { FileError } from '../../../src/engine/model/errors';
import { checkHead } from '../../../src/engine/records/head';
import { Dialect } from '../../../src/spec/dialect';
import { Field, FieldsMatchName, Schema } from '../../../src/spec/schema';
import { bytesSource } from '../support/engine-run';
import { runEveryWay, Settings } from '../support/every-way';

const fields: Field[] = [
  { name: 'id', type: 'integer', constraints: { required: true } },
  { name: 'name', aliases: ['Name', 'full name'] },
  { name: 'amount', type: 'decimal', scale: 2 },
];
const settings = (fieldsMatch: FieldsMatchName, more: Partial<Schema> = {}): Settings => ({ schema: { fields, fieldsMatch, ...more } });

async function refusal(header: string, given: Settings): Promise<string> {
  const format = compileFormat({ dialect: {}, maxRecordSize: 100_000, ...given });
  const error = await checkHead(bytesSource(`${header}\n`), format).then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof FileError) || error.code !== 'header_mismatch') throw new Error(`expected a header mismatch, got ${String(error)}`);
  return error.message;
}

const ANN = '{"id":1,"name":"Ann","amount":"2.50"}';

describe('columns that fit', () => {
  test.each<[string, Settings, string, string]>([
    ['exact: in the schema\'s order', settings('exact'), 'id,name,amount\n1,Ann,2.5\n', ANN],
    ['exact: by an alias', settings('exact'), 'id,full name,amount\n1,Ann,2.5\n', ANN],
    ['equal: in another order', settings('equal'), 'amount,id,name\n2.5,1,Ann\n', ANN],
    ['equal: in the schema\'s order', settings('equal'), 'id,name,amount\n1,Ann,2.5\n', ANN],
    ['a list of one, as the first profile had it', { schema: { fields, fieldsMatch: ['equal'] } }, 'amount,id,name\n2.5,1,Ann\n', ANN],
    ['subset: other columns are ignored', settings('subset'), 'x,name,y,id,amount,z\nq,Ann,"r,s",1,2.5,\n', ANN],
    ['subset: other columns may have no name, or one name', settings('subset'), 'note,name,note,id,amount,,\nq,Ann,"r,s",1,2.5,,\n', ANN],
    ['superset: a missing column is null', settings('superset'), 'name,id\nAnn,1\n', '{"id":1,"name":"Ann","amount":null}'],
    ['partial: both', settings('partial'), 'x,id\nq,1\n', '{"id":1,"name":null,"amount":null}'],
    ['headerCase false', settings('equal', { headerCase: false }), 'AMOUNT,Id,FULL NAME\n2.5,1,Ann\n', ANN],
    ['headerCase false, exact', settings('exact', { headerCase: false }), 'ID,NAME,Amount\n1,Ann,2.5\n', ANN],
    ['a quoted header', settings('equal'), '"amount","id","full name"\r\n"2.5",1,Ann\r\n', ANN],
    ['a header behind a byte order mark, comments and skipped lines', {
      ...settings('equal'), dialect: { delimiter: '||', commentChar: '#', skipLines: 2 },
    }, '\ufeffReport "of||\n\n#made\n\namount||id||name\n#x\n2.5||1||Ann\n', ANN],
  ])('%s', async (_, given, content, expected) => {
    const { lines, rejects } = await runEveryWay(content, given);
    expect({ lines, rejects }).toEqual({ lines: [expected], rejects: [] });
  });

  test('the head tells the names as the file has them', async () => {
    const format = compileFormat({ ...settings('subset'), dialect: {}, maxRecordSize: 100 });
    expect(await checkHead(bytesSource('amount,x,"full name",id\n1,2,3,4\n1,2,3,x\n'), format))
      .toEqual({ columns: ['amount', 'x', 'full name', 'id'], dataStart: 24, sampleRecords: 2, sampleRejected: 1, wholeRecords: 2, sampleBytes: 16, hasLongRecord: false });
    const headerless = compileFormat({ ...settings('exact'), dialect: { header: false }, maxRecordSize: 100 });
    expect((await checkHead(bytesSource('1,Ann,2\n'), headerless)).columns).toBeUndefined();
  });
});

describe('in any dialect', () => {
  test.each<[string, Dialect, string]>([
    ['TSV', { delimiter: '\t' }, 'amount\tx\tname\tid\n2.5\ta,b\t"An\tn"\t1\n'],
    ['a delimiter of several characters', { delimiter: '::' }, 'amount::x::name::id\n2.5:::a::"An\tn"::1\n'],
    ['a delimiter of several bytes', { delimiter: '→' }, 'amount→x→name→id\n2.5→"→"→An\tn→1\n'],
    ['comments', { commentChar: '%' }, '%amount\namount,x,name,id\n%1,2,3,4\n2.5,%,An\tn,1\n'],
    ['another quote', { quoteChar: "'" }, "'amount','x',name,id\n2.5,'a''\n,',An\tn,1\n"],
    ['no quotes', { quoteChar: null, delimiter: '|' }, 'amount|x|name|id\n2.5|"|An\tn|1\n'],
    ['escapes', { escapeChar: '\\', doubleQuote: false }, 'amo\\unt,x,name,id\n2.5,"\\",\n",An\\\tn,1\n'],
    ['blanks behind delimiters', { skipInitialSpace: true }, 'amount, x, name, id\n2.5,  a, An\tn, 1\n'],
    ['lone CR', { lineTerminator: '\r' }, 'amount,x,name,id\r2.5,,An\tn,1\r'],
    ['skipped lines', { skipLines: 1, commentChar: '#' }, 'amount,id,"\n#\namount,x,name,id\n2.5,,An\tn,1\n'],
  ])('%s', async (_, dialect, content) => {
    const { lines, rejects } = await runEveryWay(content, { ...settings('subset'), dialect });
    expect({ lines, rejects }).toEqual({ lines: ['{"id":1,"name":"An\\tn","amount":"2.50"}'], rejects: [] });
  });

  test.each<[string, Dialect, string]>([
    ['TSV', { delimiter: '\t' }, '1\tAnn\t2.5\n'],
    ['a delimiter of several characters', { delimiter: '||' }, '1||Ann||2.5\n'],
    ['comments and skipped lines', { commentChar: '#', skipLines: 1 }, 'id,name\n#\n1,Ann,2.5\n'],
  ])('%s without a header', async (_, dialect, content) => {
    expect((await runEveryWay(content, { ...settings('exact'), dialect: { ...dialect, header: false } })).lines).toEqual([ANN]);
  });
});

describe('columns that do not fit', () => {
  test.each<[string, Settings, string, string]>([
    ['exact: another order', settings('exact'), 'name,id,amount',
      'expected a header line with the fields id,name,amount; got name,id,amount: field 1 is "name" and should be "id"'],
    ['exact: a column too few', settings('exact'), 'id,name', 'got id,name: "amount" is missing'],
    ['exact: a column too many', settings('exact'), 'id,x,name,amount', 'got id,x,name,amount: field 2 is "x", which is none of them'],
    ['exact: as many columns, of which two have other names', settings('exact'), 'id,x,y',
      'got id,x,y: field 2 is "x" and should be "name"; field 3 is "y" and should be "amount"'],
    ['exact: too few, too many and in another order', settings('exact'), 'x,name,id,y',
      '"amount" is missing; field 1 is "x", which is none of them; field 4 is "y", which is none of them; field 3 is "id", which should come earlier'],
    ['exact: a column too many and one of another name', settings('exact'), 'id,x,amount,y',
      'got id,x,amount,y: field 2 is "x" and should be "name"; field 4 is "y", which is none of them'],
    ['exact: many of them', settings('exact'), 'id,name,amount,p,q,r,s,t,u', 'field 7 is "s", which is none of them; and 2 more'],
    ['equal: one too few and one too many', settings('equal'), 'amount,id,x', '"name" is missing; field 3 is "x", which is none of them'],
    ['equal: a column too few', settings('equal'), 'amount,id',
      'expected a header line with the fields id,name,amount in any order; got amount,id: "name" is missing'],
    ['equal: a column too many', settings('equal'), 'amount,id,x,name',
      'expected a header line with the fields id,name,amount in any order; got amount,id,x,name: field 3 is "x", which is none of them'],
    ['equal: another case', settings('equal'), 'amount,ID,name', 'got amount,ID,name: "id" is missing, which is required'],
    ['subset: a column too few', settings('subset'), 'x,id,name',
      'expected a header line with at least the fields id,name,amount in any order; got x,id,name: "amount" is missing'],
    ['superset: a required column is missing', settings('superset'), 'name,amount',
      'expected a header line with no fields but id,name,amount in any order; got name,amount: "id" is missing, which is required'],
    ['superset: a column too many', settings('superset'), 'id,x', 'got id,x: field 2 is "x", which is none of them'],
    ['partial: a required column is missing', settings('partial'), 'x,name',
      'expected a header line with at least one of the fields id,name,amount; got x,name: "id" is missing, which is required'],
    ['partial: none of them', settings('partial'), 'x,y', 'the first line names none of them: it has 2 fields'],
    ['partial: another delimiter', settings('partial'), 'x;y', 'the first line names none of them: it has one field (is the delimiter another one?)'],
    ['partial: none of them in its case', settings('partial'), 'ID,y', 'got ID,y: none of them is there in its letter case'],
  ])('%s', async (_, given, header, message) => {
    expect(await refusal(header, given)).toContain(message);
  });

  test('a primary key is required', async () => {
    expect(await refusal('name', { schema: { fields: [{ name: 'id' }, { name: 'name' }], fieldsMatch: 'superset', primaryKey: ['id'] } }))
      .toContain('got name: "id" is missing, which is required');
  });

  test.each<[string, Settings, string, string]>([
    ['exact', settings('exact'), 'id,name,id', 'got id,name,id: fields 1 and 3 are both "id"'],
    ['equal', settings('equal'), 'amount,id,name,amount', 'got amount,id,name,amount: fields 1 and 4 are both "amount"'],
    ['a column that is no field, where none is allowed', settings('superset'), 'id,x,name,x,amount', 'fields 2 and 4 are both "x"'],
    ['columns without a name, where none is allowed', settings('exact'), 'id,name,amount,,', 'fields 4 and 5 are both ""'],
    ['a field among columns that are none', settings('subset'), 'x,id,name,amount,,x,id', 'fields 2 and 7 are both "id"'],
    ['a field by two names among columns that are none', settings('partial'), 'x,name,x,full name', 'fields 2 ("name") and 4 ("full name") are two names of one field'],
    ['a name and its alias', settings('equal'), 'id,name,full name,amount', 'fields 2 ("name") and 3 ("full name") are two names of one field'],
    ['another case', settings('equal', { headerCase: false }), 'X,id,name,amount,x', 'fields 1 ("X") and 5 ("x") are two names of one column'],
  ])('duplicates are told by both positions: %s', async (_, given, header, message) => {
    expect(await refusal(header, given)).toContain(message);
  });

  describe.each<FieldsMatchName>(['exact', 'equal', 'subset', 'superset', 'partial'])('in a line of which no name is known, under %s', (fieldsMatch) => {
    const given = (count: number): Settings => ({ schema: { fields: [{ name: 'a' }, { name: 'b' }, { name: 'c' }].slice(0, count), fieldsMatch } });

    test.each([1, 2, 3])('duplicates are told by both positions, and not repeated, with %d fields', async (count) => {
      const told = await refusal('secret,x,secret', given(count));
      const same = ['subset', 'partial'].includes(fieldsMatch) ? '' : ' (fields 1 and 3 are the same name)';
      expect(told).toContain(`the first line names none of them: it has 3 fields${same}, and is either`);
      expect(told).not.toContain('secret');
    });

    test('both things that it may be are told', async () => {
      expect(await refusal('x,y', given(2))).toMatch(/: it has 2 fields, and is either a record \(then declare header false\) or a header of other names \(then declare them as aliases\)$/);
    });
  });

  test('another case is another name where case matters', async () => {
    const { lines } = await runEveryWay('id,ID,x,X\n1,2,3,4\n', { schema: { fields: [{ name: 'id' }, { name: 'ID' }], fieldsMatch: 'subset' } });
    expect(lines).toEqual(['{"id":"1","ID":"2"}']);
  });

  test('duplicates beside a name of the schema are named, also where the line would do as a record', async () => {
    const told = await refusal('a,x,x', { schema: { fields: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] } });
    expect(told).toContain('; fields 2 and 3 are both "x"');
  });

  /** All of these would do as a record. */
  test.each([
    ['secret,c', 'the first line names none of them: it has 2 fields, and is either a record'],
    ['a,secret', 'field 2 of the first line is not "b"'],
    ['b,b', 'got b,b: fields 1 and 2 are both "b"'],
    // Names of the schema are no secret, in whatever order or case they stand.
    ['b,a', 'got b,a: field 1 is "b" and should be "a"'],
    ['a, B', 'got a, B: field 2 is " B" and should be "b"'],
  ])('what may be data is not repeated: %s', async (header, message) => {
    const told = await refusal(header, { schema: { fields: [{ name: 'a' }, { name: 'b' }] } });
    expect(told).toContain(message);
    expect(told).not.toContain('secret');
  });

  test.each([
    ['Booking\u00a0Date', 'got Booking\\u00a0Date: field 1 is "Booking\\u00a0Date" and should be "Booking Date"'],
    ['\ufeff\ufeffBooking Date', 'got \\ufeffBooking Date: field 1 is "\\ufeffBooking Date" and should be "Booking Date"'],
    ['Book\u200bing Date', 'field 1 is "Book\\u200bing Date" and should be'],
    ['"Booking Date\r"', 'field 1 is "Booking Date\\r" and should be'],
    ['booking\u2003date', 'field 1 is "booking\\u2003date" and should be'],
  ])('what cannot be seen is told: %j', async (header, message) => {
    expect(await refusal(header, { schema: { fields: [{ name: 'Booking Date' }] } })).toContain(message);
  });

  test('a message stays short whatever came', async () => {
    expect((await refusal(`id,${'x'.repeat(50_000)},${'y,'.repeat(20_000)}`, settings('equal'))).length).toBeLessThan(1500);
  });
});

describe('records', () => {
  test('have as many fields as the file has columns', async () => {
    const { lines, rejects } = await runEveryWay('x,id\na,1\na\nb,2,c\n', settings('partial'));
    expect(lines).toHaveLength(1);
    expect(rejects).toEqual([
      ['field_count: a record must have 2 fields, this one has 1', 'a'],
      ['field_count: a record must have 2 fields, this one has 3', 'b,2,c'],
    ]);
  });

  test('the first fault in the file\'s column order counts, under the field\'s name', async () => {
    const { rejects } = await runEveryWay('amount,full name,id\nx,y,z\n1,y,z\n', settings('equal'));
    expect(rejects).toEqual([
      ['type amount: expected a decimal with at most 2 digits after the point, got "x"', 'x,y,z'],
      ['type id: expected an integer, got "z"', '1,y,z'],
    ]);
  });

  test('the text of an ignored column is not looked at, but its quotes and bytes are', async () => {
    const content = Buffer.from('x,id\n"a"b,1\n\xff,2\n"say ""hi""\n",3\n', 'latin1');
    const { lines, rejects } = await runEveryWay(content, settings('partial'));
    expect(lines).toEqual(['{"id":3,"name":null,"amount":null}']);
    expect(rejects).toEqual([
      ['quote: a closing quote must be followed by a delimiter or a line end, there is other text', '"a"b,1'],
      ['encoding: a field must be valid UTF-8, this one has other bytes', '\xff,2'],
    ]);
  });
});

describe('the rescue column', () => {
  const rescue = settings('partial', { rescueColumn: 'rest', missingValues: ['', 'NA'], quotedMissingValues: false });

  test('takes the texts of the other columns by their names, in the file\'s order', async () => {
    const { lines } = await runEveryWay('b,id,"a ""q"""\n"x,1",1,007\nNA,2,"NA"\n,3,é😀\n', rescue);
    expect(lines).toEqual([
      '{"id":1,"name":null,"amount":null,"rest":{"b":"x,1","a \\"q\\"":"007"}}',
      '{"id":2,"name":null,"amount":null,"rest":{"b":null,"a \\"q\\"":"NA"}}',
      '{"id":3,"name":null,"amount":null,"rest":{"b":null,"a \\"q\\"":"é😀"}}',
    ]);
  });

  test('is null where the file has no other column', async () => {
    expect((await runEveryWay('id,name,amount\n1,Ann,2.5\n', rescue)).lines).toEqual([`${ANN.slice(0, -1)},"rest":null}`]);
  });

  test('any name may be its key', async () => {
    expect((await runEveryWay('__proto__,id\nx,1\n', rescue)).lines).toEqual(['{"id":1,"name":null,"amount":null,"rest":{"__proto__":"x"}}']);
  });

  test.each<[string, string, string, string]>([
    ['a name that comes again is numbered', 'note,id,note,note', 'a,1,b,c', '{"note":"a","note_2":"b","note_3":"c"}'],
    ['a column without a name is called by its place', 'id,a,,', '1,x,y,z', '{"a":"x","column_3":"y","column_4":"z"}'],
    ['a name of blanks is none', 'id, ,"\u00a0"', '1,y,z', '{"column_2":"y","column_3":"z"}'],
    ['no number is that of another column', 'note,id,note,note_2,note', 'a,1,b,c,d', '{"note":"a","note_3":"b","note_2":"c","note_4":"d"}'],
    ['no place is the name of another column', ',id,column_1,', 'a,1,b,c', '{"column_1_2":"a","column_1":"b","column_4":"c"}'],
    ['a number is not that of a field of the file', 'name,note,id,note', 'Ann,a,1,b', '{"note":"a","note_2":"b"}'],
    ['letter case makes two names', 'X,id,x,x', 'a,1,b,c', '{"X":"a","x":"b","x_2":"c"}'],
  ])('%s', async (_, header, record, rest) => {
    for (const fieldsMatch of ['subset', 'partial'] as const) {
      const schema = { fields: [{ name: 'id' }], fieldsMatch, rescueColumn: 'rest', headerCase: true };
      const { lines, rejects } = await runEveryWay(`${header}\n${record}\n`, { schema });
      expect(rejects).toEqual([]);
      // The columns of fields are none of it.
      const expected = header.startsWith('name') ? `{"name":"Ann",${rest.slice(1)}` : rest;
      expect(lines).toEqual([`{"id":"1","rest":${expected}}`]);
    }
  });

  test('every key is there once, whatever the header is', async () => {
    const name = fc.constantFrom('', ' ', 'a', 'a_2', 'a_3', 'column_1', 'column_2', 'column_2_2', 'A');
    await fc.assert(fc.asyncProperty(fc.array(name, { maxLength: 8 }), fc.boolean(), async (names, headerCase) => {
      const row = names.map((_, index) => `v${index}`);
      const { lines } = await runEveryWay(`id,${names.join(',')}\n1,${row.join(',')}\n`, { schema: { fields: [{ name: 'id' }], fieldsMatch: 'subset', rescueColumn: 'rest', headerCase } });
      const { rest } = JSON.parse(lines[0]) as { rest: Record<string, string> | null };
      expect(Object.values(rest ?? {}).filter((value) => value !== null)).toEqual(row);
    }), { numRuns: 100 });
  });
});

test('the order of the columns does not change the output', async () => {
  const value = fc.tuple(fc.integer(), fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', 'é', ' ') }), fc.constantFrom('', '1', '2.5', '3.999'));
  const orders = fc.shuffledSubarray([0, 1, 2], { minLength: 3 });
  await fc.assert(fc.asyncProperty(fc.array(value, { maxLength: 8 }), orders, async (records, order) => {
    const write = (columns: readonly number[]) => [fields.map(({ name }) => name), ...records]
      .map((record) => columns.map((column) => column === 1 ? `"${String(record[column]).replaceAll('"', '""')}"` : record[column]).join(',') + '\n').join('');
    const inOrder = await runEveryWay(write([0, 1, 2]), settings('equal'));
    const shuffled = await runEveryWay(write(order), settings('equal'));
    expect(shuffled.lines).toEqual(inOrder.lines);
    expect(shuffled.rejects.map(([told]) => told)).toEqual(inOrder.rejects.map(([told]) => told));
    expect(inOrder.counts.recordsRead).toBe(records.length);
  }), { numRuns: 100 });
}, 60_000);

test('a file of one column must have one field, not fields', async () => {
  const { rejects } = await runEveryWay('a\n1,2\n', { schema: { fields: [{ name: 'a' }] } });
  expect(rejects).toEqual([['field_count: a record must have 1 field, this one has 2', '1,2']]);
});
