import { compileFormat } from '../../src/engine/format/format';
import { AnswerReader } from '../../src/engine/transform/answer-reader';
import { Invoke } from '../../src/ports/user-code';
import { Field } from '../../src/spec/schema';
import { FunctionTransform, MAX_REQUEST_BYTES } from '../../src/steps/transform-function';

const FIELDS: readonly Field[] = [{ name: 'id', type: 'integer' }, { name: 'text' }];

type Answer = (request: { records: Array<Record<string, unknown>> }) => unknown;

interface Calls {
  readonly requests: string[];
  inFlight: number;
  mostInFlight: number;
}

/** A function that answers as told, like Lambda's runtime: JSON in, JSON out. */
function transformOf(answer: Answer, options?: { batchSize?: number; fields?: readonly Field[] }) {
  const run = (request: string) => JSON.stringify(answer(JSON.parse(request) as Parameters<Answer>[0]));
  return invoking(async (request) => ({ hasFailed: false, answer: run(request) }), options);
}

function invoking(answer: Invoke, { batchSize = 100, fields = FIELDS }: { batchSize?: number; fields?: readonly Field[] } = {}) {
  const calls: Calls = { requests: [], inFlight: 0, mostInFlight: 0 };
  const { recordColumns, settings, outputSchema } = compileFormat({ schema: { fields }, dialect: {}, maxRecordSize: 1024 });
  const invoke: Invoke = async (request) => {
    calls.requests.push(request);
    calls.mostInFlight = Math.max(calls.mostInFlight, ++calls.inFlight);
    await new Promise((resolve) => { setTimeout(resolve, (7 * calls.requests.length) % 5); });
    calls.inFlight--;
    return answer(request);
  };
  return { calls, transform: new FunctionTransform(invoke, recordColumns, new AnswerReader(settings.schema, outputSchema), batchSize) };
}

const records = (count: number, text = '"a"') => Array.from({ length: count }, (_, index) => [String(index), text]);
const failed = (errorType: string, errorMessage: string) => async () => ({ hasFailed: true, answer: JSON.stringify({ errorType, errorMessage }) });

test('sends the records of a batch as JSON objects, in the order of the schema', async () => {
  const { calls, transform } = transformOf(({ records: given }) => ({ records: given }));
  await transform.apply([['1', '"é, \\"q\\""'], ['null', 'null']]);
  expect(calls.requests).toEqual(['{"records":[{"id":1,"text":"é, \\"q\\""},{"id":null,"text":null}]}']);
});

test('numbers that a double would change go as strings, and come back digit for digit', async () => {
  const fields: readonly Field[] = [{ name: 'id', type: 'integer' }, { name: 'ratio', type: 'number' }];
  const { calls, transform } = transformOf(({ records: given }) => ({ records: given }), { fields });
  const sent = [['9007199254740993', '0.12345678901234567'], ['9007199254740991', '0.1']];
  expect(await transform.apply(sent)).toEqual(sent);
  expect(calls.requests).toEqual(['{"records":[{"id":"9007199254740993","ratio":"0.12345678901234567"},{"id":9007199254740991,"ratio":0.1}]}']);
});

test('numbers of an answer never pass through a double', async () => {
  const { transform } = invoking(async () => ({ hasFailed: false, answer: '{"records": [ {"id": 12345678901234567891} ]}' }));
  expect(await transform.apply(records(1))).toEqual([['12345678901234567891', 'null']]);
});

test('answers stand for their records, whichever call is the first to end, and no more calls than four run at a time', async () => {
  const { calls, transform } = transformOf(({ records: given }) => ({
    records: given.map(({ id }) => Number(id) % 3 === 0 ? null : Number(id) % 5 === 0 ? { $reject: `no ${String(id)}`, column: 'id' } : { id, text: `t${String(id)}` }),
  }), { batchSize: 10 });
  const answers = await transform.apply(records(95));
  expect(answers).toEqual(records(95).map(([id]) => (
    Number(id) % 3 === 0 ? null : Number(id) % 5 === 0 ? { message: `no ${id}`, column: 'id' } : [id, `"t${id}"`]
  )));
  expect(calls.requests).toHaveLength(10);
  expect(calls.mostInFlight).toBe(4);
});

test('a call takes 3 MiB at most', async () => {
  const { calls, transform } = transformOf(({ records: given }) => ({ records: given.map(() => null) }), { batchSize: 10_000 });
  await transform.apply(records(1000, `"${'é'.repeat(5000)}"`));
  expect(calls.requests).toHaveLength(4);
  for (const request of calls.requests) expect(Buffer.byteLength(request)).toBeLessThanOrEqual(MAX_REQUEST_BYTES + 20);
});

test('a record that is larger than that is a reject, and the others are sent', async () => {
  const { calls, transform } = transformOf(({ records: given }) => ({ records: given.map(() => null) }));
  const answers = await transform.apply([['1', '"a"'], ['2', `"${'x'.repeat(MAX_REQUEST_BYTES)}"`], ['3', '"a"']]);
  expect(answers).toEqual([
    null,
    { message: 'a record must have at most 3145728 bytes as JSON to be sent to the transform function, this one has 3145746' },
    null,
  ]);
  expect(calls.requests).toHaveLength(1);
});

test.each<[string, unknown, object]>([
  ['an unknown field', { id: 1, note: 'x' }, { message: expect.stringContaining('this one has "note"') }],
  ['a wrong type', { id: 'x' }, { column: 'id', message: 'what the transform returned is not valid: expected an integer, got "x"' }],
  ['a number', 5, { message: 'expected the transform function to answer with an object or null for each record, got a number' }],
  ['a reject with a field that is none', { $reject: 'no', column: 'other' }, { message: 'no (column "other", which is no field)' }],
  ['a reject that is an object', { $reject: { why: 1 } }, { message: 'expected the transform function to give a text as $reject, got {"why":1}' }],
  ['a reject that is a number', { $reject: 5, column: 'id' }, { message: 'expected the transform function to give a text as $reject, got 5' }],
  ['a reject that is null', { $reject: null }, { message: 'expected the transform function to give a text as $reject, got null' }],
])('of a batch only the record with %s is a reject', async (_, element, reject) => {
  const { transform } = transformOf(() => ({ records: [{ id: 7 }, element, null] }));
  expect(await transform.apply(records(3))).toEqual([['7', 'null'], reject, null]);
});

describe('a call fails, so that it is tried again,', () => {
  test.each<[string, unknown, string]>([
    ['no object', [], 'expected the transform function to answer {"records": [ … ]}, got an array'],
    ['null', null, 'expected the transform function to answer {"records": [ … ]}, got null'],
    ['no records', { statusCode: 200 }, 'expected the transform function to answer {"records": [ … ]}, got an object with the keys ["statusCode"]'],
    ['too few records', { records: [null] }, 'expected the transform function to answer with one element for each of 2 records, got 1'],
    ['too many records', { records: [null, null, null] }, 'expected the transform function to answer with one element for each of 2 records, got 3'],
  ])('when the answer has %s', async (_, answer, message) => {
    await expect(transformOf(() => answer).transform.apply(records(2))).rejects.toThrow(message);
  });

  test('when the function has failed', async () => {
    const { transform } = invoking(failed('KeyError', "'amount'"));
    await expect(transform.apply(records(2))).rejects.toThrow("the transform function has failed with KeyError: 'amount'");
  });

  test('when it cannot be called; the other calls have ended by then', async () => {
    let called = 0;
    const { calls, transform } = invoking(async () => {
      if (++called === 2) throw new Error('TooManyRequestsException');
      return { hasFailed: false, answer: '{"records":[null]}' };
    }, { batchSize: 1 });
    await expect(transform.apply(records(20))).rejects.toThrow('TooManyRequestsException');
    expect(calls.inFlight).toBe(0);
    expect(calls.requests.length).toBeLessThan(20);
  });
});

describe('an answer that is too large for Lambda', () => {
  const MOST = 3;
  const limited: Invoke = async (request) => {
    const { records: given } = JSON.parse(request) as { records: Array<{ id: number }> };
    if (given.length > MOST || given.some(({ id }) => id === 13)) return failed('Function.ResponseSizeTooLarge', 'Response payload size exceeded')();
    return { hasFailed: false, answer: JSON.stringify({ records: given.map(({ id }) => ({ id, text: 'ok' })) }) };
  };

  test('is asked for in halves, and a record that is alone too large is a reject', async () => {
    const { transform } = invoking(limited);
    expect(await transform.apply(records(20))).toEqual(records(20).map(([id]) => (
      id === '13' ? { message: "the transform function's answer to this record is too large: Response payload size exceeded" } : [id, '"ok"']
    )));
  });
});
