import * as fc from 'fast-check';
import { formatOf, transformed } from './run-transform';
import { processRecords } from '../../../src/engine/process/process-records';
import { UserFunction } from '../../../src/engine/transform/module-transform';
import { Field } from '../../../src/spec/schema';
import { bytesSource, runChunked, runWhole } from '../support/engine-run';

const FIELDS: readonly Field[] = [{ name: 'id', type: 'integer' }, { name: 'text' }];
const FORMAT = formatOf(FIELDS);

/** What becomes of one record. */
async function one(userFunction: UserFunction, fields = FIELDS, values = '1,a', output?: readonly Field[]) {
  const { lines, rejects, result } = await transformed(`${fields.map(({ name }) => name).join(',')}\n${values}\n`, formatOf(fields, output), userFunction);
  return { published: lines[0], reject: rejects[0] && [rejects[0].column, rejects[0].message], filtered: result.recordsFiltered };
}

async function seen(field: Omit<Field, 'name'>, text: string): Promise<unknown> {
  let value: unknown;
  await one((record) => {
    value = record.value;
    return record;
  }, [{ name: 'value', ...field }, { name: 'other' }], `${text},x`);
  return value;
}

describe('what the function is given', () => {
  test.each<[Omit<Field, 'name'>, string, unknown]>([
    [{ type: 'string' }, '"say ""hé"""', 'say "hé"'],
    [{ type: 'string', missingValues: [] }, '""', ''],
    [{ type: 'string' }, '""', null],
    [{ type: 'string' }, '', null],
    [{ type: 'integer' }, '+007', 7],
    [{ type: 'integer' }, '9007199254740991', 9007199254740991],
    [{ type: 'integer' }, '9007199254740993', 9007199254740993n],
    [{ type: 'integer' }, '-9007199254740992', -9007199254740992n],
    [{ type: 'integer' }, '', null],
    [{ type: 'number' }, '0.1', 0.1],
    [{ type: 'number' }, '0.0000001', 1e-7],
    [{ type: 'number' }, '1e22', 1e22],
    [{ type: 'number' }, '0.12345678901234567890', '0.1234567890123456789'],
    [{ type: 'number' }, '9007199254740993', '9007199254740993'],
    [{ type: 'decimal', scale: 2 }, '1.5', '1.50'],
    [{ type: 'boolean', trueValues: ['yes'], falseValues: ['no'] }, 'no', false],
    [{ type: 'date', format: '%d.%m.%Y' }, '01.05.2024', '2024-05-01'],
    [{ type: 'datetime' }, '2024-05-01T10:00:00+02:00', '2024-05-01T08:00:00.000Z'],
  ])('%j %s is %p', async (field, text, expected) => {
    expect(await seen(field, text)).toBe(expected);
  });

  test('a plain object with the fields in the order of the schema', async () => {
    await one((record) => {
      expect(Object.keys(record)).toEqual(['id', 'text']);
      expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
      return null;
    });
    expect.assertions(2);
  });
});

describe('what the function returns', () => {
  test.each<[string, UserFunction, string]>([
    ['the record itself', (record) => record, '{"id":1,"text":"a"}'],
    ['a changed one', (record) => Object.assign(record, { text: 'b' }), '{"id":1,"text":"b"}'],
    ['a promise of a record', async (record) => ({ ...record, id: 2 }), '{"id":2,"text":"a"}'],
    ['its fields in another order', () => ({ text: 'b', id: 2 }), '{"id":2,"text":"b"}'],
    ['less fields', () => ({ text: 'b' }), '{"id":null,"text":"b"}'],
    ['undefined in a field', () => ({ id: undefined, text: 'b' }), '{"id":null,"text":"b"}'],
    ['a bigint', () => ({ id: 12345678901234567890n }), '{"id":12345678901234567890,"text":null}'],
    ['an integer as a string', () => ({ id: '12345678901234567890' }), '{"id":12345678901234567890,"text":null}'],
    ['an object without a prototype', () => Object.assign(Object.create(null), { id: 3 }), '{"id":3,"text":null}'],
  ])('%s is published', async (_, userFunction, published) => {
    expect(await one(userFunction)).toEqual({ published, reject: undefined, filtered: 0 });
  });

  test('null leaves the record out, and is counted', async () => {
    expect(await one(() => null)).toEqual({ published: undefined, reject: undefined, filtered: 1 });
  });

  test.each<[string, UserFunction, string | undefined, string]>([
    ['nothing', () => undefined, undefined, 'expected the transform to return a record (a plain object) or null, got nothing'],
    ['an array', () => [], undefined, 'expected the transform to return a record (a plain object) or null, got an array'],
    ['a number', () => 5, undefined, 'expected the transform to return a record (a plain object) or null, got a number'],
    ['an object of a class', () => new Date(0), undefined, 'expected the transform to return a record (a plain object) or null, got an object of class Date'],
    ['an unknown field', (record) => ({ ...record, note: 1 }), undefined,
      'what the transform returned is not valid: a record must have no keys but the fields of the schema, this one has "note"'],
    ['a wrong type', () => ({ id: 1.5 }), 'id', 'what the transform returned is not valid: expected an integer, got "1.5"'],
    ['NaN', () => ({ id: NaN }), 'id', 'what the transform returned is not valid: expected an integer, got "NaN"'],
    ['a number for a string', () => ({ text: 5 }), 'text', 'what the transform returned is not valid: expected a string, got a number'],
    ['a nested object', () => ({ text: {} }), 'text', 'what the transform returned is not valid: expected a string, got an object'],
    ['an array of what JSON has not', () => ({ text: [() => 1] }), 'text', 'what the transform returned is not valid: expected values of JSON, got a function'],
    ['a Date', () => ({ text: new Date(0) }), 'text', 'what the transform returned is not valid: expected a string, got a Date (expected its ISO text)'],
    ['half a surrogate pair', () => ({ text: '\ud800' }), 'text', expect.stringContaining('half a surrogate pair')],
  ])('%s is a reject', async (_, userFunction, column, message) => {
    expect(await one(userFunction)).toEqual({ published: undefined, reject: [column, message], filtered: 0 });
  });

  test.each<[string, UserFunction, string]>([
    ['an error', () => { throw new TypeError('no such thing'); }, 'no such thing'],
    ['an error without a message', () => { throw new RangeError(''); }, 'RangeError'],
    ['a rejected promise', async () => Promise.reject(new Error('later')), 'later'],
    ['a string', () => { throw 'words'; }, 'words'], // eslint-disable-line @typescript-eslint/only-throw-error
    ['undefined', () => { throw undefined; }, 'undefined'], // eslint-disable-line @typescript-eslint/only-throw-error
    ['an object without text', () => { throw Object.create(null); }, 'something was thrown that has no text'], // eslint-disable-line @typescript-eslint/only-throw-error
    ['a getter that throws', () => ({ get text() { throw new Error('got'); } }), 'got'],
    ['a long message', () => { throw new Error('x'.repeat(2000)); }, 'x'.repeat(1000) + '…'],
  ])('%s that is thrown is a reject with its message', async (_, userFunction, message) => {
    expect(await one(userFunction)).toMatchObject({ reject: [undefined, message] });
  });
});

describe('context.reject', () => {
  test.each<[string, UserFunction, unknown]>([
    ['refuses the record as a whole', (_, context) => context.reject('not good'), [undefined, 'not good']],
    ['blames a field', (_, context) => context.reject('not good', 'text'), ['text', 'not good']],
    ['holds, whatever is returned', (record, context) => { context.reject('not good'); return record; }, [undefined, 'not good']],
    ['holds, whatever is thrown', (_, context) => { context.reject('not good'); throw new Error('later'); }, [undefined, 'not good']],
    ['counts the first time', (_, context) => context.reject('first') ?? context.reject('second'), [undefined, 'first']],
    ['takes no column that is no field', (_, context) => context.reject('not good', 'txet'), [undefined, 'not good (column "txet", which is no field)']],
  ])('%s', async (_, userFunction, reject) => {
    expect(await one(userFunction)).toEqual({ published: undefined, reject, filtered: 0 });
  });

  test('its column may be one that the output no longer has', async () => {
    expect(await one((_, context) => context.reject('not good', 'text'), FIELDS, '1,a', [{ name: 'id' }])).toMatchObject({ reject: ['text', 'not good'] });
  });
});

describe('constraints', () => {
  const published = async (field: Omit<Field, 'name'>, text: string, returned?: unknown) => {
    const { published: line, reject } = await one((record) => returned === undefined ? record : { value: returned }, [{ name: 'value', ...field }], text);
    return line ?? reject[1];
  };

  test('hold for what comes back', async () => {
    expect(await published({ constraints: { maxLength: 3 } }, 'abc', 'abcd')).toContain('must have at most 3 characters (maxLength), got "abcd"');
    expect(await published({ type: 'integer', constraints: { minimum: 5 } }, '5', 4)).toContain('must be at least 5 (minimum), got "4"');
    expect(await published({ constraints: { required: true } }, 'abc', null)).toContain('expected a value, got none');
  });

  test.each<[Omit<Field, 'name'>, string, string]>([
    [{ type: 'date', format: '%d.%m.%Y', constraints: { minimum: '01.01.2024', pattern: '\\d\\d\\.\\d\\d\\.\\d{4}', enum: ['02.05.2024'] } }, '02.05.2024', '"2024-05-02"'],
    [{ type: 'number', decimalChar: ',', groupChar: '.', constraints: { maximum: '1.234,5', enum: ['1.234,5'] } }, '"1.234,5"', '1234.5'],
    [{ type: 'decimal', scale: 2, constraints: { maximum: '99.999' } }, '99.9', '"99.90"'],
    [{ type: 'number', bareNumber: false }, '$12.5', '12.5'],
    [{ type: 'boolean', trueValues: ['Y'], falseValues: ['N'], constraints: { enum: ['Y'] } }, 'Y', 'true'],
    [{ missingValues: ['NA'], constraints: { minLength: 2 } }, 'NA', 'null'],
    [{ missingValues: ['NA'], constraints: { minLength: 2 } }, '"NA"', 'null'],
    [{ type: 'datetime', timezone: 'Europe/Berlin', formats: ['%d.%m.%Y %H:%M'] }, '01.05.2024 10:00', '"2024-05-01T08:00:00.000Z"'],
    [{ type: 'number' }, '0.12345678901234567890', '0.1234567890123456789'],
    [{ type: 'time', format: '%H:%M', constraints: { minimum: '7:00' } }, '7:05', '"07:05:00"'],
    [{ type: 'year', constraints: { minimum: '0040' } }, '0044', '44'],
    [{ type: 'yearmonth' }, '2024-05', '"2024-05"'],
    [{ type: 'duration', constraints: { maximum: 'P1Y' } }, 'PT36H', '"PT36H"'],
    [{ type: 'object', constraints: { minLength: 2 } }, '"{""b"":1.50,""a"":[12345678901234567890]}"', '{"b":1.50,"a":[12345678901234567890]}'],
    [{ type: 'array', constraints: { maxLength: 2, pattern: '.+' } }, '"[1.0, null]"', '[1.0,null]'],
    [{ type: 'list', delimiter: ';', itemType: 'number', constraints: { minLength: 2 } }, '1.50;12345678901234567890', '[1.5,12345678901234567890]'],
    [{ type: 'geopoint', constraints: { enum: ['1.0, 2'] } }, '"1, 2"', '"1,2"'],
    [{ type: 'geopoint', format: 'object' }, '"{""lat"":2,""lon"":1}"', '{"lon":1,"lat":2}'],
    [{ type: 'geojson' }, '"{""type"":""Point"",""coordinates"":[1.0,2]}"', '{"type":"Point","coordinates":[1.0,2]}'],
    [{ type: 'any' }, '007', '"007"'],
  ])('%j: what came from %s goes through unchanged', async (field, text, literal) => {
    expect(await published(field, text)).toBe(`{"value":${literal}}`);
  });
});

test('with an output schema the published records have its columns, checked by its rules', async () => {
  const output: readonly Field[] = [{ name: 'total', type: 'decimal', scale: 2, constraints: { minimum: '0.01' } }, { name: 'id', type: 'string' }];
  expect(await one(({ id }) => ({ id: `#${String(id)}`, total: 1.5 }), FIELDS, '1,a', output)).toMatchObject({ published: '{"total":"1.50","id":"#1"}' });
  expect(await one(({ id }) => ({ id: `#${String(id)}`, total: 0 }), FIELDS, '1,a', output))
    .toMatchObject({ reject: ['total', 'what the transform returned is not valid: must be at least 0.01 (minimum), got "0"'] });
  expect(await one((record) => record, FIELDS, '1,a', output)).toMatchObject({ reject: [undefined, expect.stringContaining('this one has "text"')] });
});

test('keys are those of the published records', async () => {
  expect(formatOf([{ name: 'id', constraints: { unique: true } }, { name: 'text' }], [{ name: 'text' }, { name: 'key', constraints: { unique: true } }]).keys)
    .toEqual([expect.objectContaining({ indices: [1], column: 'key' })]);
});

const RECORDS = 5000;
const ROWS = Array.from({ length: RECORDS }, (_, index) => index % 7 === 0 ? `x${index},bad` : `${index},"text, ${index}"`);
const CSV = `id,text\n${ROWS.join('\n')}\n`;
const everyKind: UserFunction = async ({ id, text }, context) => {
  if (Number(id) % 5 === 0) return null;
  if (Number(id) % 11 === 0) throw new Error('eleven');
  if (Number(id) % 13 === 0) return context.reject('thirteen');
  return { id, text: `${String(text)}!` };
};

test('output and rejects keep the order of the file, and every record is written, rejected or filtered', async () => {
  const { lines, rejects, result } = await transformed(CSV, FORMAT, everyKind);
  const kept = [...ROWS.keys()].filter((index) => index % 7 !== 0);
  const isFiltered = (index: number) => index % 5 === 0;
  const isRejected = (index: number) => index % 11 === 0 || index % 13 === 0;
  expect(lines).toEqual(kept.filter((index) => !isFiltered(index) && !isRejected(index)).map((index) => `{"id":${index},"text":"text, ${index}!"}`));
  const refused = [...ROWS.keys()].filter((index) => index % 7 === 0 || (!isFiltered(index) && isRejected(index)));
  expect(rejects.map(({ line }) => line - 1)).toEqual(refused);
  expect(rejects.map(({ record }) => Buffer.from(record).toString())).toEqual(rejects.map(({ line }) => ROWS[line - 1]));
  expect(result).toMatchObject({
    recordsRead: RECORDS,
    recordsWritten: lines.length,
    recordsRejected: rejects.length,
    recordsFiltered: kept.filter(isFiltered).length,
    rejectsByCode: { type: Math.ceil(RECORDS / 7), transform: rejects.length - Math.ceil(RECORDS / 7) },
  });
  expect(result.recordsRead).toBe(result.recordsWritten + result.recordsRejected + result.recordsFiltered);
});

test('chunks do not show', async () => {
  const whole = await transformed(CSV, FORMAT, everyKind);
  await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 1, max: RECORDS - 1 }), { maxLength: 5 }), async (cuts) => {
    const lineStarts = [...new Set(cuts)].sort((a, b) => a - b).map((row) => CSV.indexOf(ROWS[row] + '\n'));
    const bounds = [0, ...lineStarts, CSV.length];
    const lines: string[] = [];
    const offsets: number[] = [];
    for (let index = 0; index + 1 < bounds.length; index++) {
      const chunk = await transformed(CSV, FORMAT, everyKind, { start: bounds[index], end: bounds[index + 1] });
      lines.push(...chunk.lines);
      offsets.push(...chunk.rejects.map(({ byteOffset }) => byteOffset));
    }
    expect(lines).toEqual(whole.lines);
    expect(offsets).toEqual(whole.rejects.map(({ byteOffset }) => byteOffset));
  }), { numRuns: 10 });
});

test('a transform that changes nothing publishes the same bytes as none', async () => {
  const { lines, rejects } = await transformed(CSV, FORMAT, (record) => record);
  const { output, rejects: untransformed } = await runWhole(bytesSource(CSV), FORMAT);
  expect(lines.map((line) => line + '\n').join('')).toBe(output);
  expect(rejects.map(({ byteOffset }) => byteOffset)).toEqual(untransformed.map(({ byteOffset }) => byteOffset));
  expect((await runChunked(bytesSource(CSV), FORMAT, 64 * 1024)).output).toBe(output);
});

test('no more records wait than a batch, however large the chunk', async () => {
  const csv = 'id,text\n' + Array.from({ length: 20_000 }, (_, index) => `${index},${'y'.repeat(900)}\n`).join('');
  const source = bytesSource(csv);
  const sizes: number[] = [];
  await processRecords(source, FORMAT, { start: 0, end: source.size }, { write: async () => undefined, rejects: async () => undefined }, {
    transform: {
      batchRecords: 1000,
      batchBytes: 100_000,
      apply: async (records) => {
        sizes.push(records.length);
        return records;
      },
    },
  });
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(20_000);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(100_000 / 1800 + 1);
});
