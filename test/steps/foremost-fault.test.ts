import { createdEvent, World } from './support/world';
import { Dialect } from '../../src/spec/dialect';
import { Field, Schema } from '../../src/spec/schema';
import { Faults } from '../../src/steps/foremost-fault';

/** Why a file of fields `a`, `b` is refused, in small chunks. */
async function messageOf(content: string | Buffer, { a = {}, dialect = {} }: { a?: Omit<Field, 'name'>; dialect?: Dialect } = {}) {
  const schema: Schema = { fields: [{ ...a, name: 'a' }, { name: 'b' }] };
  const messages = [];
  for (const chunkSizeBytes of [8, 1000]) {
    const world = new World('Enabled', { schema, dialect, chunkSizeBytes });
    const ended = await world.execute(createdEvent(world.land('incoming/a.csv', Buffer.from(content))));
    expect(ended).toMatchObject({ status: 'FAILED', errorCode: 'too_many_rejects' });
    messages.push((await world.job(ended.fileId)).error_message!.replaceAll(ended.fileId!, 'ID'));
  }
  expect(messages[0]).toBe(messages[1]);
  return messages[0];
}

test('the message names the fault that is most frequent, its first record and where all of them are', async () => {
  expect(await messageOf('a,b\n1,x\nx,y\n2\n3,z\n"y",\nz,\n', { a: { type: 'integer' } })).toBe(
    'expected at most 0 rejected records, got 4 of 6; most often (3) type in "a", first on line 3: expected an integer, got "x". All of them are in quarantine/file_id=ID/rejected.csv');
  expect(await messageOf('a,b\n1,x\n2\n3\n')).toContain('most often (2) field_count, first on line 3: a record must have 2 fields, this one has 1. All');
});

test.each<[string, string | Buffer, Parameters<typeof messageOf>[1], string]>([
  ['a decimal comma', 'a,b\n"1,5",x\n"2,25",y\n', { a: { type: 'number' } }, 'all are numbers with decimalChar ",": declare that of the field'],
  ['groups of digits', 'a,b\n"1,500",x\n"2,250,000.5",y\n', { a: { type: 'number' } }, 'all are numbers with groupChar ","'],
  ['both', 'a;b\n1.500,25;x\n2.000,00;y\n', { a: { type: 'decimal', scale: 2 }, dialect: { delimiter: ';' } }, 'all are numbers with decimalChar "," and groupChar "."'],
  ['groups that look like blanks', 'a,b\n1\u00a0500,x\n', { a: { type: 'number' } }, 'all are numbers with groupChar "\\u00a0"'],
  ['groups in an integer', 'a;b\n1 500;x\n', { a: { type: 'integer' }, dialect: { delimiter: ';' } }, 'all are numbers with groupChar " "'],
  ['a currency', 'a,b\n$5,x\n6 EUR,y\n', { a: { type: 'number' } }, 'all are numbers with bareNumber false'],
  ['a minus behind the number', 'a,b\n5.00-,x\n6-,y\n', { a: { type: 'number' } }, 'all are numbers with negativeNotations ["trailingMinus"]'],
  ['German dates', 'a,b\n31.12.2024,x\n01.02.2024,y\n', { a: { type: 'date' } }, 'all fit the format "%d.%m.%Y": declare it of the field'],
  ['dates that are ambiguous', 'a,b\n01/02/2024,x\n', { a: { type: 'date' } }, 'all fit the format "%d/%m/%Y" (or "%m/%d/%Y": the values do not tell)'],
  ['times', 'a,b\n12/31/2024 11:59:00 PM,x\n', { a: { type: 'datetime' } }, 'all fit the format "%m/%d/%Y %I:%M:%S %p"'],
  ['words for nothing', 'a,b\nNULL,x\nN/A,y\n', { a: { type: 'integer' } }, 'the values say that there is none: declare "NULL", "N/A" as missingValues'],
  ['a backslash before quotes', 'a,b\n"say \\"hi\\" now",x\n', {}, 'quotes stand behind a backslash: declare escapeChar "\\" in the dialect'],
  ['other words', 'a,b\nY,x\nN,y\n', { a: { type: 'boolean' } }, 'the words are "Y", "N": declare them as trueValues and falseValues of the field'],
  ['Windows-1252', Buffer.from('a,b\nZo\xeb,x\nJos\xe9,y\n', 'latin1'), {}, 'all bytes are characters of Windows-1252: if the sender writes that, declare encoding windows-1252'],
  ['a delimiter at the end', 'a,b\n1,2,\n3,4,\n', {}, 'each has a delimiter behind its last field: declare trailingDelimiter true in the dialect'],
  ['empty fields at the end', 'a,b\n1,2,,\n3,4,,\n', {}, 'what is too much is empty: allowLongRecords true in the dialect reads that'],
  ['another delimiter', '1;2\n3;4\n', { dialect: { header: false } }, 'the delimiter is ";": declare it in the dialect'],
  ['CR below a header that ends with LF', 'a,b\n1,2\r3,4\r', {}, 'CR stands where records may end: declare lineTerminator "\\r" in the dialect'],
  ['quotes within quotes', 'a,b\n"say "hi" now",x\n', {}, 'quotes stand within quoted fields without being doubled: lazyQuotes true in the dialect reads that'],
])('where every record fails for one reason, the message says the likely cause: %s', async (_, content, settings, cause) => {
  expect(await messageOf(content, settings)).toContain(`. The likely cause: ${cause}`);
});

test.each<[string, string, Parameters<typeof messageOf>[1], string]>([
  ['a minus behind the number', 'a,b\n5.00-,x\n6,y\n', { a: { type: 'number' } }, 'all are numbers with negativeNotations ["trailingMinus"]: declare that of the field'],
  ['parentheses', 'a;b\n5;x\n6;y\n(1.500,00);z\n', { a: { type: 'decimal', decimalChar: ',', groupChar: '.' }, dialect: { delimiter: ';' } },
    'all are numbers with negativeNotations ["parentheses"]'],
  ['triangles beside dashes', 'a,b\n5,x\n–6,y\n▲7,z\n', { a: { type: 'integer', negativeNotations: ['dashes'] } }, 'all are numbers with negativeNotations ["dashes","triangles"]'],
  ['debit and credit', 'a,b\n5,x\n6 CR,y\n7 DR,z\n', { a: { type: 'number' } },
    'all are numbers with negativeNotations ["debit"] (or "credit": it depends on whose account it is): declare that of the field'],
  ['groups of digits that only large numbers have', 'a,b\n5,x\n6,y\n1\u202f500,z\n', { a: { type: 'number' } }, 'all are numbers with groupChar "\\u202f"'],
  ['Ctrl-Z', 'a,b\n1,x\n\x1a', {}, 'it is Ctrl-Z alone: declare ctrlZ true in the dialect'],
])('where some records fail, a cause that would change no other record is told: %s', async (_, content, settings, cause) => {
  expect(await messageOf(content, settings)).toContain(`. The likely cause: ${cause}`);
});

test.each<[string, Buffer, string | undefined]>([
  ['Japanese', Buffer.from('a,b\n\x93\xfa\x96{,x\n\x93\x8c\x8b\x9e,y\n', 'latin1'), 'the bytes fit the encoding shift_jis'],
  ['German', Buffer.from('a,b\nM\xfcller,x\nStra\xdfe,y\n', 'latin1'), 'all bytes are characters of Windows-1252'],
  ['neither', Buffer.from('a,b\n\x81 \xff,x\n', 'latin1'), undefined],
])('bytes that are no UTF-8 are told by what they may be: %s', async (_, content, cause) => {
  const message = await messageOf(content);
  if (cause === undefined) expect(message).not.toContain('likely cause');
  else expect(message).toContain(`The likely cause: ${cause}`);
});

test('the message stays short, and the records that are kept few, whatever the values are', async () => {
  expect((await messageOf(`a,b\n${'x'.repeat(500_000)},2\n`, { a: { type: 'boolean' } })).length).toBeLessThan(1000);
  const faults = new Faults();
  const row = (column: string, recordSize: number) => ({ code: 'type', column, message: '', recordSize, record: () => Buffer.alloc(recordSize) });
  for (let line = 0; line < 2000; line++) faults.add(row(`c${line % 100}`, 60_000), line);
  faults.add(row('large', 70_000), 0);
  expect(faults.keptBytes).toBeLessThanOrEqual(4 * 1024 * 1024);
});

test.each<[string, string, Parameters<typeof messageOf>[1]]>([
  ['some records are right', 'a,b\n1,x\n"1,5",y\n2,z\n', { a: { type: 'number' } }],
  ['no notation reads all', 'a,b\n"1,5",x\nabc,y\n', { a: { type: 'number' } }],
  ['Ctrl-Z stands before the end', 'a,b\n1,x\n\x1a\n', { dialect: { ctrlZ: true } }],
  ['nothing is known about such a fault', 'a,b\n,x\n', { a: { constraints: { required: true } } }],
])('no cause is named where %s', async (_, content, settings) => {
  expect(await messageOf(content, settings)).not.toContain('likely cause');
});

test('names that would be formulas are told as they are, where the output is safe from them too', async () => {
  const schema: Schema = { fields: [{ name: '=a', type: 'integer' }, { name: 'b' }] };
  const world = new World('Enabled', { schema, output: { format: 'csv', formulaSafe: true } });
  const { fileId } = await world.execute(createdEvent(world.land('incoming/a.csv', Buffer.from('=a,b\n=1,x\n(2),y\n'))));
  expect((await world.job(fileId)).error_message).toContain('most often (2) type in "=a", first on line 2: expected an integer, got "=1"');
});

test('of a record that is too large no more is read than is kept', async () => {
  const world = new World('Enabled', { schema: { fields: [{ name: 'a' }] }, chunkSizeBytes: 10_000_000 });
  const toString = jest.spyOn(Buffer.prototype, 'toString');
  const { fileId } = await world.execute(createdEvent(world.land('incoming/a.csv', Buffer.from(`a\n${'"'.repeat(4_000_000)}`))));
  const longest = Math.max(...toString.mock.results.map(({ value }) => (value as string).length));
  toString.mockRestore();
  expect((await world.job(fileId)).error_message).toContain('most often (1) record_size');
  expect(longest).toBeLessThan(1_100_000);
});
